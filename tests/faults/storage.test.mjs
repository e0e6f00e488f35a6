// @ts-check
// Storage that is full, forbidden or silent: the page works, and events are still sent.
import assert from "node:assert/strict";
import { eventually } from "../support/eventually.mjs";
import "../support/watchdog.mjs";
import { test } from "../support/engine-test.mjs";
import { committed } from "./journal.mjs";
import { names, setScene, settledDelivery, tracking } from "./scene.mjs";

const scene = setScene();

const FILL_LOCAL_STORAGE = `
  try {
    for (let n = 0, text = "x".repeat(1 << 20); text.length > 0; n++) {
      try { localStorage.setItem("full" + n, text); }
      catch { text = text.slice(text.length >> 1 || 1); }
    }
  } catch {}`;
const NO_LOCAL_STORAGE = `
  Object.defineProperty(window, "localStorage", {
    get() { throw new DOMException("forbidden", "SecurityError"); } });`;
const IDB_THROWS = `
  indexedDB.open = () => { throw new DOMException("forbidden", "SecurityError"); };`;
const IDB_SILENT = "indexedDB.open = () => new EventTarget();";
const NO_IDB = `Object.defineProperty(window, "indexedDB", { value: undefined });`;
const IDB_DISK_FULL = `
  IDBObjectStore.prototype.put = () => { throw new DOMException("full", "QuotaExceededError"); };`;

const ARRAYS_AS_TEXT = `
  Array.prototype.toJSON = function () { return "[" + this.join() + "]"; };`;

/** @type {Record<string, { script: string, spills: boolean }>} */
const STORES = {
  "localStorage is full": { script: FILL_LOCAL_STORAGE, spills: true },
  "localStorage throws": { script: NO_LOCAL_STORAGE, spills: true },
  "IndexedDB throws": { script: IDB_THROWS, spills: true },
  "IndexedDB never answers": { script: IDB_SILENT, spills: true },
  "IndexedDB never answers, and arrays have a toJSON": {
    script: IDB_SILENT + ARRAYS_AS_TEXT,
    spills: true,
  },
  "IndexedDB is not there": { script: NO_IDB, spills: true },
  "the disk is full for IndexedDB": { script: IDB_DISK_FULL, spills: true },
  "both throw": { script: IDB_THROWS + NO_LOCAL_STORAGE, spills: false },
};

for (const [what, { script }] of Object.entries(STORES)) {
  test(`events arrive where ${what}, those of a page that is left included`, async () => {
    scene.inEachPage(script);
    const page = await scene.visit();
    await page.evaluate(tracking(names(5)));
    await scene.gateway.waitForEvents(5);
    assert.equal((await settledDelivery(page)).acknowledged, 5);
    await page.evaluate(
      `${tracking(names(5, "Last"))} location.href = "/next"`,
    );
    await page.waitForURL("**/next");
    await page.evaluate("analytics.track('Next')");
    await scene.expectOnce([...names(5), ...names(5, "Last"), "Next"]);
  });
}

for (const [what, { script, spills }] of Object.entries(STORES)) {
  if (!spills) continue;
  test(`events that a server missed while down outlive the page where ${what}`, async () => {
    scene.inEachPage(script);
    scene.relay.fate = () => "reset";
    const page = await scene.visit();
    await page.evaluate(tracking(names(5)));
    if (script.includes("localStorage")) {
      // Here what is not committed yet cannot be spilled, so the test waits for the commit.
      await page.evaluate("analytics.ready()");
      await eventually(async () => (await committed(page)) === 5);
    }
    await page.goto(scene.shop.url("/next"));
    scene.relay.fate = () => "pass";
    await page.evaluate("analytics.track('Next')");
    await scene.expectOnce([...names(5), "Next"]);
  });
}

test("events arrive from a sandboxed frame without an origin", async () => {
  const framing = `<!doctype html><title>Shop</title>
    <iframe sandbox="allow-scripts" src="/framed"></iframe>`;
  const body = new TextEncoder().encode(framing);
  scene.shop.fault = (path) => (path === "/framing" ? { body } : {});
  scene.shop.script = tracking(names(5));
  await scene.visit("/framing");
  await scene.expectOnce(names(5));
});

test("a page that is left before the visitor agrees stores and sends nothing", async () => {
  scene.shop.options = { consent: "required" };
  const page = await scene.visit();
  await page.evaluate(tracking(names(5)));
  await page.goto(scene.shop.url("/next"));
  const left = await page.evaluate(`(async () => ({
    databases: (await indexedDB.databases()).length,
    entries: localStorage.length + sessionStorage.length,
    cookie: document.cookie }))()`);
  assert.deepEqual(left, { databases: 0, entries: 0, cookie: "" });
  assert.equal(scene.relay.asked.length, 0);
});
