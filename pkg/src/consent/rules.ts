import { nameOfTrack } from "../call/name-of-track";
import type { Choices, ConsentPolicy } from "../model/consent";
import { saidBy, type Signals } from "./signals";

/** Tells what the visitor answers: calls `update` now, where it is known, and at each change. */
export type ConsentSource = (update: (choices: Choices) => void) => void;

/** The rules that `consent` takes. */
export interface ConsentRules {
  /** Whether nothing is recorded until there is an answer: `true` unless it is said. */
  required?: boolean;
  /** The category without which nothing is recorded: `analytics` by default. */
  category?: string;
  /** The categories that an event needs besides, by the event's name. */
  events?: Readonly<Record<string, readonly string[]>>;
  /** The categories that a destination needs besides, by the destination's name. */
  destinations?: Readonly<Record<string, readonly string[]>>;
  /** Who asks the visitor, and remembers what was answered. */
  source?: ConsentSource;
  /**
   * The browser's own signals that are honoured, none by default: a list refuses recording at
   * all, an object the categories it names. A signal stands whatever else is answered.
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
