// @ts-check
// Counts a library's storage accesses, timers and requests, per event and while the page is idle.
import { setTimeout as pause } from "node:timers/promises";

/** Events recorded while counting, one every {@link EVERY_MS}. */
const EVENTS = 20;
const EVERY_MS = 250;
/** Time after the last delivery until a page should be idle, in milliseconds. */
const AFTER_MS = 6_000;
/** How long an idle page is watched, in milliseconds. */
const IDLE_MS = 10_000;

/** The counted operations, in the order of the tables. */
export const OPERATIONS = /** @type {const} */ ([
  "cookie writes",
  "cookie reads",
  "localStorage writes",
  "localStorage reads",
  "sessionStorage",
  "IndexedDB writes",
  "IndexedDB reads",
  "IndexedDB transactions",
  "timers",
  "requests",
]);

/** @typedef {Record<(typeof OPERATIONS)[number], number>} Operations */

/** Wraps the page's storage, timers and network; must run before the library. */
const COUNT = `{
  const counts = (globalThis.operations = {});
  const note = (what) => (counts[what] = (counts[what] ?? 0) + 1);
  const wrap = (owner, names, what) => {
    for (const name of names) {
      const original = owner?.[name];
      if (!original) continue;
      owner[name] = function (...args) {
        note(typeof what === "function" ? what(this) : what);
        return original.apply(this, args);
      };
    }
  };
  const cookie = Object.getOwnPropertyDescriptor(Document.prototype, "cookie");
  Object.defineProperty(Document.prototype, "cookie", {
    ...cookie,
    get() { note("cookie reads"); return cookie.get.call(this); },
    set(text) { note("cookie writes"); cookie.set.call(this, text); },
  });
  const cookies = globalThis.CookieStore?.prototype;
  wrap(cookies, ["set", "delete"], "cookie writes");
  wrap(cookies, ["get", "getAll"], "cookie reads");
  const kind = (how) => (store) =>
    store === sessionStorage ? "sessionStorage" : "localStorage " + how;
  wrap(Storage.prototype, ["setItem", "removeItem", "clear"], kind("writes"));
  wrap(Storage.prototype, ["getItem", "key"], kind("reads"));
  wrap(IDBObjectStore.prototype, ["put", "add", "delete", "clear"], "IndexedDB writes");
  wrap(IDBObjectStore.prototype, ["get", "getAll", "getAllKeys", "getKey", "count", "openCursor"], "IndexedDB reads");
  wrap(IDBDatabase.prototype, ["transaction"], "IndexedDB transactions");
  wrap(globalThis, ["setTimeout", "requestIdleCallback", "requestAnimationFrame"], "timers");
  wrap(globalThis, ["fetch"], "requests");
  wrap(XMLHttpRequest.prototype, ["send"], "requests");
  wrap(Navigator.prototype, ["sendBeacon"], "requests");
  const every = globalThis.setInterval;
  globalThis.setInterval = (callback, ...rest) => {
    note("timers");
    return every((...args) => { note("timers"); return callback(...args); }, ...rest);
  };
  globalThis.pace = (events, everyMs) => new Promise((done) => {
    let n = 0;
    const timer = every(() => {
      burst("Paced:" + n, 1);
      if (++n < events) return;
      clearInterval(timer);
      done();
    }, everyMs);
  });
}`;

/**
 * Counts while events are recorded at a steady pace, then during ten idle seconds.
 *
 * @param {import("./lab.mjs").Lab} lab
 * @returns {Promise<{ perEvent: Operations, idle: Operations }>}
 */
export async function countOperations(lab) {
  const context = await lab.browser.newContext();
  await context.addInitScript(COUNT);
  const { page } = await lab.settled(context);
  const counted = async () => {
    const seen = /** @type {Partial<Operations>} */ (
      await page.evaluate("({ ...operations })")
    );
    return (/** @type {(typeof OPERATIONS)[number]} */ what) => seen[what] ?? 0;
  };
  const begun = await counted();
  await page.evaluate(`pace(${EVENTS}, ${EVERY_MS})`);
  await lab.delivered("Paced:", EVENTS);
  await pause(AFTER_MS);
  const ended = await counted();
  await pause(IDLE_MS);
  const idle = await counted();
  await context.close();
  /** @param {(what: (typeof OPERATIONS)[number]) => number} of */
  const each = (of) =>
    /** @type {Operations} */ (
      Object.fromEntries(OPERATIONS.map((what) => [what, of(what)]))
    );
  return {
    perEvent: each((what) => (ended(what) - begun(what)) / EVENTS),
    idle: each((what) => idle(what) - ended(what)),
  };
}
