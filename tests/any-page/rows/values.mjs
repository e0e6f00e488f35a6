// @ts-check
// Pages that changed how JSON is written, before the SDK is there.

const CALLS = `
  track("Values", { at: new Date(0), list: [1, "a", { b: [true] }], text: "a\\"b\\n", n: 1.5 });
  track("Written Otherwise", { n: 1n, twice: [new Date(0), [1]] });`;

const row = (/** @type {string} */ name, /** @type {string} */ head) => ({
  name,
  head,
  calls: CALLS,
  events: 2,
});

/** @type {import("../row.mjs").Row[]} */
export const rows = [
  row(
    "toJSON of Prototype 1.6",
    `for (const { prototype } of [Array, String, Number, Boolean])
      prototype.toJSON = function () { return String(this); };
    Date.prototype.toJSON = function () { return '"' + this.getTime() + '"'; };`,
  ),
  row("a toJSON on every object", `Object.prototype.toJSON = () => "mine";`),
  row(
    "JSON.stringify that indents",
    `const write = JSON.stringify; JSON.stringify = (value) => write(value, null, 2);`,
  ),
  row(
    "JSON.stringify that sorts and escapes",
    `const write = JSON.stringify;
    JSON.stringify = (value) => value && typeof value === "object" && !Array.isArray(value)
      ? write(value, Object.keys(value).sort()) : write(value).replaceAll("a", "\\\\u0061");`,
  ),
  row(
    "JSON.stringify that throws",
    `JSON.stringify = () => { throw new Error("no"); };`,
  ),
  row("no JSON.stringify", `delete JSON.stringify;`),
];
