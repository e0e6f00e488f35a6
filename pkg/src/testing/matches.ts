/** Compares events with a test's expectations. */
import type { SegmentEvent } from "../model/event";

/** A source of events: a recording client, the fixture's collector, or a list. */
export type Events =
  readonly SegmentEvent[] | { events: readonly SegmentEvent[] };

/** The events themselves. */
export function listOf(given: Events): readonly SegmentEvent[] {
  return "events" in given ? given.events : given;
}

/** An asymmetric matcher of Jest or Vitest, such as `expect.any(Number)`. */
interface Asymmetric {
  asymmetricMatch(value: unknown): boolean;
}

/**
 * Whether `actual` has all that `expected` has: objects may have more members, lists are as long
 * as expected, and asymmetric matchers decide for themselves.
 */
export function matches(actual: unknown, expected: unknown): boolean {
  if (typeof (expected as Asymmetric | null)?.asymmetricMatch === "function") {
    return (expected as Asymmetric).asymmetricMatch(actual);
  }
  if (expected instanceof Date) return matches(actual, expected.toJSON());
  if (Array.isArray(expected)) {
    return (
      Array.isArray(actual) &&
      actual.length === expected.length &&
      expected.every((one, at) => matches(actual[at], one))
    );
  }
  if (expected && typeof expected === "object") {
    if (!actual || typeof actual !== "object") return false;
    return Object.entries(expected).every(([name, one]) =>
      matches((actual as Record<string, unknown>)[name], one),
    );
  }
  return Object.is(actual, expected);
}
