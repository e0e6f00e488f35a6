// @ts-check
// The recording client, with Node's own runner: the events it keeps are those of the real one.
import assert from "node:assert/strict";
import { test } from "node:test";
import { AnalyticsBrowser } from "waymark";
import { EcommerceTracker } from "waymark/ecommerce";
import { matchers, RecordingClient } from "waymark/testing";

test("it takes the real client's calls and keeps their events at once", async () => {
  const analytics = new RecordingClient();
  assert.ok(analytics instanceof AnalyticsBrowser);
  void analytics.page("Shop", "Home");
  void analytics.identify("user_1", { email: "ann@example.org" });
  void analytics.track("Product Added", { price: 1, gone: undefined });
  void analytics.group("group_1", { plan: "gold" });
  void analytics.alias("user_2");
  void analytics.screen("Home");
  assert.deepEqual(
    analytics.events.map(({ type, event, name, userId }) => [
      type,
      event ?? name,
      userId,
    ]),
    [
      ["page", "Home", undefined],
      ["identify", undefined, "user_1"],
      ["track", "Product Added", "user_1"],
      ["group", undefined, "user_1"],
      ["alias", undefined, "user_1"],
      ["screen", "Home", "user_1"],
    ],
  );
  assert.deepEqual(analytics.events[2]?.properties, { price: 1 });
  assert.equal(analytics.events[0]?.anonymousId, "anonymous_1");
  const context = await analytics.track("E", {}, { messageId: "m" });
  assert.equal(context.event.messageId, "m");
  assert.equal((await analytics.user()).id(), "user_1");
  assert.deepEqual((await analytics.group()).traits(), { plan: "gold" });
  await analytics.reset();
  analytics.clear();
  void analytics.track("E");
  assert.equal(analytics.events[0]?.userId, undefined);
  assert.equal(analytics.events[0]?.anonymousId, "anonymous_2");
  const [loaded] = await analytics;
  assert.equal(/** @type {unknown} */ (loaded), analytics);
});

test("what the real client refuses is a quiet rejection here too", async () => {
  const analytics = new RecordingClient();
  await assert.rejects(analytics.track(/** @type {any} */ (undefined)));
  void analytics.track(/** @type {any} */ (""));
  assert.deepEqual(analytics.events, []);
});

test("matchers tell what they found", () => {
  const analytics = new RecordingClient();
  const shop = new EcommerceTracker(analytics, { currency: "EUR" });
  shop.cartViewed({ cartId: "c", products: [{ productId: "p", price: 1 }] });
  const has = (/** @type {any} */ properties) =>
    matchers.toHaveTracked(analytics, "Cart Viewed", properties);
  assert.ok(has({ products: [{ product_id: "p" }] }).pass);
  assert.ok(!has({ products: [] }).pass);
  assert.ok(!has({ cart_id: 1 }).pass);
  assert.match(
    has({ cart_id: 1 }).message(),
    /not recorded: Cart Viewed\nwith .*\nfound /,
  );
  const none = matchers.toHaveTracked(analytics.events, "Order Completed");
  assert.match(none.message(), /recorded: Cart Viewed/);
  assert.ok(matchers.toHaveTrackedTimes(analytics, "Cart Viewed", 1).pass);
  void analytics.identify("u", { plan: "gold" });
  void analytics.page("Home");
  assert.ok(matchers.toHaveIdentified(analytics, "u", { plan: "gold" }).pass);
  assert.ok(!matchers.toHaveIdentified(analytics, "v").pass);
  assert.ok(matchers.toHaveViewedPage(analytics, "Home").pass);
});
