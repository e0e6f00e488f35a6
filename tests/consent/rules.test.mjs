// @ts-check
// Categories of events and destinations, and the browser's own signals.
import assert from "node:assert/strict";
import { test } from "node:test";
import { eventually } from "../support/eventually.mjs";
import { NOTHING, setScene } from "./scene.mjs";

const scene = setScene();

const RULES = `rules.consent({
  events: { "Coupon Clicked": ["advertising"] },
  destinations: { "Pixel": ["advertising"] },
})`;

/** @param {any[]} events */
const names = (events) => events.map(({ event }) => event);

test("an event is held until its own category is answered, and other events are not", async () => {
  const page = await scene.open();
  await scene.load(page, RULES);
  await page.evaluate(`(async () => {
    analytics.track("Coupon Clicked", { n: 1 });
    analytics.consent.update({ analytics: true });
    analytics.track("Coupon Clicked", { n: 2 });
    await analytics.track("Product Viewed");
  })()`);
  assert.deepEqual(names(await scene.stored(page)), ["Product Viewed"]);
  // The answer to the event that the gateway has stored may still be on its way.
  await eventually(() => page.evaluate("analytics.delivery().pending === 2"), {
    what: "two pending events",
  });
  await page.evaluate(`analytics.consent.update({ advertising: true })`);
  const events = (await scene.gateway.waitForEvents(4)).map((one) => one.event);
  const coupons = events.filter(({ event }) => event === "Coupon Clicked");
  assert.deepEqual(
    coupons.map(({ properties }) => properties.n),
    [1, 2],
  );
  assert.deepEqual(coupons[0].context.consent.categoryPreferences, {
    analytics: true,
    advertising: true,
  });
});

test("events of refused categories are dropped and counted, others carry the choices", async () => {
  const page = await scene.open();
  await scene.load(page, RULES);
  const said = await page.evaluate(`(async () => {
    const held = analytics.track("Coupon Clicked").catch((error) => error.message);
    analytics.consent.update({ analytics: true, advertising: false });
    const byName = analytics.track({ event: "Coupon Clicked" }).catch((error) => error.message);
    await analytics.track("Product Viewed");
    return [await held, await byName, analytics.delivery().refused.consent];
  })()`);
  assert.deepEqual(said, [
    "Not recorded: consent was denied",
    "Not recorded: consent was denied",
    2,
  ]);
  const [viewed, ...rest] = await scene.stored(page);
  assert.deepEqual(rest, []);
  assert.deepEqual(viewed.context.consent.categoryPreferences, {
    analytics: true,
    advertising: false,
  });
  assert.equal(viewed.integrations.Pixel, false);
});

test("a destination in the page gets events only while its category is granted", async () => {
  const page = await scene.open();
  await scene.load(page, RULES);
  const seen = await page.evaluate(`(async () => {
    const seen = [];
    const track = (context) => { seen.push(context.event.event); return context; };
    analytics.register({ name: "Pixel", type: "destination", version: "1",
      isLoaded: () => true, load: async () => {}, track });
    analytics.consent.update({ analytics: true, advertising: false });
    await analytics.track("Refused");
    analytics.consent.update({ advertising: true });
    await analytics.track("Granted", {}, { integrations: { Pixel: true } });
    analytics.consent.update({ advertising: false });
    await analytics.track("Refused again", {}, { integrations: { Pixel: true } });
    return seen;
  })()`);
  assert.deepEqual(seen, ["Granted"]);
  const events = await scene.stored(page);
  assert.deepEqual(
    events.map(({ event, context }) => [
      event,
      context.consent.categoryPreferences.advertising,
    ]),
    [
      ["Refused", false],
      ["Granted", true],
      ["Refused again", false],
    ],
  );
});

/** The signals, as the browsers that support them set them. */
const SENDS = {
  gpc: `Object.defineProperty(Navigator.prototype, "globalPrivacyControl",
    { configurable: true, get: () => true })`,
  dnt: `Object.defineProperty(Navigator.prototype, "doNotTrack",
    { configurable: true, get: () => "1" })`,
};

for (const signal of /** @type {const} */ (["gpc", "dnt"])) {
  test(`${signal} stops recording where it is honoured, whatever the visitor answers`, async () => {
    await scene.context.addInitScript(SENDS[signal]);
    const page = await scene.open();
    await scene.load(page, `rules.consent({ honor: ["gpc", "dnt"] })`);
    const said = await page.evaluate(`(async () => {
      analytics.consent.update({ analytics: true });
      return [analytics.consent.state,
        await analytics.track("Refused").catch((error) => error.message)];
    })()`);
    assert.deepEqual(said, ["denied", "Not recorded: consent was denied"]);
    await page.waitForLoadState("networkidle");
    assert.deepEqual(await scene.kept(page), NOTHING);
    assert.deepEqual(await scene.gateway.exportEvents(), []);
  });

  test(`${signal} changes nothing where it is not honoured, which is the default`, async () => {
    await scene.context.addInitScript(SENDS[signal]);
    const page = await scene.open();
    await scene.load(page, `"granted"`);
    await page.evaluate(`analytics.track("Recorded")`);
    assert.deepEqual(names(await scene.stored(page)), ["Recorded"]);
  });
}

test("a signal may refuse some categories only", async () => {
  await scene.context.addInitScript(SENDS.gpc);
  const page = await scene.open();
  await scene.load(
    page,
    `rules.consent({ required: false, honor: { gpc: ["advertising"] },
       events: { "Coupon Clicked": ["advertising"] } })`,
  );
  await page.evaluate(`(async () => {
    analytics.consent.update({ advertising: true });
    await analytics.track("Coupon Clicked").catch(() => {});
    await analytics.track("Product Viewed");
  })()`);
  const events = await scene.stored(page);
  assert.deepEqual(names(events), ["Product Viewed"]);
  assert.deepEqual(events[0].context.consent.categoryPreferences, {
    advertising: false,
  });
});
