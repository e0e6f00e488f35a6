// @ts-check
// Makes a random page that is not clean: by its seed, the same one each time.
import { readdir } from "node:fs/promises";
import { join } from "node:path";

/**
 * @typedef {object} Part one thing that the page does before the library is there
 * @property {string} what in words
 * @property {string} [html] markup
 * @property {string} [head] script text
 * @property {boolean} [isWay] it changes how requests are made: a page has one such part at most,
 *   so that a way is left
 *
 * @typedef {object} RandomPage
 * @property {number} seed
 * @property {import("./pages.mjs").Build} build
 * @property {Part[]} parts
 *
 * @typedef {object} Names what the browser has
 * @property {string[]} document members of a document
 * @property {string[]} window members of a window that a script can overwrite
 */

/** The most parts of a page. */
export const PARTS_MAX = 4;

/**
 * What older browsers lack and libraries bring, each in its own way: it may be missing, throw, or
 * give something else.
 */
const OPTIONAL = [
  ...["from", "of", "fromAsync"].map((name) => `Array.${name}`),
  ...(
    "at copyWithin entries fill find findIndex findLast flat flatMap includes keys reduce" +
    " reduceRight toReversed toSorted toSpliced values with"
  )
    .split(" ")
    .map((name) => `Array.prototype.${name}`),
  ...(
    "at codePointAt endsWith includes isWellFormed matchAll normalize padEnd padStart repeat" +
    " replaceAll startsWith trimEnd trimStart"
  )
    .split(" ")
    .map((name) => `String.prototype.${name}`),
  ...["entries", "fromEntries", "groupBy", "hasOwn", "is", "values"].map(
    (name) => `Object.${name}`,
  ),
  ...["isFinite", "isInteger", "isNaN", "isSafeInteger"].map(
    (name) => `Number.${name}`,
  ),
  ...["allSettled", "any", "race", "try", "withResolvers"].map(
    (name) => `Promise.${name}`,
  ),
  ...["Promise.prototype.finally", "Math.random", "Math.trunc", "Math.imul"],
  ...["JSON.stringify", "Date.now", "Date.prototype.toISOString"],
  ...["Reflect.get", "Reflect.set", "Map.prototype.set", "Set.prototype.add"],
  ...["Error.captureStackTrace", "Function.prototype.bind"],
  ...["Performance.prototype.now", "Crypto.prototype.randomUUID"],
  ...["Element.prototype.closest", "Element.prototype.matches"],
  ...["Document.prototype.querySelector", "Node.prototype.getRootNode"],
  ...["History.prototype.pushState", "History.prototype.replaceState"],
  ...["URL.canParse", "AbortSignal.timeout", "AbortSignal.any"],
];

/**
 * What every script needs, so that no page breaks it and lives: a library may have replaced it, by
 * something that gives the same.
 */
const NEEDED = [
  ...["concat", "every", "filter", "forEach", "indexOf", "join", "map"],
  ...["pop", "push", "slice", "some", "sort", "splice"],
].map((name) => `Array.prototype.${name}`);
NEEDED.push(
  ...["Object.assign", "Object.keys", "Object.defineProperty", "JSON.parse"],
  ...["String.prototype.replace", "String.prototype.split", "Array.isArray"],
  ...["Promise.prototype.then", "Promise.all"],
  ...["EventTarget.prototype.addEventListener", "window.setTimeout"],
);

/** What stands in the place of a function `real`. @type {Record<string, string>} */
const BEHAVIOURS = {
  "is removed": "",
  "is null": "null",
  throws: `function () { throw new Error("of the page") }`,
  "gives undefined": "function () {}",
  "gives its argument": "function (given) { return given }",
  "gives an empty object": "function () { return {} }",
  "ignores all but one argument":
    "function (given) { return real.call(this, given) }",
  "ignores its this": "function (...given) { return real(...given) }",
};
/** The same for what is {@link NEEDED}. @type {Record<string, string>} */
const WRAPPERS = {
  "is wrapped": "function () { return real.apply(this, arguments) }",
  "is wrapped in a Proxy": "new Proxy(real, {})",
  "is wrapped in a class's way": `({ it(...given) { return Reflect.apply(real, this, given) } }).it`,
};

/** Members that libraries add to prototypes, where `for … in` finds them. */
const ADDED = [
  ...["clone", "contains", "each", "extend", "first", "last", "remove"],
  ...["size", "toJSON", "toQueryString", "uniq", "without"],
];

/** What a page overwrites a global with. */
const VALUES = [
  ...["undefined", "null", "0", `"text"`, "{}", "[]", "function () {}"],
  `() => { throw new Error("of the page") }`,
];

/** Globals without which no script runs, that navigate, or that are the test's own. */
const KEPT =
  /^(Object|Function|Array|String|Number|Boolean|Symbol|BigInt|Promise|Math|JSON|Proxy|Date|RegExp|\w*Error|\w*Array|ArrayBuffer|DataView|globalThis|window|document|(set|clear)(Timeout|Interval)|decodeURI\w*|encodeURI\w*|parse\w+|is(NaN|Finite)|undefined|NaN|Infinity|eval|analytics|location|stage|WebAssembly)$/;

/** Globals by which requests are made. */
const OF_WAYS =
  /^(fetch\w*|XMLHttp\w*|Request|Response|Headers|Abort\w*|navigator|URL\w*|Blob|Text\w+|\w*Stream\w*)$/;

/** Storages that fail. @type {Record<string, string>} */
const STORAGES = {
  ...Object.fromEntries(
    ["localStorage", "sessionStorage", "indexedDB", "caches"].flatMap(
      (name) => [
        [
          `${name} throws`,
          `Object.defineProperty(window, "${name}", { get() { throw new DOMException("no", "SecurityError") } });`,
        ],
        [
          `${name} is null`,
          `Object.defineProperty(window, "${name}", { value: null });`,
        ],
      ],
    ),
  ),
  ...Object.fromEntries(
    ["getItem", "setItem", "removeItem", "key"].map((name) => [
      `Storage's ${name} throws`,
      `Storage.prototype.${name} = () => { throw new DOMException("no", "QuotaExceededError") };`,
    ]),
  ),
  "cookies throw": `Object.defineProperty(Document.prototype, "cookie", {
    get() { throw new DOMException("no", "SecurityError") },
    set() { throw new DOMException("no", "SecurityError") } });`,
  "cookies are swallowed": `Object.defineProperty(Document.prototype, "cookie", { get: () => "", set() {} });`,
  "IndexedDB opens nothing": `IDBFactory.prototype.open = () => { throw new Error("of the page") };`,
  "IndexedDB is silent": `IDBFactory.prototype.open = () => ({ addEventListener() {} });`,
  "IndexedDB's transactions throw": `IDBDatabase.prototype.transaction = () => { throw new DOMException("no", "InvalidStateError") };`,
  "IndexedDB puts nothing": `IDBObjectStore.prototype.put = () => { throw new DOMException("no", "DataCloneError") };`,
  "there are no locks": "delete Navigator.prototype.locks;",
  "locks are refused": `if (navigator.locks) LockManager.prototype.request = async () => { throw new DOMException("no", "SecurityError") };`,
  "a channel cannot be opened": `window.BroadcastChannel = function () { throw new Error("of the page") };`,
};

/** Beacons that are not the browser's. @type {Record<string, string>} */
const BEACONS = {
  "sendBeacon is removed": "delete Navigator.prototype.sendBeacon;",
  "sendBeacon refuses": "Navigator.prototype.sendBeacon = () => false;",
  "sendBeacon throws": `Navigator.prototype.sendBeacon = () => { throw new Error("of the page") };`,
};

/** Parts of the rows that stand in `rows/`: each is right alone. @returns {Promise<Part[]>} */
export async function rowParts() {
  const folder = join(import.meta.dirname, "rows");
  const files = (await readdir(folder)).sort();
  const modules = await Promise.all(
    files.map((file) => import(join(folder, file))),
  );
  /** @type {import("./row.mjs").Row[]} */
  const rows = modules.flatMap(({ rows }) => rows);
  return rows
    .filter((row) => !row.calls && !row.options && !row.headers && !row.builds)
    .filter(({ name }) => !name.includes("never settles"))
    .map(({ name, html, head }) => ({
      what: name,
      html,
      head,
      isWay: /fetch|XMLHttp|Abort|WebAssembly|zones/.test(name),
    }));
}

/** Gives numbers from 0 to below `below`, by a seed. @param {number} seed */
function randomOf(seed) {
  let state = seed;
  return (/** @type {number} */ below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

/** Markup of an element that has the page's name. @type {((name: string) => string)[]} */
const ELEMENTS = [
  (name) => `<img name="${name}" src="https://other.example/">`,
  (name) => `<form name="${name}" action="https://other.example/"></form>`,
  (name) => `<form id="${name}"><input name="${name}"></form>`,
  (name) => `<embed name="${name}">`,
  (name) => `<object id="${name}"></object>`,
  (name) => `<iframe name="${name}"></iframe>`,
  (name) => `<a id="${name}" href="https://other.example/">a</a>`,
  (name) => `<section id="${name}"></section><section id="${name}"></section>`,
];

/**
 * The page of a seed.
 *
 * @param {number} seed
 * @param {Names} names
 * @param {Part[]} rows
 * @returns {RandomPage}
 */
export function randomPage(seed, names, rows) {
  const random = randomOf(seed);
  /** @template T @param {readonly T[]} list @returns {T} */
  const one = (list) => /** @type {T} */ (list[random(list.length)]);
  /** @param {Record<string, string>} heads @returns {Part} */
  const head = (heads) => {
    const [what, text] = one(Object.entries(heads));
    return { what, head: text };
  };
  /** @param {string[]} paths @param {Record<string, string>} behaviours @returns {Part} */
  const replaced = (paths, behaviours) => {
    const path = one(paths);
    const [how, text] = one(Object.entries(behaviours));
    const code = text
      ? `const real = ${path}; if (real) ${path} = ${text};`
      : `delete ${path};`;
    return { what: `${path} ${how}`, head: code };
  };
  /** @type {(() => Part)[]} */
  const kinds = [
    () => replaced(OPTIONAL, BEHAVIOURS),
    () => replaced(OPTIONAL, BEHAVIOURS),
    () => replaced(NEEDED, WRAPPERS),
    () => {
      const owner = one(["Array", "String", "Number", "Function", "Object"]);
      const added = `${owner}.prototype.${one(ADDED)}`;
      return { what: `there is ${added}`, head: `${added} ??= () => "text";` };
    },
    () => {
      const html = one(ELEMENTS)(
        one(random(3) ? names.document : names.window),
      );
      return { what: html, html };
    },
    () => {
      const name = one(names.window);
      const value = one(VALUES);
      const isWay = OF_WAYS.test(name);
      return {
        ...{ what: `window.${name} = ${value}`, isWay },
        head: `window[${JSON.stringify(name)}] = ${value};`,
      };
    },
    () => one(rows),
    () => head(STORAGES),
    () => head(BEACONS),
  ];
  /** @type {Part[]} */
  const parts = [];
  for (let left = 1 + random(PARTS_MAX); left > 0; left--) {
    const part = one(kinds)();
    if (part.isWay && parts.some(({ isWay }) => isWay)) continue;
    parts.push(part);
  }
  return { seed, build: random(2) ? "modules" : "script tag", parts };
}

/** Whether a script may overwrite this global: the page needs the others itself. @param {string} name */
export const isFree = (name) => !KEPT.test(name);
