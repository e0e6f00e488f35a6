/**
 * The entry `waymark/testing/setup`, a setup file for Jest and Vitest: it adds the matchers to
 * `expect`, and has a client that records, anew for each test.
 */
import { matchers } from "./matchers";
import { RecordingClient } from "./recording-client";

declare global {
  // What both runners' matchers extend, declared as they do.
  // eslint-disable-next-line @typescript-eslint/no-namespace
  namespace jest {
    // eslint-disable-next-line @typescript-eslint/no-empty-object-type, @typescript-eslint/no-unused-vars
    interface Matchers<R, T = {}> {
      /** Whether an event of that name was tracked, with at least these properties. */
      toHaveTracked(event: string, properties?: object): R;
      /** Whether an event of that name was tracked so many times. */
      toHaveTrackedTimes(event: string, times: number): R;
      /** Whether the user was identified, with at least these traits. */
      toHaveIdentified(userId: string, traits?: object): R;
      /** Whether a page of that name was viewed, with at least these properties. */
      toHaveViewedPage(name: string, properties?: object): R;
    }
  }
}

/** What a runner gives to tests. */
interface Runner {
  expect?: { extend(more: object): void };
  beforeEach?: (before: () => void) => void;
}

const globals: object = globalThis;
/** Vitest's tests import its functions, unless they are asked to be global. */
const { expect, beforeEach }: Runner =
  "expect" in globalThis || !("__vitest_worker__" in globalThis)
    ? globals
    : await import("vitest");

/** The client to hand to the code under test. Before each test it forgets events and visitor. */
export const analytics: RecordingClient = new RecordingClient();

expect?.extend(matchers);
beforeEach?.(() => {
  analytics.clear();
  void analytics.reset();
});
