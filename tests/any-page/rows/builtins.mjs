// @ts-check
// Built-ins that are missing, replaced by an old library, or given another meaning by the page.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

/** The text of an installed package's script. @param {string} name */
const script = (name) => readFileSync(require.resolve(name), "utf8");

/** A package that only knows `exports`. @param {string} name */
const common = (name) =>
  `(function () { var module = { exports: {} }, exports = module.exports;
    ${script(name)}
    return module.exports; }).call(window)`;

/** What Prototype.js 1.7 does to the language, in its own words where they matter. */
const PROTOTYPE = `(function () {
  function $A(iterable) {
    if (!iterable) return [];
    if ("toArray" in Object(iterable)) return iterable.toArray();
    var length = iterable.length || 0, results = new Array(length);
    while (length--) results[length] = iterable[length];
    return results;
  }
  function extend(destination, source) {
    for (var property in source) destination[property] = source[property];
    return destination;
  }
  var slice = Array.prototype.slice, K = function (x) { return x; };
  function each(iterator, context) {
    for (var i = 0, length = this.length >>> 0; i < length; i++)
      if (i in this) iterator.call(context, this[i], i, this);
  }
  function collect(iterator, context) {
    iterator = iterator || K;
    var results = [];
    this.each(function (value, index) {
      results.push(iterator.call(context, value, index));
    });
    return results;
  }
  function findAll(iterator, context) {
    var results = [];
    this.each(function (value, index) {
      if (iterator.call(context, value, index)) results.push(value);
    });
    return results;
  }
  function detect(iterator, context) {
    return this.findAll(iterator, context)[0];
  }
  extend(Object, {
    extend: extend,
    keys: function (object) {
      var results = [];
      for (var property in object) results.push(property);
      return results;
    },
    values: function (object) {
      var results = [];
      for (var property in object) results.push(object[property]);
      return results;
    },
  });
  extend(Function.prototype, {
    bind: function (context) {
      if (arguments.length < 2 && typeof arguments[0] === "undefined") return this;
      var method = this, args = slice.call(arguments, 1);
      return function () {
        return method.apply(context, args.concat(slice.call(arguments)));
      };
    },
  });
  extend(Array.prototype, {
    each: each, forEach: each, collect: collect, map: collect, findAll: findAll,
    select: findAll, filter: findAll, detect: detect, find: detect,
    include: function (object) { return this.indexOf(object) !== -1; },
    entries: function () { return this.toArray(); },
    toArray: function () { return slice.call(this); },
    clone: function () { return slice.call(this, 0); },
    concat: function () {
      var array = slice.call(this, 0);
      for (var i = 0; i < arguments.length; i++) {
        var item = arguments[i];
        if (Object.prototype.toString.call(item) === "[object Array]")
          for (var j = 0; j < item.length; j++) array.push(item[j]);
        else array.push(item);
      }
      return array;
    },
    toJSON: function () { return "[" + this.join(", ") + "]"; },
  });
  extend(String.prototype, {
    include: function (pattern) { return this.indexOf(pattern) > -1; },
    startsWith: function (pattern) { return this.lastIndexOf(pattern, 0) === 0; },
    endsWith: function (pattern) {
      var d = this.length - pattern.length;
      return d >= 0 && this.indexOf(pattern, d) === d;
    },
    toArray: function () { return this.split(""); },
    toJSON: function () { return '"' + this + '"'; },
  });
  Array.from = window.$A = $A;
})();`;

/** Removes members. @param {string} holder @param {string[]} names */
const without = (holder, ...names) =>
  names.map((name) => `delete ${holder}.${name};`).join("");

/** What came after the oldest browsers of package.json. */
const NEWER = Object.entries({
  globalThis: `structuredClone reportError scheduler navigation Iterator CompressionStream
    DecompressionStream`,
  AbortSignal: "any timeout",
  Array: "fromAsync",
  "Array.prototype":
    "findLast findLastIndex toReversed toSorted toSpliced with",
  "Crypto.prototype": "randomUUID",
  "Document.prototype": "prerendering",
  Intl: "supportedValuesOf",
  Map: "groupBy",
  "Navigator.prototype": "locks",
  Object: "groupBy",
  Promise: "try withResolvers",
  Response: "json",
  "String.prototype": "isWellFormed toWellFormed",
  URL: "canParse parse",
})
  .map(([holder, names]) => without(holder, ...names.split(/\s+/)))
  .join("");

/** What a page may have done before the SDK is there. @type {Record<string, string>} */
const BUILT_INS = {
  "Prototype.js": PROTOTYPE,
  MooTools: `(function (exports) { ${script("mootools")} }).call(window, {});`,
  "Array.from without a mapper": `Array.from = (list) => [].slice.call(list);`,
  "Array.from that wraps": `Array.from = (item) => item == null ? [] : [item];`,
  "no Array.from": without("Array", "from", "of"),
  "no Object.entries, fromEntries and values": without(
    "Object",
    "entries",
    "fromEntries",
    "values",
  ),
  "no Object.assign, hasOwn and is": without(
    "Object",
    "assign",
    "hasOwn",
    "is",
  ),
  "no getOwnPropertyDescriptors": without(
    "Object",
    "getOwnPropertyDescriptors",
  ),
  "Object.keys with what is inherited": `Object.keys = (object) => {
    const keys = []; for (const key in object) keys.push(key); return keys; };`,
  "JSON.parse that throws": `JSON.parse = () => { throw new Error("no"); };`,
  "JSON.parse that revives": `const parse = JSON.parse;
    JSON.parse = (text) => parse(text, (key, value) => typeof value === "string" ? "!" + value : value);`,
  "no JSON": `JSON = undefined;`,
  "no bind": without("Function.prototype", "bind"),
  "bind that takes no later arguments": `Function.prototype.bind = function (object, ...args) {
    const method = this; return function () { return method.apply(object, args); }; };`,
  "bind that makes a method of its first argument": `Function.prototype.bind = function () { return this; };`,
  "matches, closest and contains replaced": `for (const name of ["matches", "closest", "contains"])
    Element.prototype[name] = () => { throw new Error("no"); };`,
  "remove and append replaced": `Element.prototype.remove = function () { return this.parentNode.removeChild(this); };
    Element.prototype.append = function (one) { return this.appendChild(one); };`,
  "no crypto.randomUUID": without("Crypto.prototype", "randomUUID"),
  "crypto.randomUUID that counts": `Crypto.prototype.randomUUID = () => "1";`,
  "no crypto": without("globalThis", "crypto"),
  "crypto.getRandomValues that fills nothing": `Crypto.prototype.getRandomValues = (list) => list;`,
  "crypto.getRandomValues that throws": `Crypto.prototype.getRandomValues = () => { throw new Error("no"); };`,
  "Array.prototype.find that gives positions": `Array.prototype.find = function (text) {
    const found = []; for (let at = 0; at < this.length; at++) if (this[at] === text) found.push(at);
    return found.length ? found : false; };`,
  "no newer functions of arrays": without(
    "Array.prototype",
    ..."at entries fill find findIndex flat flatMap includes keys values".split(
      " ",
    ),
  ),
  "map and filter that give only values": `for (const name of ["map", "filter", "some", "every"]) {
    const real = Array.prototype[name];
    Array.prototype[name] = function (test) { return real.call(this, (value) => test(value)); };
  }`,
  "forEach that gives only values": `Array.prototype.forEach = function (act) {
    for (let at = 0; at < this.length; at++) act(this[at]); };`,
  "includes and indexOf that compare loosely": `Array.prototype.includes = function (one) {
    for (let at = 0; at < this.length; at++) if (this[at] == one) return true; return false; };`,
  "String.prototype.replaceAll of a page": `String.prototype.replaceAll = function (from, to) {
    return this.split(from).join(to); };`,
  "no newer functions of texts": without(
    "String.prototype",
    ..."at codePointAt endsWith includes matchAll normalize padEnd padStart repeat replaceAll startsWith trimEnd trimStart".split(
      " ",
    ),
  ),
  "startsWith and includes of a page": `
    String.prototype.startsWith = function (text) { return this.substring(0, text.length) == text; };
    String.prototype.includes = function (text) { return this.indexOf(text) != -1; };`,
  "Array.prototype with enumerable members": `
    for (const name of ["remove", "first", "last", "item", "window", "toJSON"])
      Array.prototype[name] = function () { return "mine"; };`,
  "Object.prototype with enumerable members": `
    for (const name of ["extend", "each", "size"]) Object.prototype[name] = function () {};`,
  "a subclass of Promise": `globalThis.Promise = class extends Promise {};`,
  "the promises of Bluebird": `globalThis.Promise = ${common("bluebird/js/browser/bluebird.js")};`,
  "the promises of es6-promise": `globalThis.Promise = ${common("es6-promise")};
    for (const name of ["finally"]) delete Promise.prototype[name];`,
  "no Promise.allSettled, any and finally": `${without("Promise", "allSettled", "any", "race")}
    ${without("Promise.prototype", "finally")}`,
  "a Symbol without the well-known ones": `globalThis.Symbol = (name) => name;`,
  "no WeakRef": without("globalThis", "WeakRef"),
  "a WeakRef and a FinalizationRegistry of a page": `globalThis.WeakRef = function () {};
    globalThis.FinalizationRegistry = function () {};`,
  "no Map, Set and Reflect": without("globalThis", "Map", "Set", "Reflect"),
  "Map and Set of a page": `class Map {} ; class Set {} ; const Reflect = {};`,
  "Map, Set and Reflect that are wrapped": `for (const name of ["Map", "Set"])
      globalThis[name] = class extends globalThis[name] { set() {} add() {} has() {} delete() {} };
    for (const name of ["get", "set"]) Reflect[name] = () => { throw new Error("no"); };`,
  "a Math.random that throws": `Math.random = () => { throw new Error("no"); };`,
  "a Math.random that gives no share of one": `Math.random = () => ({});`,
  "no Date.now": without("Date", "now"),
  "a Date.now that gives a date": `Date.now = () => new Date();`,
  "a Date.now that throws": `Date.now = () => { throw new Error("no"); };`,
  "no toISOString": without("Date.prototype", "toISOString"),
  "a toISOString that quotes": `const real = Date.prototype.toISOString;
    Date.prototype.toISOString = function () { return '"' + real.call(this) + '"'; };`,
  "a toISOString without milliseconds": `const real = Date.prototype.toISOString;
    Date.prototype.toISOString = function () { return real.call(this).slice(0, 19) + "Z"; };`,
  "a frozen Date": `Object.freeze(Date); Object.freeze(Date.prototype);`,
  "a console without methods": `globalThis.console = {};`,
  "no AbortSignal.timeout": without("AbortSignal", "timeout"),
  "nothing that came after the oldest browsers": NEWER,
  "no TextEncoder.encodeInto": without("TextEncoder.prototype", "encodeInto"),
  "no structuredClone": without("globalThis", "structuredClone"),
  "frozen prototypes": `for (const { prototype } of [Object, Array, String, Function, Promise])
    Object.freeze(prototype);`,
};

/** Values of kinds whose writing leans on built-ins. */
const CALLS = `
  track("Product Viewed", { price: 49.5, currency: "EUR", coupon: null, sizes: ["S", "M"] });
  track("Order Completed", {
    order_id: "o-1",
    products: [{ product_id: "p-1", quantity: 2 }, { product_id: "p-2", quantity: 1 }],
    at: new window.Date(1e12),
  });`;

/** @type {import("../row.mjs").Row[]} */
export const rows = Object.entries(BUILT_INS).map(([name, head]) => ({
  name,
  head,
  calls: CALLS,
}));
