// @ts-check
// Orders and their refunds, from Medusa to the gateway's store.
import assert from "node:assert/strict";
import { test } from "node:test";
import { EcommerceTracker, orderMessageId } from "waymark/ecommerce";
import {
  byName,
  events,
  gateway,
  goods,
  mug,
  ofOrder,
  shop,
} from "../stage.mjs";

test("an order is placed, paid back in parts and cancelled: each event once, to the cent", async () => {
  const { cart, order, payment } = await shop.do("order", {
    ...{ shop: goods, quantity: 3, coupons: ["SPRING"] },
    email: "guest@example.org",
    metadata: { waymark_anonymous_id: "visitor-1" },
  });
  await shop.do("capture", payment);
  // One after the other, as fast as Medusa can: both are told by the same payment.
  await shop.do("refund", [payment, 5]);
  await shop.do("refund", [payment, 7.31]);
  await shop.do("updateOrder", {
    ...{ id: order, user_id: "" },
    email: "guest@example.com",
  });
  await shop.do("cancel", order);

  const all = await events(6, ofOrder(order));
  const named = byName(all);
  const properties = {
    order_id: order,
    order_number: 1,
    checkout_id: cart,
    affiliation: "Web",
    // 3 * 19.99 less 10 %, and 19 % of it and of the shipping: 53.973 + 4.9 + 11.18587.
    total: 70.06,
    revenue: 53.97,
    subtotal: 53.97,
    shipping: 4.9,
    tax: 11.19,
    discount: 6,
    coupon: "SPRING",
    currency: "EUR",
    products: [mug()],
  };
  const [completed] = named["Order Completed"] ?? [];
  assert.deepEqual(completed.properties, properties);
  assert.equal(completed.messageId, orderMessageId("Order Completed", order));
  assert.equal(completed.anonymousId, "visitor-1");
  assert.match(completed.userId, /^cus_/);
  assert.equal(completed.context.traits.email, "guest@example.org");

  const refunds = named["Order Refunded"] ?? [];
  const amounts = refunds.map((one) => one.properties.total);
  // What Medusa pays back as it cancels, it tells nobody.
  assert.deepEqual(
    amounts.sort((a, b) => a - b),
    [5, 7.31, 57.75],
  );
  for (const { messageId, properties } of refunds) {
    assert.equal(properties.currency, "EUR");
    const ids = [order, properties.refund_id];
    assert.equal(messageId, orderMessageId("Order Refunded", ...ids));
  }
  const [cancelled] = named["Order Cancelled"] ?? [];
  assert.deepEqual(cancelled.properties, properties);
  const [updated] = named["Order Updated"] ?? [];
  assert.deepEqual(updated.properties, properties);
  assert.equal(updated.context.traits.email, "guest@example.com");
});

test("a currency without decimals, and an order that is completed", async () => {
  const { order } = await shop.do("order", {
    ...{ shop: goods, currency: "jpy", quantity: 2 },
    email: "guest@example.org",
  });
  await shop.do("complete", order);
  const all = await events(2, ofOrder(order));
  const names = all.map(({ event }) => event).sort();
  assert.deepEqual(names, ["Order Completed", "Order Fulfilled"]);
  for (const { properties } of all) {
    const { total, revenue, shipping, tax, currency } = properties;
    assert.deepEqual(
      { total, revenue, shipping, tax, currency },
      { total: 5500, revenue: 5000, shipping: 500, tax: 0, currency: "JPY" },
    );
  }
});

test("browser, Medusa and a webhook tell of one purchase: it is one event, and Medusa's", async () => {
  const { order } = await shop.do("order", {
    ...{ shop: goods, email: "guest@example.org" },
    metadata: { waymark_anonymous_id: "visitor-2" },
  });
  /** @type {Promise<Response>[]} */
  const posts = [];
  for (const key of ["demo-browser-key", "demo-server-key"]) {
    const tracker = new EcommerceTracker((event) => {
      const batch = [{ type: "track", anonymousId: "visitor-2", ...event }];
      posts.push(
        fetch(`${gateway.url}/v1/batch`, {
          method: "POST",
          headers: { authorization: `Basic ${btoa(`${key}:`)}` },
          body: JSON.stringify({ batch }),
        }),
      );
    });
    // The browser comes before, the webhook after Medusa's own event.
    if (key === "demo-server-key") await events(1, ofOrder(order));
    tracker.orderCompleted({
      ...{ orderId: order, total: 1, revenue: 1, currency: "EUR" },
      products: [],
    });
  }
  for (const answer of await Promise.all(posts)) {
    assert.equal(answer.status, 200);
  }
  const [completed] = await events(1, ofOrder(order));
  assert.equal(completed.properties.total, 29.62);
});
