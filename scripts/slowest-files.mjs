// @ts-check
// A reporter for `node --test`: the ten files that took longest, at the end. A file's time is that
// of its process, start and hooks included.
import { relative } from "node:path";

const LISTED = 10;

/**
 * @typedef {object} Event
 * @property {string} type
 * @property {{ name?: string, file?: string, details?: { duration_ms?: number } }} data
 */

/** @param {AsyncIterable<Event>} events */
export default async function* slowestFiles(events) {
  /** @type {{ file: string, seconds: number }[]} */
  const files = [];
  for await (const { type, data } of events) {
    const { name, file, details } = data;
    if (type !== "test:complete" || !file || name !== file) continue;
    files.push({ file, seconds: (details?.duration_ms ?? 0) / 1000 });
  }
  files.sort((a, b) => b.seconds - a.seconds);
  for (const { file, seconds } of files.slice(0, LISTED)) {
    yield `${seconds.toFixed(1).padStart(7)} s ${relative("", file)}\n`;
  }
}
