// @ts-check
// Pages that are hidden, reloaded, crash, or come back from the back/forward cache.
import assert from "node:assert/strict";
import "../support/watchdog.mjs";
import { test } from "../support/engine-test.mjs";
import { NOTE_PERSISTED, restored } from "../support/back-forward.mjs";
import { KEEPS_PAGES } from "../support/browser.mjs";
import { crash } from "../support/crash.mjs";
import { eventually } from "../support/eventually.mjs";
import { thatLeaves } from "../support/leaving-code.mjs";
import { committed } from "./journal.mjs";
import { names, setScene, settledDelivery, tracking } from "./scene.mjs";

const scene = setScene(KEEPS_PAGES);

const SET_VISIBILITY = `(state) => {
  Object.defineProperty(document, "visibilityState", { value: state, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}`;

test("a tab that is hidden and shown five times sends each event once", async () => {
  const page = await scene.visit();
  await page.evaluate("analytics.track('First')");
  await scene.gateway.waitForEvents(1);
  /** @type {() => void} */
  let go = () => {};
  const held = new Promise((done) => (go = () => done(undefined)));
  scene.relay.fate = () => held.then(() => "pass");
  await page.evaluate(`${tracking(names(30))}
    for (let n = 0; n < 5; n++) {
      (${SET_VISIBILITY})("hidden");
      (${SET_VISIBILITY})("visible");
    }`);
  await eventually(() => scene.relay.asked.length > 1);
  go();
  await scene.expectOnce(["First", ...names(30)]);
  const sent = scene.relay.asked.flatMap(({ events }) => events);
  assert.equal(sent.length, 31, "no event is in two requests");
  assert.equal((await settledDelivery(page)).acknowledged, 31);
});

test("twenty reloads with an event each lose no event", async () => {
  const page = await scene.visit();
  for (const name of names(20)) {
    await page.evaluate("globalThis.isLeft = true");
    await page.evaluate(
      thatLeaves(`analytics.track("${name}"); location.reload()`),
    );
    const isThere = `!globalThis.isLeft && document.readyState === "complete"`;
    await eventually(() => page.evaluate(isThere), { what: "the page again" });
  }
  await scene.expectOnce(names(20));
});

test("after a crash of the renderer the next page sends what was committed", async () => {
  scene.relay.fate = () => "reset";
  const page = await scene.visit();
  await page.evaluate(tracking(names(10)));
  await eventually(async () => (await committed(page)) === 10);
  await crash(page);
  scene.relay.fate = () => "pass";
  const next = await scene.visit("/next");
  await scene.expectOnce(names(10));
  // A held call is made again, an event is restored.
  await eventually(async () => {
    const { accepted, restored } = await settledDelivery(next);
    return accepted + restored === 10;
  });
});

test("a page from the back/forward cache sends nothing twice", async () => {
  scene.inEachPage(NOTE_PERSISTED);
  const page = await scene.visit();
  await page.evaluate(tracking(names(5)));
  await scene.gateway.waitForEvents(5);
  await page.evaluate(tracking(names(5, "Before")));
  await page.goto(scene.shop.url("/next"));
  await page.evaluate(tracking(names(5, "Between")));
  await scene.gateway.waitForEvents(15);
  await restored(page);
  await page.evaluate(tracking(names(5, "After")));
  await scene.gateway.waitForEvents(20);
  await restored(page, "goForward");
  await page.evaluate(tracking(names(5, "Again")));
  await scene.expectOnce(
    ["E", "Before", "Between", "After", "Again"].flatMap((name) =>
      names(5, name),
    ),
  );
  await settledDelivery(page);
});

test("a page from the cache leaves what another page has adopted", async () => {
  scene.relay.fate = () => "reset";
  scene.inEachPage(NOTE_PERSISTED);
  const page = await scene.visit();
  await page.evaluate(tracking(names(10)));
  await eventually(async () => (await committed(page)) === 10);
  // Chromium does not keep a page that has a request under way.
  await eventually(() => page.evaluate("analytics.delivery().retried > 0"));
  await page.goto(scene.shop.url("/next"));
  scene.relay.fate = () => "pass";
  await scene.expectOnce(names(10));
  await settledDelivery(page);
  const before = scene.relay.asked.length;
  await restored(page);
  await page.evaluate("analytics.track('After')");
  await scene.expectOnce([...names(10), "After"]);
  await settledDelivery(page);
  const sent = scene.relay.asked.slice(before).flatMap(({ events }) => events);
  assert.deepEqual(
    sent.map(({ event }) => event),
    ["After"],
  );
});
