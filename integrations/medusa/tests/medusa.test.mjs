// @ts-check
// A real Medusa with the packed plugin, over PostgreSQL and the real gateway.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { EcommerceTracker, orderMessageId } from "waymark/ecommerce";
import { eventually } from "../../../tests/support/eventually.mjs";
import { startGateway } from "../../../tests/support/gateway.mjs";
import { startPostgres } from "./postgres.mjs";
import { installPlugin, migrate, Shop } from "./shop.mjs";

/** @type {Awaited<ReturnType<typeof startPostgres>>} */
let postgres;
/** @type {import("../../../tests/support/gateway.mjs").Gateway} */
let gateway;
/** @type {Shop} */
let shop;
/** What the shop sells. @type {any} */
let goods;
/** @type {string} */
let folder;
/** @type {string} */
let databaseUrl;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "waymark-medusa-"));
  [postgres, gateway] = await Promise.all([
    startPostgres(),
    startGateway({ folder }),
    installPlugin(),
  ]);
  await postgres.sql("postgres", "create database shop");
  databaseUrl = postgres.url("shop");
  await migrate(databaseUrl);
  shop = await Shop.start(databaseUrl, gateway.url);
  goods = await shop.do("seed");
});
after(async () => {
  await shop?.kill();
  await gateway?.stop();
  await postgres?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** The events of the gateway's store, as they would be passed on. */
const stored = async () =>
  (await gateway.exportEvents()).map(({ event }) => event);

/**
 * Waits for events that a test knows by their content.
 *
 * @param {number} count
 * @param {(event: any) => boolean} isOne
 * @returns {Promise<any[]>} exactly `count` events
 */
async function events(count, isOne) {
  /** @type {any[]} */
  let found = [];
  await eventually(
    async () => (found = (await stored()).filter(isOne)).length >= count,
    { what: () => `${count} events (there are ${JSON.stringify(found)})` },
  );
  // Whatever comes twice has come by the time that the outbox is empty.
  assert.ok(await shop.do("segment", ["flush"]));
  found = (await stored()).filter(isOne);
  assert.equal(found.length, count, JSON.stringify(found, null, 1));
  return found;
}

/** Events by their names. @param {any[]} all @returns {Record<string, any[]>} */
function byName(all) {
  /** @type {Record<string, any[]>} */
  const named = {};
  for (const event of all) (named[event.event] ??= []).push(event);
  return named;
}

/** @param {string} id of an order */
const ofOrder = (id) => (/** @type {any} */ event) =>
  event.properties?.order_id === id;

const mug = () => ({
  product_id: goods.product,
  sku: "MUG-RED",
  name: "Camp Mug",
  variant: "Red",
  price: 19.99,
  quantity: 3,
});

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

test("a cart says what goes in and out, and whose it becomes", async () => {
  const cart = await shop.do("fillCart", {
    ...{ shop: goods, email: "ann@example.org", quantity: 2 },
    metadata: { waymark_anonymous_id: "visitor-3" },
  });
  const { items } = await shop.do("look", {
    ...{ entity: "cart", fields: ["items.id"], id: cart },
  });
  await shop.do("removeLines", { cart_id: cart, ids: [items[0].id] });
  const isOf = (/** @type {any} */ event) => event.properties?.cart_id === cart;
  const all = await events(5, isOf);
  for (const { anonymousId } of all) assert.equal(anonymousId, "visitor-3");
  const named = byName(all);
  assert.equal(named["Cart Created"]?.length, 1);
  const { quantity: _, ...product } = mug();
  const moved = { cart_id: cart, ...product, quantity: 2, currency: "EUR" };
  assert.deepEqual(named["Product Added"]?.[0].properties, moved);
  assert.deepEqual(named["Product Removed"]?.[0].properties, moved);
  const last = named["Cart Updated"]?.[1].properties;
  assert.deepEqual(last.products, []);
});

test("customers are identified, and guests' own events are kept", async () => {
  const [{ id }] = await shop.do("createCustomer", {
    ...{ email: "bob@example.org", first_name: "Bob", last_name: "Lee" },
    ...{ has_account: true, metadata: { waymark_anonymous_id: "visitor-4" } },
  });
  await shop.do("updateCustomer", [id, { phone: "+4930123" }]);
  const all = await events(4, ({ userId }) => userId === id);
  const [created] = all.filter(({ event }) => event === "Customer Created");
  assert.deepEqual(created.properties, {
    ...{ email: "bob@example.org", first_name: "Bob", last_name: "Lee" },
  });
  const traits = all
    .filter(({ type }) => type === "identify")
    .map((event) => event.traits.phone);
  assert.deepEqual(traits.sort(), ["+4930123", undefined]);
  for (const { anonymousId } of all) assert.equal(anonymousId, "visitor-4");

  const properties = { cart_id: "cart_1", message_id: "own-1", by: "provider" };
  await shop.do("analytics", ["track", { event: "Custom", properties }]);
  const actor = { actor_id: "cus_1", properties: { plan: "gold" } };
  await shop.do("analytics", ["identify", actor]);
  const group = { group: { type: "company", id: "acme" }, properties: {} };
  await shop.do("analytics", ["identify", group]);
  await shop.do("segment", [
    "track",
    {
      ...{ userId: "cus_123", event: "Custom Event" },
      properties: { custom_property: "value" },
    },
  ]);
  const [guest] = await events(1, ({ messageId }) => messageId === "own-1");
  assert.deepEqual(guest.properties, { cart_id: "cart_1", by: "provider" });
  assert.ok(guest.anonymousId);
  const [identified] = await events(1, ({ userId }) => userId === "cus_1");
  assert.deepEqual(identified.traits, { plan: "gold" });
  const [grouped] = await events(1, ({ groupId }) => groupId === "acme");
  assert.deepEqual(grouped.traits, { type: "company" });
  const [custom] = await events(1, ({ userId }) => userId === "cus_123");
  assert.deepEqual(custom.properties, { custom_property: "value" });
});

test("the store API tells what Medusa emits no event for", async () => {
  /** @param {string} path @param {object} [body] @param {object} [headers] */
  const ask = async (path, body, headers) => {
    const answer = await fetch(`${shop.url}${path}`, {
      ...(body && { method: "POST", body: JSON.stringify(body) }),
      headers: {
        "content-type": "application/json",
        "x-anonymous-id": "visitor-5",
        "x-publishable-api-key": goods.key,
        ...headers,
      },
    });
    assert.equal(answer.status, 200, await answer.clone().text());
    return /** @type {any} */ (await answer.json());
  };
  await ask("/store/products?q=mug");
  await ask(`/store/products/${goods.product}?region_id=${goods.regions.eur}`);
  const login = { email: "eve@example.org", password: "only for tests" };
  const { token } = await ask("/auth/customer/emailpass/register", login);
  const authorization = `Bearer ${token}`;
  const { email } = login;
  const { customer } = await ask(
    "/store/customers",
    { email },
    { authorization },
  );
  await ask("/auth/customer/emailpass", login);
  const region_id = goods.regions.eur;
  const { cart } = await ask("/store/carts", { region_id });
  await ask(`/store/carts/${cart.id}`, { email });
  await ask(`/store/carts/${cart.id}`, { email });
  const items = { variant_id: goods.variant, quantity: 1 };
  await ask(`/store/carts/${cart.id}/line-items`, items);
  const option = { option_id: goods.option };
  await ask(`/store/carts/${cart.id}/shipping-methods`, option);

  const isOf = (/** @type {any} */ event) =>
    event.anonymousId === "visitor-5" && !event.properties?.cart_id;
  const all = await events(5, isOf);
  const [searched, viewed, signedIn, started, step] = all;
  assert.equal(searched.event, "Products Searched");
  assert.deepEqual(searched.properties, { query: "mug" });
  assert.equal(viewed.event, "Product Viewed");
  assert.deepEqual(viewed.properties, {
    ...{ product_id: goods.product, name: "Camp Mug" },
    ...{ price: 19.99, currency: "EUR" },
  });
  assert.equal(signedIn.event, "Signed In");
  assert.equal(signedIn.userId, customer.id);
  assert.equal(started.event, "Checkout Started");
  assert.equal(started.properties.checkout_id, cart.id);
  assert.equal(step.event, "Checkout Step Completed");
  assert.equal(step.properties.shipping_method, goods.option);
});

test("a gateway that is down and a Medusa that is killed lose nothing", async () => {
  const { host } = gateway;
  await gateway.kill();
  const { order, payment } = await shop.do("order", {
    ...{ shop: goods, email: "guest@example.org" },
  });
  await shop.do("capture", payment);
  await shop.do("refund", [payment, 1.5]);
  const waiting = () =>
    postgres.sql(
      "shop",
      "select count(*) from waymark_event where status = 'pending'",
    );
  // The cart's three events, the order's and the refund's.
  await eventually(async () => (await waiting()) === "5", {
    what: () => "five events in the outbox",
  });
  await shop.kill();
  shop = await Shop.start(databaseUrl, gateway.url);
  assert.equal(await waiting(), "5");

  gateway = await startGateway({ folder, listen: host });
  const all = await events(2, ofOrder(order));
  const names = all.map(({ event }) => event).sort();
  assert.deepEqual(names, ["Order Completed", "Order Refunded"]);
  assert.equal(await waiting(), "0");
});

test("what a kill took between the commit and the subscriber is told later", async () => {
  const { order, payment } = await shop.do("order", {
    ...{ shop: goods, email: "guest@example.org" },
  });
  await shop.do("capture", payment);
  await shop.do("refund", [payment, 2]);
  await events(2, ofOrder(order));
  const { length: before } = await stored();
  const ids = (await stored())
    .filter(ofOrder(order))
    .map((one) => one.messageId);
  // As if the outbox had never heard of them, a minute ago.
  const listed = ids.map((id) => `'${id}'`).join(",");
  const ago = "now() - interval '1 minute'";
  await postgres.sql(
    "shop",
    `delete from waymark_event where id in (${listed});
     update "order" set updated_at = ${ago}, created_at = ${ago};
     update refund set created_at = ${ago};`,
  );
  await shop.do("catchUp");
  const again = await postgres.sql(
    "shop",
    `select count(*) from waymark_event where id in (${listed})`,
  );
  assert.equal(again, "2");
  assert.ok(await shop.do("segment", ["flush"]));
  // The gateway has them already, and knows them.
  assert.equal((await stored()).length, before);
});

test("a Medusa that ends sends what it has, and ends", async () => {
  await shop.do("segment", ["track", { userId: "last", event: "Last" }]);
  assert.equal(await shop.stop(), 0);
  const last = (await stored()).filter(({ userId }) => userId === "last");
  assert.equal(last.length, 1);
});
