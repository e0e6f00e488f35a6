// @ts-check
// Servers that refuse, are down, or lose their answer: everything arrives in the end, once.
import assert from "node:assert/strict";
import "../support/watchdog.mjs";
import { test } from "../support/engine-test.mjs";
import { eventually } from "../support/eventually.mjs";
import { committed } from "./journal.mjs";
import { names, setScene, settledDelivery, tracking } from "./scene.mjs";

/** @typedef {import("./relay.mjs").Fate} Fate */

const scene = setScene();

/** Requests that a faulty server answers wrongly before it recovers. */
const ILL_FOR = 2;

/** @type {Record<string, Fate>} */
const ILLNESSES = {
  "answers 400 to everything": { status: 400 },
  "answers 401": { status: 401 },
  "answers 404": { status: 404 },
  "answers 429 and wants a second": {
    status: 429,
    headers: {
      "retry-after": "1",
      "access-control-expose-headers": "retry-after",
    },
  },
  "answers 500": { status: 500 },
  "answers 503": { status: 503 },
  "answers 200 with a page of HTML": {
    status: 200,
    body: "<!doctype html><title>Sign in</title>",
    headers: { "content-type": "text/html" },
  },
  "resets connections": "reset",
  "takes events and loses the answer": "lose-answer",
};

for (const [what, fate] of Object.entries(ILLNESSES)) {
  test(`a server that ${what} for a while costs no event`, async () => {
    scene.relay.fate = (_, n) => (n <= ILL_FOR ? fate : "pass");
    const page = await scene.visit();
    await page.evaluate(tracking(names(10)));
    await scene.expectOnce(names(10));
    const delivery = await settledDelivery(page);
    assert.equal(delivery.acknowledged, 10);
  });
}

test("a server that redirects to a page costs no event", async () => {
  const location = scene.shop.url("/sign-in");
  scene.relay.fate = (_, n) =>
    n <= ILL_FOR ? { status: 302, headers: { location } } : "pass";
  const page = await scene.visit();
  await page.evaluate(tracking(names(10)));
  await scene.expectOnce(names(10));
  assert.equal((await settledDelivery(page)).acknowledged, 10);
});

test("a server that takes 20 KB at a time gets everything in small batches", async () => {
  scene.relay.fate = ({ body }) =>
    body.length > 40_000 ? { status: 413 } : "pass";
  const page = await scene.visit();
  await page.evaluate(`for (let n = 0; n < 60; n++)
    analytics.track("E" + n, { text: "x".repeat(3000) })`);
  await scene.expectOnce(names(60));
  assert.equal((await settledDelivery(page)).acknowledged, 60);
});

test("an event that the server refuses harms no other, and is counted", async () => {
  scene.relay.fate = ({ events }) =>
    events.some(({ event }) => event === "E5") ? { status: 400 } : "pass";
  const page = await scene.visit();
  await page.evaluate(tracking(names(12)));
  await scene.expectOnce(names(12).filter((name) => name !== "E5"));
  const { acknowledged, dropped } = await settledDelivery(page);
  assert.deepEqual([acknowledged, dropped.refused], [11, 1]);
});

test("events that a server missed while down are sent by the next page", async () => {
  scene.relay.fate = () => "reset";
  const page = await scene.visit();
  await page.evaluate(tracking(names(10)));
  await eventually(async () => (await committed(page)) === 10);
  await eventually(() => scene.relay.asked.length > 0);
  await page.goto(scene.shop.url("/next"));
  scene.relay.fate = () => "pass";
  await page.evaluate("analytics.track('Next')");
  await scene.expectOnce([...names(10), "Next"]);
  const { restored } = await settledDelivery(page);
  assert.equal(restored, 10);
});

test("events recorded offline are sent when the network is back", async () => {
  const page = await scene.visit();
  await page.evaluate("analytics.track('First')");
  await scene.gateway.waitForEvents(1);
  await scene.setOffline(page, true);
  await page.evaluate(tracking(names(2000)));
  await scene.setOffline(page, false);
  await scene.expectOnce(["First", ...names(2000)]);
  assert.equal((await settledDelivery(page)).acknowledged, 2001);
});
