import { nameOfTrack } from "../call/name-of-track";
import type { Choices, ConsentPolicy } from "../model/consent";
import { saidBy, type Signals } from "./signals";

/** Reports the visitor's answers: calls `update` now if they are known, and on each change. */
export type ConsentSource = (update: (choices: Choices) => void) => void;

/** The argument of `consent`. */
export interface ConsentRules {
  /** Whether recording waits for an answer; `true` by default. */
  required?: boolean;
  /** The category that all recording needs; `analytics` by default. */
  category?: string;
  /** Further categories that an event needs, by the event's name. */
  events?: Readonly<Record<string, readonly string[]>>;
  /** Further categories that a destination needs, by the destination's name. */
  destinations?: Readonly<Record<string, readonly string[]>>;
  /** The banner that asks the visitor and remembers the answer. */
  source?: ConsentSource;
  /**
   * The browser signals to honour; none by default. A signal in a list denies all recording, one
   * in an object denies the categories named there. A signal overrides any answer.
   */
  honor?: Signals;
}

/**
 * Rules of consent for the `consent` option of `load`.
 *
 * @example
 * AnalyticsBrowser.load({ writeKey }, {
 *   consent: consent({
 *     source: oneTrust({ C0002: "analytics", C0004: "advertising" }),
 *     events: { "Coupon Clicked": ["advertising"] },
 *     honor: { gpc: ["advertising"] },
 *   }),
 * });
 */
export function consent(rules: ConsentRules = {}): ConsentPolicy {
  const { category = "analytics", required = true, source } = rules;
  const { events = {}, destinations = {} } = rules;
  return {
    category,
    required,
    isRemembered: source !== undefined,
    standing: (choices) => ({ ...choices, ...saidBy(rules.honor, category) }),
    needs(text) {
      const name = nameOfTrack(text);
      return name !== undefined && Object.hasOwn(events, name)
        ? events[name]!
        : [];
    },
    refused(allows) {
      const refused = Object.entries(destinations)
        .filter(([, needed]) => !needed.every(allows))
        .map(([name]) => [name, false] as const);
      return Object.fromEntries(refused);
    },
    begin(update) {
      try {
        source?.(update);
      } catch (error) {
        console.warn("waymark: the source of consent failed", error);
      }
    },
  };
}
