// @ts-check
// The journal's stored format. Other versions of the package read it, so a change here needs a new
// kind of item or a new database version.
import assert from "node:assert/strict";
import "../support/watchdog.mjs";
import { test } from "../support/engine-test.mjs";
import { eventually } from "../support/eventually.mjs";
import { committed, journalRecords } from "./journal.mjs";
import { setScene } from "./scene.mjs";

const scene = setScene();

test("an event is stored as kind 0, its time and its JSON", async () => {
  scene.relay.fate = () => "reset";
  const page = await scene.visit();
  await page.evaluate("analytics.ready()");
  await page.evaluate("void analytics.track('Kept')");
  await eventually(async () => (await committed(page)) === 1);
  const [record] = await journalRecords(page);
  const { segment, number, writeKey, items } = record;
  assert.equal(typeof segment, "string");
  assert.equal(typeof number, "number");
  assert.equal(writeKey, "demo-browser-key");
  const [[kind, atMs, text, ...rest]] = items;
  assert.deepEqual([kind, typeof atMs, rest], [0, "number", []]);
  assert.equal(JSON.parse(text).event, "Kept");
});

test("a held call is stored as kind 2, its time, its text and its page", async () => {
  // Without a core the call stays a call, unless the page's script makes its event.
  scene.shop.options = { express: false };
  const isCore = (/** @type {string} */ path) =>
    /\.wasm$|core-script\.js$/.test(path);
  scene.shop.fault = (path) => (isCore(path) ? { status: 404 } : {});
  const page = await scene.visit();
  await page.evaluate("void analytics.track('Kept', { n: 1 })");
  await eventually(async () => (await committed(page)) === 1);
  const [{ items }] = await journalRecords(page);
  const [[kind, atMs, text, facts]] = items;
  assert.deepEqual([kind, typeof atMs], [2, "number"]);
  assert.match(text, /^track [0-9a-f-]{36}\n"Kept"\n\{"n":1\}$/);
  assert.equal(facts.length, 7);
  assert.equal(facts[0], scene.shop.url("/"));
});

test("a spill names its write key, its records and the settled ones", async () => {
  scene.inEachPage("indexedDB.open = () => new EventTarget();");
  scene.relay.fate = () => "reset";
  const page = await scene.visit();
  await page.evaluate("analytics.ready()");
  await page.evaluate("void analytics.track('Kept')");
  await page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide'))");
  const text = await page.evaluate(`Object.entries(localStorage)
    .find(([key]) => key.startsWith("waymark:spill:"))[1]`);
  const spilled = JSON.parse(String(text));
  assert.deepEqual(Object.keys(spilled), ["writeKey", "records", "settled"]);
  const [[number, [[kind]]]] = spilled.records;
  assert.deepEqual([typeof number, kind], ["number", 0]);
});
