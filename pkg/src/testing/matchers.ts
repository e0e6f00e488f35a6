/** Matchers for `expect.extend` of Vitest, Jest and Playwright. */
import type { SegmentEvent } from "../model/event";
import { type Events, listOf, matches } from "./matches";

/** A matcher's result. */
export interface MatcherResult {
  pass: boolean;
  message: () => string;
}

function told(
  events: readonly SegmentEvent[],
  what: string,
  expected: unknown,
  found: readonly unknown[],
  pass: boolean,
): MatcherResult {
  const names = events.map((one) => one.event ?? one.name ?? one.type);
  const lines = [
    `${pass ? "It was recorded" : "It was not recorded"}: ${what}`,
    ...(expected === undefined ? [] : [`with ${JSON.stringify(expected)}`]),
    ...found.map((one) => `found ${JSON.stringify(one)}`),
    ...(found.length > 0 ? [] : [`recorded: ${names.join(", ") || "nothing"}`]),
  ];
  return { pass, message: () => lines.join("\n") };
}

/** The matchers, for `expect.extend(matchers)`. */
export const matchers: {
  toHaveTracked(
    given: Events,
    event: string,
    properties?: object,
  ): MatcherResult;
  toHaveTrackedTimes(
    given: Events,
    event: string,
    times: number,
  ): MatcherResult;
  toHaveIdentified(
    given: Events,
    userId: string,
    traits?: object,
  ): MatcherResult;
  toHaveViewedPage(
    given: Events,
    name: string,
    properties?: object,
  ): MatcherResult;
} = {
  /** Whether an event of that name was tracked, with at least these properties. */
  toHaveTracked(given, event, properties) {
    const events = listOf(given);
    const found = events
      .filter((one) => one.type === "track" && one.event === event)
      .map((one) => one.properties);
    const pass = found.some((one) => matches(one ?? {}, properties ?? {}));
    return told(events, event, properties, found, pass);
  },
  /** Whether an event of that name was tracked so many times. */
  toHaveTrackedTimes(given, event, times) {
    const events = listOf(given);
    const found = events.filter(
      (one) => one.type === "track" && one.event === event,
    );
    const what = `${event}, ${found.length} times, expected ${times}`;
    return told(events, what, undefined, [], found.length === times);
  },
  /** Whether the user was identified, with at least these traits. */
  toHaveIdentified(given, userId, traits) {
    const events = listOf(given);
    const found = events
      .filter((one) => one.type === "identify" && one.userId === userId)
      .map((one) => one.traits);
    const pass = found.some((one) => matches(one ?? {}, traits ?? {}));
    return told(events, `identify ${userId}`, traits, found, pass);
  },
  /** Whether a page of that name was viewed, with at least these properties. */
  toHaveViewedPage(given, name, properties) {
    const events = listOf(given);
    const found = events
      .filter((one) => one.type === "page" && one.name === name)
      .map((one) => one.properties);
    const pass = found.some((one) => matches(one ?? {}, properties ?? {}));
    return told(events, `page ${name}`, properties, found, pass);
  },
};
