// @ts-check
// A reporter for `node --test --test-concurrency=1`: the ten files that took longest, at the end.
// A file's time runs from the last result of the file before it, so that it has its set-up, too.
import { relative } from "node:path";

const LISTED = 10;

/** @typedef {{ type: string, data: { file?: string } }} Event */

/** @param {AsyncIterable<Event>} events */
export default async function* slowestFiles(events) {
  /** @type {Map<string, number>} */
  const seconds = new Map();
  let before = performance.now();
  for await (const { type, data } of events) {
    if (!data.file || (type !== "test:pass" && type !== "test:fail")) continue;
    const now = performance.now();
    const took = (now - before) / 1000;
    before = now;
    seconds.set(data.file, (seconds.get(data.file) ?? 0) + took);
  }
  const slowest = [...seconds].sort(([, a], [, b]) => b - a).slice(0, LISTED);
  for (const [file, took] of slowest) {
    yield `${took.toFixed(1).padStart(7)} s ${relative("", file)}\n`;
  }
}
