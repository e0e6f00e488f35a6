// @ts-check
// While nothing is known, and after a denial, nothing touches storage, cookies or the network.
import assert from "node:assert/strict";
import { test } from "../support/engine-test.mjs";
import { eventually } from "../support/eventually.mjs";
import { ASKED, NOTHING, setScene } from "./scene.mjs";

const scene = setScene();

/** All a page may do: each call there is, and what an impatient visitor does to a tab. */
const EVERYTHING = `
  analytics.page("Shop");
  analytics.track("Product Viewed", { price: 1.5 });
  analytics.identify("u-1", { plan: "gold" });
  analytics.group("g-1");
  analytics.alias("u-2");
  analytics.setAnonymousId("a-1");
  analytics.user(); analytics.ready(); analytics.reset();
  dispatchEvent(new PageTransitionEvent("pagehide"));
  dispatchEvent(new PageTransitionEvent("pageshow"));
  document.dispatchEvent(new Event("visibilitychange"));`;

/** @param {import("playwright-core").Page} page */
const uses = (page) =>
  /** @type {Promise<string[]>} */ (page.evaluate(`uses.splice(0)`));

for (const [name, consent] of [
  ["a page that asks itself", `"required"`],
  ["a page that names a source", ASKED],
]) {
  test(`${name} touches nothing while consent is unknown`, async () => {
    const page = await scene.open();
    await scene.load(page, consent);
    await scene.idle(page);
    scene.requests = [];
    await page.evaluate(EVERYTHING);
    await scene.idle(page);
    assert.deepEqual(await uses(page), []);
    assert.deepEqual(await scene.kept(page), NOTHING);
    assert.deepEqual(scene.requests, []);
    assert.equal(await page.evaluate(`analytics.consent.state`), "unknown");
  });

  test(`${name} touches nothing after a denial but to erase`, async () => {
    const page = await scene.open();
    await scene.load(page, consent);
    await page.evaluate(`void analytics.track("Held")`);
    await scene.idle(page);
    scene.requests = [];
    await page.evaluate(`analytics.consent.update({ analytics: false })`);
    await eventually(
      async () =>
        page.evaluate(`uses.some((use) => use.startsWith("deleteDatabase"))`),
      { what: "the erasure" },
    );
    const erased = scene.requests.filter(
      (one) => !/\/erase-\w+\.js$/.test(one),
    );
    assert.deepEqual(erased, [], "only the code that erases was fetched");
    await uses(page);
    scene.requests = [];
    await page.evaluate(EVERYTHING);
    await scene.idle(page);
    assert.deepEqual(await uses(page), []);
    assert.deepEqual(scene.requests, []);
    assert.deepEqual(await scene.kept(page), NOTHING);
    const delivery = /** @type {any} */ (
      await page.evaluate(`analytics.delivery()`)
    );
    assert.equal(delivery.refused.consent >= 7, true, JSON.stringify(delivery));
    assert.equal(delivery.pending, 0);
  });
}

test("a page that records unasked keeps a denial, and only that", async () => {
  const page = await scene.open();
  await scene.load(page, `"granted"`);
  await page.evaluate(`analytics.identify("u-1", { plan: "gold" })`);
  await scene.gateway.waitForEvents(1);
  await page.evaluate(`analytics.consent.update({ analytics: false })`);
  const denial = { ...NOTHING, local: ["waymark:consent"] };
  await eventually(
    async () =>
      JSON.stringify(await scene.kept(page)) === JSON.stringify(denial),
    { what: "nothing but the denial" },
  );
  const next = await scene.open("/next.html");
  await scene.idle(next);
  scene.requests = [];
  await scene.load(next, `"granted"`);
  await scene.idle(next);
  const outcome = await next.evaluate(
    `analytics.track("Later").catch((error) => error.message)`,
  );
  assert.match(String(outcome), /consent was denied/);
  assert.deepEqual(await uses(next), ["getItem waymark:consent"]);
  assert.equal(await next.evaluate(`analytics.consent.state`), "denied");
  assert.deepEqual(
    scene.requests.filter((one) => /start|wasm|\/v1\//.test(one)),
    [],
  );
  await next.evaluate(`analytics.consent.update({ analytics: true })`);
  const names = (await scene.stored(next)).map(({ type }) => type);
  assert.deepEqual(names, ["identify"], "what was recorded before the denial");
  const { local } = await scene.kept(next);
  assert.ok(!local.includes("waymark:consent"), "the denial is forgotten");
});
