// @ts-check
// The core traps: a fresh one continues from the journal, and where that fails too, the journal
// keeps what a later page delivers.
import assert from "node:assert/strict";
import { beforeEach } from "node:test";
import "../support/watchdog.mjs";
import { test } from "../support/engine-test.mjs";
import { names, setScene, settledDelivery, tracking } from "./scene.mjs";
import { trappingCore } from "./trapping.mjs";

const scene = setScene();
// What is tested is what becomes of calls that reach the core.
beforeEach(() => {
  scene.shop.options = { express: false };
});
const WASM = "/waymark/waymark_bg.wasm";

/** Serves a core that traps. @param {string} named @param {number} call */
async function serveTrapping(named, call) {
  const body = await trappingCore(named, call);
  scene.shop.fault = (path) => (path === WASM ? { body } : {});
}

test("a call that traps the core is made by a fresh one, as are the others", async () => {
  await serveTrapping("call", 4);
  const page = await scene.visit();
  await page.evaluate(tracking(names(6)));
  await scene.expectOnce(names(6));
  const delivery = await settledDelivery(page);
  assert.equal(delivery.traps, 1);
  assert.equal(delivery.acknowledged, 6);
});

test("events that wait when the core traps are sent from the journal", async () => {
  scene.relay.fate = () => "reset";
  await serveTrapping("call", 8);
  const page = await scene.visit();
  await page.evaluate(tracking(names(5)));
  await page.evaluate(tracking(names(5, "Later")));
  assert.equal((await traps(page)).traps, 1);
  scene.relay.fate = () => "pass";
  await page.evaluate("dispatchEvent(new Event('online'))");
  await scene.expectOnce([...names(5), ...names(5, "Later")]);
  await settledDelivery(page);
});

for (const named of ["pump", "answered"]) {
  test(`a core that traps in ${named}, in no call of the page, throws nothing into the page`, async () => {
    await serveTrapping(named, 2);
    const page = await scene.visit();
    await page.evaluate("analytics.ready()");
    await page.evaluate(tracking(names(5)));
    await scene.gateway.waitForEvents(5);
    await page.evaluate(tracking(names(5, "Later")));
    await scene.expectOnce([...names(5), ...names(5, "Later")]);
    assert.equal((await traps(page)).traps, 1);
  });
}

test("without a journal, too, a fresh core continues with the waiting events", async () => {
  scene.shop.options = { disableClientPersistence: true };
  await serveTrapping("call", 4);
  const page = await scene.visit();
  await page.evaluate(tracking(names(6)));
  await scene.expectOnce(names(6));
  assert.equal((await settledDelivery(page)).traps, 1);
});

test("after a second trap within a minute calls are journalled for a later page", async () => {
  await serveTrapping("call", 4);
  const page = await scene.visit();
  await page.evaluate(tracking(names(12)));
  const delivery = await traps(page);
  assert.equal(delivery.traps, 2);
  assert.equal(delivery.refused.failed, 0);
  await page.evaluate("analytics.reset()");
  await page.evaluate("void analytics.track('After reset')");
  scene.shop.fault = () => ({});
  await page.goto(scene.shop.url("/next"));
  await scene.expectOnce([...names(12), "After reset"]);
  const events = await scene.gateway.exportEvents();
  const visitors = new Map(
    events.map(({ event }) => [event.event, event.anonymousId]),
  );
  assert.notEqual(visitors.get("After reset"), visitors.get("E11"));
});

test("a call that traps every core is given up, and counted", async () => {
  await serveTrapping("call", 1);
  const page = await scene.visit();
  await page.evaluate(tracking(names(1, "Poison")));
  await page.evaluate(tracking(names(3)));
  const delivery = await traps(page);
  assert.deepEqual([delivery.traps, delivery.refused.failed], [2, 1]);
  scene.shop.fault = () => ({});
  await page.goto(scene.shop.url("/next"));
  await scene.expectOnce(names(3));
});

/** @param {import("../support/browser.mjs").Page} page @returns {Promise<import("./scene.mjs").Delivery>} */
async function traps(page) {
  await page.evaluate("analytics.ready()");
  return /** @type {any} */ (await page.evaluate("analytics.delivery()"));
}
