// @ts-check
// The ids of vendors' own scripts in a real browser: carried with consent only, as the gateway's
// destinations read them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { eventually } from "../support/eventually.mjs";
import { setScene } from "../privacy/scene.mjs";

const scene = setScene();
const ENTRY = "destinations/index";
const ALL = `extensions: [globalThis.ids = entry.destinationIds({
  ga4: "G-ABC123", meta: true, tiktok: true, googleAds: true })]`;
const REQUIRED = `consent: "required", ${ALL}`;
/** What the vendors' own scripts set. */
const COOKIES = {
  _ga: "GA1.1.1234567890.1700000000",
  _ga_ABC123: "GS2.1.s1700000100$o3$g1$t1700000200$j60$l0$h0",
  _ga_OTHER: "GS1.1.1600000000.1.0.1600000000.0.0.0",
  _fbp: "fb.1.1700000000000.987654321",
  _ttp: "ttp-1",
  _gcl_aw: "GCL.1700000000.gclid-of-the-tag",
};
const SET_COOKIES = Object.entries(COOKIES)
  .map(([name, value]) => `document.cookie = "${name}=${value}; path=/";`)
  .join("\n");
const KEPT = `return localStorage.getItem("waymark:clicks");`;

/** @param {number} count */
const contexts = async (count) => {
  const events = await scene.gateway.waitForEvents(count);
  const byName = events.map(({ event }) => event);
  byName.sort((a, b) => (a.event < b.event ? -1 : 1));
  return byName.map(({ context }) => context);
};

/** The members that the extension adds. @param {any} context */
const idsOf = ({ ga4, fbp, fbc, ttp, clickIds }) =>
  JSON.parse(JSON.stringify({ ga4, fbp, fbc, ttp, clickIds }));

test("all ids are carried once the visitor agrees, and click ids on later pages, too", async () => {
  await scene.visit("/shop.html?fbclid=fb-1&ttclid=tt-1&wbraid=w-1");
  const before = Date.now();
  await scene.start(
    `${SET_COOKIES}
     analytics.consent.update({ analytics: true, advertising: true });
     await analytics.track("A");`,
    REQUIRED,
    ENTRY,
  );
  await scene.gateway.waitForEvents(1);
  await scene.page.close();
  await scene.visit("/next.html?gclid=g-1");
  await scene.start(
    `analytics.consent.update({ analytics: true, advertising: true });
     await analytics.track("B");`,
    REQUIRED,
    ENTRY,
  );
  const [a, b] = (await contexts(2)).map(idsOf);
  const clickedMs = Number(a.fbc.split(".")[2]);
  assert.ok(clickedMs >= before && clickedMs <= Date.now(), a.fbc);
  const ids = {
    ga4: { clientId: "1234567890.1700000000", sessionId: "1700000100" },
    fbp: COOKIES._fbp,
    fbc: `fb.1.${clickedMs}.fb-1`,
    ttp: "ttp-1",
  };
  const clickIds = { ttclid: "tt-1", wbraid: "w-1" };
  const fromTag = { ...clickIds, gclid: "gclid-of-the-tag" };
  assert.deepEqual(a, { ...ids, clickIds: fromTag });
  assert.deepEqual(b, { ...ids, clickIds: { ...clickIds, gclid: "g-1" } });
});

test("without consent nothing is read or kept, and a denial erases it", async () => {
  await scene.visit("/shop.html?ttclid=tt-1");
  const early = await scene.start(
    `${SET_COOKIES} analytics.track("A");
     return [await ids.forCart(analytics) ?? null, localStorage.length];`,
    REQUIRED,
    ENTRY,
  );
  assert.deepEqual(early, [null, 0]);
  // Of an advertiser's category he has said nothing yet.
  await scene.run(
    `analytics.consent.update({ analytics: true }); await analytics.track("B");`,
  );
  const ga4 = { clientId: "1234567890.1700000000", sessionId: "1700000100" };
  for (const context of await contexts(2)) {
    assert.deepEqual(idsOf(context), { ga4 });
  }
  const cart = await scene.run(`return ids.forCart(analytics);`);
  assert.deepEqual(cart.context, { ga4 });
  assert.equal(await scene.run(KEPT), null);
  await scene.run(
    `analytics.consent.update({ advertising: true }); await analytics.track("C");`,
  );
  const [, , c] = await contexts(3);
  assert.equal(c.clickIds.ttclid, "tt-1");
  assert.match(await scene.run(KEPT), /tt-1/);
  await scene.run(`analytics.consent.update({ analytics: false });`);
  await eventually(async () => (await scene.run(KEPT)) === null);
  const denied = await scene.run(
    `return await ids.forCart(analytics) ?? null;`,
  );
  assert.equal(denied, null);
});

test("a cart is given the ids that the visitor's events have", async () => {
  await scene.visit("/shop.html?fbclid=fb-1");
  const { cart, anonymousId } = await scene.start(
    `${SET_COOKIES}
     analytics.consent.update({ analytics: true, advertising: true });
     await analytics.track("A");
     const anonymousId = (await analytics.user()).anonymousId();
     return { cart: await ids.forCart(analytics), anonymousId };`,
    REQUIRED,
    ENTRY,
  );
  const [context] = await contexts(1);
  assert.deepEqual(cart, { anonymousId, context: idsOf(context) });
});

test("each is off unless it is asked for, and values that are no ids are left out", async () => {
  await scene.visit(`/shop.html?ttclid=${"x".repeat(501)}&gclid=g-1`);
  await scene.start(
    `${SET_COOKIES}
     document.cookie = "_ga=GA1.1.no-client-id; path=/";
     analytics.consent.update({ analytics: true, advertising: true });
     await analytics.track("A");`,
    `consent: "required",
     extensions: [entry.destinationIds({ ga4: true, tiktok: true })]`,
    ENTRY,
  );
  const [context] = await contexts(1);
  assert.deepEqual(idsOf(context), { ttp: "ttp-1" });
});
