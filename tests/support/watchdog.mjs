// @ts-check
// Imported by test files that drive browsers and servers: says which test hangs, and on what,
// instead of leaving the whole file to the runner's time limit.
import { afterEach, beforeEach } from "node:test";

/** The longest that a test may take, hooks included, in milliseconds: many times what it needs. */
const TEST_DEADLINE_MS = 80_000;

/** @type {NodeJS.Timeout | undefined} */
let timer;

beforeEach((context) => {
  const name = "name" in context ? context.name : "a test";
  clearTimeout(timer);
  timer = setTimeout(() => {
    const waiting = process.getActiveResourcesInfo().join(", ");
    console.error(`"${name}" hangs; still open: ${waiting}`);
    process.exit(1);
  }, TEST_DEADLINE_MS);
});

afterEach(() => {
  // Keeps watch over the file's own hooks, which hang most often.
  timer?.refresh();
  timer?.unref();
});
