/** Keeps the events of some visitors only: an extension of `load`. */
import type { Asker, Draft, Extension } from "./extension-types";
import { nameOfTrack } from "./name-of-track";
import { randomId } from "./random-id";
import { stableHash } from "./stable-hash";

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

const KEY = "ajs_anonymous_id";

function stored(): string | undefined {
  try {
    const cookies = document.cookie.split("; ");
    const cookie = cookies.find((one) => one.startsWith(`${KEY}=`));
    if (cookie) return decodeURIComponent(cookie.slice(KEY.length + 1));
    const text = localStorage.getItem(KEY);
    return text ? String(JSON.parse(text)) : undefined;
  } catch {
    return undefined;
  }
}

/** The anonymous id; where there is none yet, one that the client finds when it is there. */
function visitorOf({ analytics, options }: Asker, drawn: string): string {
  const known = analytics?.user().anonymousId() ?? stored();
  if (known) return known;
  if (!options.disableClientPersistence && options.disable !== true) {
    try {
      localStorage.setItem(KEY, JSON.stringify(drawn));
    } catch {
      // Nothing is stored here: the sample holds for this page.
    }
  }
  return drawn;
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
      const visitor = visitorOf(asker, (drawn ??= randomId()));
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
