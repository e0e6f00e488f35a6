// @ts-check
// A reporter for `node --test`: a line of JSON for each test.
import { basename, dirname } from "node:path";

/**
 * @typedef {object} Result
 * @property {string} suite the folder of its file
 * @property {string} name
 * @property {"passed" | "failed" | "left out"} result
 * @property {string} [reason] why it is left out
 */

/** @param {AsyncIterable<import("node:test/reporters").TestEvent>} source */
export default async function* results(source) {
  for await (const { type, data } of source) {
    if (type !== "test:pass" && type !== "test:fail") continue;
    const { name, file, skip, details } = /** @type {any} */ (data);
    if (!file || details.type === "suite") continue;
    const passed = type === "test:pass" ? "passed" : "failed";
    const result = skip === undefined ? passed : "left out";
    const suite = basename(dirname(file));
    yield `${JSON.stringify({ suite, name, result, reason: skip })}\n`;
  }
}
