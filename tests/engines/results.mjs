// @ts-check
// A reporter for `node --test`: a line of JSON for each test.

/**
 * @typedef {object} Result
 * @property {string} name
 * @property {string} file
 * @property {"passed" | "failed" | "left out"} result
 * @property {string} [reason] why it is left out
 */

/** @param {AsyncIterable<import("node:test/reporters").TestEvent>} source */
export default async function* results(source) {
  for await (const { type, data } of source) {
    if (type !== "test:pass" && type !== "test:fail") continue;
    const { name, file, skip, details } = /** @type {any} */ (data);
    // A suite, or a file that failed as a whole.
    if (details.type === "suite" || !file || name === file) continue;
    const ran = type === "test:pass" ? "passed" : "failed";
    const result = skip === undefined ? ran : "left out";
    yield `${JSON.stringify({ name, file, result, reason: skip })}\n`;
  }
}
