// @ts-check
// Carts, customers, a shop's own events and requests to the store API.
import assert from "node:assert/strict";
import { test } from "node:test";
import { byName, events, goods, mug, shop } from "../stage.mjs";

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
  const [guest] = await events(1, ({ messageId }) => messageId === "own-1");
  assert.deepEqual(guest.properties, { cart_id: "cart_1", by: "provider" });
  assert.ok(guest.anonymousId);
  const [identified] = await events(1, ({ userId }) => userId === "cus_1");
  assert.deepEqual(identified.traits, { plan: "gold" });
  const [grouped] = await events(1, ({ groupId }) => groupId === "acme");
  assert.deepEqual(grouped.traits, { type: "company" });
});

test("the code of the README and of Segment's guide runs", async () => {
  await shop.do("guide");
  const answer = await fetch(`${shop.url}/custom`, { method: "POST" });
  assert.deepEqual(await answer.json(), { success: true });
  const all = await events(2, ({ userId }) => userId === "cust_123");
  for (const { event, properties, context } of all) {
    assert.equal(event, "Custom Event");
    assert.deepEqual(properties, { custom_property: "value" });
    assert.equal(context.library.name, "medusa-plugin-waymark");
  }
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
