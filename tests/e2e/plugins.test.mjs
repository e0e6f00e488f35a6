// @ts-check
// Plugins, middleware and several clients on one page, in Chromium, against the real gateway.
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import "../support/watchdog.mjs";
import { launchChromium } from "../support/chromium.mjs";
import { startGateway } from "../support/gateway.mjs";
import { packageFiles } from "../support/packageFiles.mjs";
import { servePage } from "../support/pageServer.mjs";

/** @typedef {import("../support/gateway.mjs").StoredEvent} StoredEvent */

const HTML = "<!doctype html><title>Shop</title>";

/** @type {Awaited<ReturnType<typeof servePage>>} */
let site;
/** @type {import("playwright-core").Browser} */
let browser;
/** @type {Awaited<ReturnType<typeof startGateway>>} */
let gateway;
/** @type {import("playwright-core").Page} */
let page;
/** @type {string[]} */
let troubles;

before(async () => {
  const files = { "/shop.html": HTML, "/next.html": HTML };
  site = await servePage({ ...files, ...(await packageFiles()) });
  browser = await launchChromium();
});

after(async () => {
  await browser?.close();
  await site?.close();
});

beforeEach(async () => {
  gateway = await startGateway();
  page = await (await browser.newContext()).newPage();
  troubles = [];
  page.on("pageerror", (error) => troubles.push(String(error)));
  await page.goto(`${site.origin}/shop.html`);
});

afterEach(async () => {
  await page.context().close();
  await gateway.stop();
  assert.deepEqual(troubles, [], "nothing may be thrown into the page");
});

/**
 * Runs `code` in the page, where `analytics` is a client that has just begun to load.
 *
 * @param {string} code statements; may await, and return what JSON can hold
 * @param {object} [options] more options of `load`
 * @returns {Promise<any>}
 */
function run(code, options = {}) {
  const load = {
    integrations: {
      "Segment.io": { apiHost: `${gateway.host}/v1`, protocol: "http" },
    },
    ...options,
  };
  return page.evaluate(`(async () => {
    const { AnalyticsBrowser } = await import("/waymark/index.js");
    const analytics = (globalThis.analytics = AnalyticsBrowser.load(
      { writeKey: "demo-browser-key" }, ${JSON.stringify(load)}));
    ${code}
  })()`);
}

/** Names in order: a track's event, else the type. */
const names = (/** @type {StoredEvent[]} */ events) =>
  events.map(({ event, type }) => event.event ?? type);

test("two clients of one page share the visitor", async () => {
  const ids = await run(`
    const other = AnalyticsBrowser.load({ writeKey: "demo-server-key" }, ${JSON.stringify(
      { integrations: { "Segment.io": { apiHost: "x.invalid" } } },
    )});
    await analytics.identify("u1", { plan: "pro" });
    const seen = await other.track("Seen");
    await other.reset();
    const after = await analytics.track("After");
    return [seen.event.userId, after.event.userId ?? null,
      seen.event.anonymousId === after.event.anonymousId];`);
  assert.deepEqual(ids, ["u1", null, false]);
});

test("a plugin sees, changes and stops events, and one that fails loses none", async () => {
  const seen = await run(`
    const plugin = (name, type, track) => ({ name, type, version: "1", track,
      isLoaded: () => true, load: async () => {} });
    analytics.track("Held");
    analytics.register(
      plugin("Before", "before", (ctx) => { ctx.updateEvent("properties.seen", true); return ctx; }),
      plugin("Broken", "before", () => { throw new Error("broken"); }),
    );
    analytics.addSourceMiddleware(({ payload, next }) => {
      if (payload.event() !== "Stopped") next(payload);
    });
    const stopped = await analytics.track("Stopped");
    await analytics.track("Sent", { n: 1 });
    return stopped.failedDelivery().reason.type;`);
  assert.equal(seen, "middleware_cancellation");
  const events = await gateway.waitForEvents(2);
  assert.deepEqual(names(events), ["Held", "Sent"]);
  assert.deepEqual(
    events.map(({ event }) => event.properties),
    [{ seen: true }, { n: 1, seen: true }],
  );
});
