// @ts-check
// The visitor's answers record, drop and erase, in this tab and in others.
import assert from "node:assert/strict";
import { test } from "node:test";
import { eventually } from "../support/eventually.mjs";
import { ASKED, NOTHING, setScene } from "./scene.mjs";

const scene = setScene();

/** @param {import("playwright-core").Page} page @param {string} choices */
const answer = (page, choices) =>
  page.evaluate(`analytics.consent.update(${choices})`);

/** Waits until nothing is stored. @param {import("playwright-core").Page} page */
async function erased(page) {
  /** @type {unknown} */
  let kept;
  await eventually(
    async () => {
      kept = await scene.kept(page);
      return JSON.stringify(kept) === JSON.stringify(NOTHING);
    },
    { what: () => `nothing kept, but there is ${JSON.stringify(kept)}` },
  );
}

test("held calls are replayed in order, each with its own time and page", async () => {
  const page = await scene.open();
  await scene.load(page);
  const times = /** @type {[number, number]} */ (
    await page.evaluate(`(async () => {
      analytics.page("Home");
      const first = Date.now();
      while (Date.now() <= first) await new Promise(requestAnimationFrame);
      history.pushState({}, "", "/product");
      document.title = "Product";
      analytics.track("Product Viewed");
      analytics.identify("u-1");
      const second = Date.now();
      while (Date.now() <= second) await new Promise(requestAnimationFrame);
      history.pushState({}, "", "/cart");
      analytics.track("Cart Viewed");
      analytics.consent.update({ analytics: true, advertising: false });
      return [first, second];
    })()`)
  );
  const events = await scene.stored(page);
  assert.deepEqual(
    events.map(({ type, event, context }) => [
      event ?? type,
      context.page.path,
    ]),
    [
      ["page", "/shop.html"],
      ["Product Viewed", "/product"],
      ["identify", "/product"],
      ["Cart Viewed", "/cart"],
    ],
  );
  const at = events.map(({ timestamp }) => Date.parse(timestamp));
  assert.ok(at[0] <= times[0] && at[1] > times[0], at.join());
  assert.ok(at[2] <= times[1] && at[3] > times[1], at.join());
  assert.deepEqual(
    events.map(({ userId }) => userId ?? null),
    [null, null, "u-1", "u-1"],
  );
  for (const { context } of events) {
    assert.deepEqual(context.consent, {
      categoryPreferences: { analytics: true, advertising: false },
    });
  }
  const { local, cookies } = await scene.kept(page);
  assert.ok(local.includes("ajs_user_id") && cookies.includes("ajs_user_id"));
});

test("withdrawn consent stops recording at once, in all tabs", async () => {
  const first = await scene.open();
  const second = await scene.open("/next.html");
  for (const page of [first, second]) {
    await scene.load(page);
    await answer(page, "{ analytics: true }");
    await page.evaluate(`analytics.identify("u-1", { plan: "gold" })`);
  }
  await scene.gateway.waitForEvents(2);
  await answer(first, "{ analytics: false }");
  await second.waitForFunction(`analytics.consent.state === "denied"`);
  for (const page of [first, second]) {
    const said = await page.evaluate(
      `analytics.track("Too late").catch((error) => error.message)`,
    );
    assert.match(String(said), /consent was denied/);
  }
  await erased(first);
  assert.equal((await scene.gateway.exportEvents()).length, 2);
});

test("when consent is withdrawn, queued events are dropped, counted and erased", async () => {
  const page = await scene.open();
  scene.relay.fate = () => "reset";
  await scene.load(page);
  await answer(page, "{ analytics: true }");
  await page.evaluate(`(async () => {
    await analytics;
    for (let n = 0; n < 5; n++) await analytics.track("Waits", { n });
  })()`);
  await eventually(
    async () => (await scene.kept(page)).databases.includes("waymark"),
    { what: "the journal" },
  );
  await answer(page, "{ analytics: false }");
  await erased(page);
  const delivery = /** @type {any} */ (
    await page.evaluate(`analytics.delivery()`)
  );
  assert.deepEqual(
    [delivery.accepted, delivery.pending, delivery.dropped.consent],
    [5, 0, 5],
  );
  scene.relay.fate = () => "pass";
  const next = await scene.open("/next.html");
  await scene.load(next, `"granted"`);
  assert.deepEqual(await scene.stored(next), []);
});

test("a client loaded before the answer touches nothing, whichever call is made", async () => {
  const page = await scene.open();
  await scene.load(page);
  await answer(page, "{ analytics: true }");
  await page.evaluate(`(async () => {
    [globalThis.client] = await analytics;
    await client.identify("u-1");
  })()`);
  await scene.gateway.waitForEvents(1);
  await answer(page, "{ analytics: false }");
  await erased(page);
  scene.requests = [];
  const said = await page.evaluate(`(async () => {
    uses.length = 0;
    client.user().id("u-2"); client.user().traits({ a: 1 }); client.user().anonymousId("a");
    client.group().id("g"); client.setAnonymousId("b"); client.reset();
    client.storage.set("own", 1);
    await client.track("Too late").catch(() => {});
    dispatchEvent(new StorageEvent("storage", { key: "ajs_user_id" }));
    dispatchEvent(new PageTransitionEvent("pagehide"));
    dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));
    return { uses, id: client.user().id() };
  })()`);
  assert.deepEqual(said, { uses: [], id: null });
  assert.deepEqual(await scene.kept(page), NOTHING);
  assert.deepEqual(scene.requests, []);
});

test("consent given again after a denial records again, as a new visitor", async () => {
  const page = await scene.open();
  const other = await scene.open("/next.html");
  for (const tab of [page, other]) await scene.load(tab);
  await answer(page, "{ analytics: true }");
  await page.evaluate(`analytics.identify("u-1")`);
  const [before] = await scene.gateway.waitForEvents(1);
  await answer(page, "{ analytics: false }");
  await erased(page);
  await answer(page, "{ analytics: true }");
  await page.evaluate(`analytics.track("Back")`);
  await other.waitForFunction(`analytics.consent.state === "granted"`);
  await other.evaluate(`analytics.track("Here too")`);
  const events = (await scene.gateway.waitForEvents(3)).map(
    ({ event }) => event,
  );
  const [back] = events.filter(({ event }) => event === "Back");
  assert.ok(events.some(({ event }) => event === "Here too"));
  assert.equal(back.userId ?? null, null);
  assert.notEqual(back.anonymousId, before?.anonymousId);
  const delivery = /** @type {any} */ (
    await page.evaluate(`analytics.delivery()`)
  );
  assert.equal(delivery.accepted, 2);
});

test("of answers that change faster than they take effect, the last one counts", async () => {
  const page = await scene.open();
  await scene.load(page);
  await page.evaluate(`(async () => {
    analytics.track("First");
    for (const yes of [true, false, true, false, true]) {
      analytics.consent.update({ analytics: yes });
      analytics.track("Said " + yes);
    }
  })()`);
  const names = (await scene.stored(page)).map(({ event }) => event);
  assert.deepEqual(names, ["Said true"]);
  await answer(page, "{ analytics: false }");
  await erased(page);
});

test("a page restored from the back/forward cache knows that consent was withdrawn", async () => {
  const page = await scene.open();
  await scene.load(page, ASKED);
  await page.evaluate(`answer({ analytics: true })`);
  await page.evaluate(`analytics.track("Before")`);
  await scene.gateway.waitForEvents(1);
  await page.goto(`${scene.site.origin}/next.html`);
  await scene.load(page, ASKED);
  await page.evaluate(`answer({ analytics: false })`);
  await erased(page);
  await page.goBack();
  await page.evaluate(`globalThis.analytics?.track("Too late")`);
  await page.waitForLoadState("networkidle");
  await erased(page);
  assert.equal((await scene.gateway.exportEvents()).length, 1);
});
