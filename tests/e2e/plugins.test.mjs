// @ts-check
// Plugins, middleware and several clients on one page, in Chromium, against the real gateway.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import "../support/watchdog.mjs";
import { setShop } from "./shop.mjs";

/** @typedef {import("../support/gateway.mjs").StoredEvent} StoredEvent */

const HTML = "<!doctype html><title>Shop</title>";

const shop = setShop({ "/shop.html": HTML, "/next.html": HTML });

beforeEach(() => shop.open("/shop.html"));

/** Names in order: a track's event, else the type. */
const names = (/** @type {StoredEvent[]} */ events) =>
  events.map(({ event, type }) => event.event ?? type);

test("two clients on one page share the visitor", async () => {
  const ids = await shop.run(`
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

test("a plugin sees, changes and stops events, and a failing one loses none", async () => {
  const seen = await shop.run(`
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
  const events = await shop.gateway.waitForEvents(2);
  assert.deepEqual(names(events), ["Held", "Sent"]);
  assert.deepEqual(
    events.map(({ event }) => event.properties),
    [{ seen: true }, { n: 1, seen: true }],
  );
});
