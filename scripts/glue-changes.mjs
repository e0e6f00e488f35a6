// @ts-check
// Changes that the glue of the core has in both of its forms, as wasm and as JavaScript: it leans
// on nothing that a page may have replaced or covered.

/** @type {readonly (readonly [RegExp, string])[]} */
const CHANGES = [
  // Timers by the browser's own function, not by that of Angular's zones, for which a page is not
  // stable while a retry waits.
  [/= setTimeout\(/, "= (globalThis.__zone_symbol__setTimeout ?? setTimeout)("],
  // Older libraries have a `bind` of their own, which drops the later arguments.
  [
    /const ret = (.+)\.bind\(.+, (.+)\);/,
    `const callback = $1, first = $2;
    const ret = (...rest) => callback(first, ...rest);`,
  ],
  // An element named `cookie` covers the document's member, but not its prototype's.
  [
    /const ret = (.+)\.cookie;/,
    `let ret = $1.cookie;
    if (typeof ret !== "string") ret = Reflect.get(Document.prototype, "cookie", $1);`,
  ],
  [
    /(\S+)\.cookie = (.+);/,
    `const at = $1;
    Reflect.set(typeof at.cookie === "string" ? at : Document.prototype, "cookie", $2, at);`,
  ],
];

/**
 * The glue with the changes.
 *
 * @param {string} glue
 * @throws {Error} if wasm-bindgen writes something in another form than the changes know
 */
export function changed(glue) {
  for (const [pattern, change] of CHANGES) {
    if (!pattern.test(glue)) throw new Error(`the glue has no ${pattern}`);
    glue = glue.replace(pattern, change);
  }
  return glue;
}
