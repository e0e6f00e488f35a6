// @ts-check
// Faults that last: a day offline, a server that refuses everything for ten seconds, a core
// that is ten seconds late.
import assert from "node:assert/strict";
import { test } from "node:test";
import "../../support/watchdog.mjs";
import { eventually } from "../../support/eventually.mjs";
import { names, setScene, settledDelivery, tracking } from "../scene.mjs";

const scene = setScene();

/** How long a fault lasts, in milliseconds. */
const FAULT_MS = 10_000;

test("20 000 events recorded offline arrive when the network is back", async () => {
  const page = await scene.visit();
  await page.evaluate("analytics.ready()");
  await scene.context.setOffline(true);
  for (let n = 0; n < 20; n++) {
    await page.evaluate(tracking(names(1000, `E${n}-`)));
  }
  await scene.context.setOffline(false);
  const expected = names(20).flatMap((name) => names(1000, `${name}-`));
  await eventually(
    async () => {
      const { acknowledged } = await page.evaluate("analytics.delivery()");
      return acknowledged === 20_000;
    },
    { deadlineMs: 60_000 },
  );
  await scene.expectOnce(expected);
});

for (const status of [400, 500]) {
  test(`a server that answers ${status} for ten seconds costs no event`, async () => {
    const end = performance.now() + FAULT_MS;
    scene.relay.fate = () => (performance.now() < end ? { status } : "pass");
    const page = await scene.visit();
    await page.evaluate(tracking(names(10)));
    await eventually(async () => (await scene.stored()).length >= 10, {
      deadlineMs: 60_000,
    });
    await scene.expectOnce(names(10));
    const { acknowledged } = await settledDelivery(page);
    assert.equal(acknowledged, 10);
  });
}

test("a core that loads ten seconds late finds every event", async () => {
  scene.shop.fault = (path) =>
    path.endsWith(".wasm") ? { delayMs: FAULT_MS } : {};
  const page = await scene.visit();
  await page.evaluate(tracking(names(10)));
  await scene.expectOnce(names(10));
  assert.equal((await settledDelivery(page)).acknowledged, 10);
});
