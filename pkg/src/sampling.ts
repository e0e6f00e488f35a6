/** An extension that keeps events of a share of the visitors only. */
import { anonymousIdOf } from "./call/early-identity";
import type { Draft, Extension } from "./model/extension";
import { nameOfTrack } from "./call/name-of-track";
import { randomId } from "./base/random-id";
import { stableHash } from "./base/stable-hash";

/** The share of visitors whose events are kept. */
export interface SamplingOptions {
  /**
   * Rates from 0 to 1 by event name; `*` is for all other `track` calls, `page` and `screen` are
   * for views. Events without a rate are kept, and so are `identify`, `group` and `alias`.
   */
  rates: Readonly<Record<string, number>>;
  /** A different salt selects different visitors. */
  salt?: string;
}

/** The name of a call in the rates; undefined if it is always kept. */
function nameOf({ method, text }: Draft): string | undefined {
  if (method === "page" || method === "screen") return method;
  return method === "track" ? String(nameOfTrack(text) ?? "") : undefined;
}

function rateOf(
  rates: SamplingOptions["rates"],
  name: string,
  method: string,
): number {
  if (Object.hasOwn(rates, name)) return rates[name] ?? 1;
  return method === "track" && Object.hasOwn(rates, "*") ? rates["*"]! : 1;
}

/**
 * Keeps each event for the share of visitors that its rate gives. A visitor always gets the same
 * result, and one who is kept at a rate is also kept at every higher rate. Events kept at a rate
 * below 1 have it in `context.sampling.rate`; dropped ones are counted as `sampling`.
 *
 * @example
 * AnalyticsBrowser.load({ writeKey }, { extensions: [sampling({ rates: { "Tile Seen": 0.1 } })] });
 */
export function sampling({ rates, salt = "" }: SamplingOptions): Extension {
  let drawn: string | undefined;
  return {
    name: "sampling",
    see(draft, asker) {
      const name = nameOf(draft);
      if (name === undefined) return undefined;
      const rate = rateOf(rates, name, draft.method);
      if (rate >= 1) return undefined;
      const visitor = anonymousIdOf(asker, (drawn ??= randomId()));
      const isKept = stableHash(salt + visitor) < rate;
      return isKept
        ? { context: { sampling: { rate } } }
        : { drop: "sampling" };
    },
    forget() {
      drawn = undefined;
    },
  };
}
