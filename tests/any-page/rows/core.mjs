// @ts-check
// What the core and its glue lean on, missing, replaced or covered: randomness, cookies, storage,
// JSON and functions of the language.

/** Replaces a function of the page. @param {string} name @param {string} text */
const replaced = (name, text) => `${name} = ${text};`;

/** Script text by what the page does. @type {Record<string, string>} */
const HEADS = {
  "an Array.from without a mapper": replaced(
    "Array.from",
    "(list) => Array.prototype.slice.call(list)",
  ),
  "a getRandomValues that fills nothing": replaced(
    "crypto.getRandomValues",
    "(bytes) => bytes",
  ),
  "a getRandomValues that throws": replaced(
    "crypto.getRandomValues",
    `() => { throw new Error("no") }`,
  ),
  "no getRandomValues": "delete Crypto.prototype.getRandomValues;",
  "no crypto": "delete globalThis.crypto;",
  "no randomness at all": `delete globalThis.crypto; Math.random = () => 0.5;`,
  "a JSON.stringify that writes with spaces": `
    const write = JSON.stringify; JSON.stringify = (value) => write(value, null, 2);`,
  "a JSON.stringify that writes nothing": replaced(
    "JSON.stringify",
    "() => undefined",
  ),
  "an older library's JSON.parse": replaced(
    "JSON.parse",
    `(text) => (0, eval)("(" + text + ")")`,
  ),
  "a stored text with spaces": `localStorage.ajs_user_traits = '{ "pl\\\\u0061n" : "pro" }';`,
  "a stored text that is no JSON": `localStorage.ajs_user_traits = '{"plan":'; document.cookie = 'ajs_user={"id":';`,
  "no localStorage": "delete globalThis.localStorage;",
};

/** Markup by the name of the member that it covers. @type {Record<string, string>} */
const MARKUP = {
  cookie: `<img name="cookie"><form name="cookie"></form>`,
  localStorage: `<iframe name="localStorage"></iframe>`,
  crypto: `<iframe name="crypto"></iframe><img id="crypto">`,
  navigator: `<iframe name="navigator"></iframe>`,
};

/** @type {import("../row.mjs").Row[]} */
export const rows = [
  ...Object.entries(HEADS).map(([name, head]) => ({ name, head })),
  ...Object.entries(MARKUP).map(([name, html]) => ({
    name: `an element named ${name}`,
    html,
  })),
];
