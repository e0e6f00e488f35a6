// @ts-check
// `fetch`, XMLHttpRequest and WebAssembly that are missing, replaced, wrapped or forbidden.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

/** The text of an installed package's script. @param {string} name */
const script = (name) => readFileSync(require.resolve(name), "utf8");

const POLYFILL = script("whatwg-fetch");
const ZONES = script("zone.js");

/** `real` is the browser's own function. @param {string} text */
const wrapped = (text) =>
  `const real = globalThis.fetch; globalThis.fetch = ${text};`;

/** How a page's `fetch` may be, beside the browser's own. @type {Record<string, string>} */
const FETCHES = {
  "is deleted": "delete globalThis.fetch;",
  "is null": "globalThis.fetch = null;",
  "is an object": "globalThis.fetch = {};",
  throws: wrapped(`() => { throw new Error("no") }`),
  "throws after it has sent": wrapped(
    `(...args) => { real(...args).catch(() => {}); throw new Error("no") }`,
  ),
  "gives undefined": wrapped("(...args) => void real(...args).catch(() => {})"),
  "gives text": wrapped(`() => "sent"`),
  "gives a thenable": wrapped(
    `(...args) => ({ then: (...done) => void real(...args).then(...done) })`,
  ),
  "gives a promise of undefined": wrapped(
    "async (...args) => void (await real(...args))",
  ),
  "gives a promise of an empty object": wrapped("async () => ({})"),
  "gives a promise of JSON": wrapped(
    "async (...args) => (await real(...args)).json().catch(() => ({}))",
  ),
  "gives a bare Proxy of a Response": wrapped(
    "async (...args) => new Proxy(await real(...args), {})",
  ),
  "gives a Proxy that binds": wrapped(`async (...args) => {
    const response = await real(...args);
    const get = (target, name) =>
      typeof target[name] === "function" ? target[name].bind(target) : target[name];
    return new Proxy(response, { get });
  }`),
  "gives a Response without headers and bytes": wrapped(`async (...args) => {
    const response = await real(...args);
    const text = await response.text();
    return { ok: response.ok, status: response.status, text: async () => text };
  }`),
  "gives a Response that was read": wrapped(`async (...args) => {
    const response = await real(...args);
    await response.text();
    return response;
  }`),
  "gives a Response that is unreadable": wrapped(
    `(url, init) => real(url, { ...init, mode: "no-cors", keepalive: false })
       .then(() => Response.error())`,
  ),
  "rejects at once": wrapped(
    `async () => { throw new TypeError("Failed to fetch") }`,
  ),
  "rejects with undefined": wrapped("() => Promise.reject()"),
  // Without wasm to get, a request has to run out of its time twice: longer than a row waits.
  ...(process.env.WAYMARK_ENGINE !== "js" && {
    "never settles": wrapped("() => new Promise(() => {})"),
  }),
  "calls url.includes": wrapped(
    `(url, init) => url.includes("/admin") ? undefined : real(url, init)`,
  ),
  "takes the address apart": wrapped(
    `(url, init) => real(url.replace(/#.*/, "").trim(), init)`,
  ),
  "wants init.headers": wrapped(
    `(url, init) => { init.headers["x-requested-with"] = "fetch"; return real(url, init) }`,
  ),
  "wants Headers": wrapped(
    `(url, init) => { init.headers.set("x-requested-with", "fetch"); return real(url, init) }`,
  ),
  "wants Headers, asynchronously": wrapped(
    `async (url, init) => { init.headers.set("x-requested-with", "fetch"); return real(url, init) }`,
  ),
  "makes a Request": wrapped("(url, init) => real(new Request(url, init))"),
  "adds the headers of an agent": wrapped(`(url, init) => {
    const headers = { traceparent: "00-1-1-01", baggage: "a=b", "sentry-trace": "1-1-1",
      "x-datadog-trace-id": "1" };
    return real(url, { ...init, headers: { ...init?.headers, ...headers } });
  }`),
};

/** What else a page may lack or replace. @type {Record<string, string>} */
const OTHERS = {
  "the whatwg-fetch polyfill is forced in": `globalThis.fetch = undefined; ${POLYFILL}`,
  "the whatwg-fetch polyfill is forced in, with its classes": `
    for (const name of ["fetch", "Headers", "Request", "Response"]) globalThis[name] = undefined;
    ${POLYFILL}`,
  "zones of Angular": ZONES,
  "no AbortController": "delete globalThis.AbortController;",
  "no XMLHttpRequest": "delete globalThis.XMLHttpRequest;",
  "no fetch, and an XMLHttpRequest that throws": `delete globalThis.fetch;
    globalThis.XMLHttpRequest = class { open() { throw new Error("no") } };`,
  "no fetch and no XMLHttpRequest": `delete globalThis.fetch; delete globalThis.XMLHttpRequest;`,
  "no WebAssembly": "delete globalThis.WebAssembly;",
  "a WebAssembly that compiles no stream":
    "delete WebAssembly.compileStreaming;",
  "a WebAssembly that compiles nothing": `
    for (const name of ["compile", "compileStreaming", "instantiate", "instantiateStreaming"])
      WebAssembly[name] = async () => { throw new WebAssembly.CompileError("no") };`,
};

/** @type {import("../row.mjs").Row[]} */
export const rows = [
  ...Object.entries(FETCHES).map(([how, head]) => ({
    name: `fetch ${how}`,
    head,
  })),
  ...Object.entries(OTHERS).map(([name, head]) => ({ name, head })),
];
