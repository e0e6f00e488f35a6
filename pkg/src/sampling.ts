/** Keeps the events of some visitors only: an extension of `load`. */
import { anonymousIdOf } from "./call/early-identity";
import type { Draft, Extension } from "./model/extension";
import { nameOfTrack } from "./call/name-of-track";
import { randomId } from "./base/random-id";
import { stableHash } from "./base/stable-hash";

/** Which share of visitors an event is kept of. */
export interface SamplingOptions {
  /**
   * Rates from 0 to 1 by the names of `track` events; `*` for those that are not named, and `page`
   * and `screen` for views. What is not named is kept, and so are `identify`, `group` and `alias`.
   */
  rates: Readonly<Record<string, number>>;
  /** Another salt is another sample of the visitors. */
  salt?: string;
}

/** The name that the rates know a call by, where it may be dropped. */
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
 * Keeps an event of the share of visitors that its rate says: always of the same ones, and of those
 * of a lower rate at a higher one, too. What is kept at a rate below 1 has it in
 * `context.sampling.rate`; what is not is counted as `sampling`.
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
