// @ts-check
// Waiting for a condition instead of sleeping for a time.
import { setTimeout as pause } from "node:timers/promises";

/** How long a condition may take before the test fails, in milliseconds: far more than it needs. */
const DEADLINE_MS = 20_000;
/** Pause between two looks, in milliseconds: short, so as not to slow a test down. */
const LOOK_EVERY_MS = 40;

/**
 * Calls `look` until it returns something truthy, and returns that.
 *
 * A look that throws counts as "not yet"; its error is the cause of the final failure.
 *
 * @template T
 * @param {() => T | Promise<T>} look the condition; falsy means not yet
 * @param {{ deadlineMs?: number, what?: string | (() => string) }} [options] the longest wait in
 *   milliseconds, and the condition in words
 * @returns {Promise<Exclude<T, false | null | undefined | 0 | "">>} the first truthy result
 * @throws {Error} when the deadline has passed
 */
export async function eventually(look, options = {}) {
  const { deadlineMs = DEADLINE_MS, what = "the condition" } = options;
  const end = performance.now() + deadlineMs;
  for (;;) {
    let cause;
    try {
      const seen = await look();
      if (seen) return /** @type {any} */ (seen);
    } catch (error) {
      cause = error;
    }
    if (performance.now() > end) {
      const words = typeof what === "function" ? what() : what;
      throw new Error(`waited ${deadlineMs} ms for ${words}`, { cause });
    }
    await pause(LOOK_EVERY_MS);
  }
}
