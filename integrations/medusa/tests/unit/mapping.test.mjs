// @ts-check
// What Medusa's orders, refunds, customers and carts become; without a Medusa.
import assert from "node:assert/strict";
import { test } from "node:test";
import { orderMessageId } from "waymark/ecommerce";
import { source } from "../source.mjs";

const own = await source("message-id.ts");
const money = await source("mapping/money.ts");
const orders = await source("mapping/order.ts");
const carts = await source("mapping/cart.ts");
const customers = await source("mapping/customer.ts");

/** @param {object} [changes] */
const order = (changes) => ({
  id: "order_1",
  display_id: 7,
  version: 1,
  currency_code: "eur",
  customer_id: null,
  email: "",
  created_at: "2026-11-27T10:00:00.000Z",
  updated_at: "2026-11-27T11:00:00.000Z",
  item_total: 64.22787,
  item_tax_total: 10.25487,
  shipping_total: 5.831,
  shipping_tax_total: 0.931,
  tax_total: 11.18587,
  discount_total: 7.13643,
  discount_subtotal: 5.997,
  items: [
    {
      ...{ id: "item_1", product_id: "prod_1", product_title: "Mug" },
      ...{ unit_price: 19.99, quantity: 3, adjustments: [{ code: "SPRING" }] },
    },
    null,
  ],
  ...changes,
});

test("message ids are those of the page, for any text", () => {
  const names = ["Order Completed", "Order Refunded", 'Größe "✓" \\ \u{1f3d5}'];
  for (const name of names) {
    const ids = ["order_1", "ré_1"];
    assert.equal(
      own.orderMessageId(name, ...ids),
      orderMessageId(name, ...ids),
    );
  }
  const { messageId } = orders.orderCompleted(order());
  assert.equal(messageId, orderMessageId("Order Completed", "order_1"));
  const refund = { id: "ref_1", amount: 5 };
  assert.equal(
    orders.orderRefunded(order(), refund).messageId,
    orderMessageId("Order Refunded", "order_1", "ref_1"),
  );
});

test("amounts are rounded to the currency's smallest unit, halves up", () => {
  const cases = [
    ["EUR", 1.005, 1.01],
    ["EUR", -1.005, -1.01],
    ["EUR", "77.1953", 77.2],
    ["EUR", { value: "64.885", precision: 20 }, 64.89],
    ["EUR", { numeric: 1e-7 }, 0],
    ["JPY", 2500.4, 2500],
    ["KWD", 1.2345, 1.235],
    ["???", 1.234, 1.23],
    ["EUR", null, undefined],
    ["EUR", "many", undefined],
  ];
  for (const [currency, amount, wanted] of cases) {
    assert.equal(money.moneyOf(currency)(amount), wanted);
  }
  assert.equal(money.sumOf(0.1, 0.2, "0.3"), 0.6);
});

test("an order's amounts come to its total, before and after its refunds", () => {
  const { properties } = orders.orderCompleted(order());
  assert.deepEqual(properties, {
    order_id: "order_1",
    order_number: 7,
    total: 70.06,
    revenue: 53.97,
    subtotal: 53.97,
    shipping: 4.9,
    tax: 11.19,
    discount: 6,
    coupon: "SPRING",
    currency: "EUR",
    products: [
      { product_id: "prod_1", name: "Mug", price: 19.99, quantity: 3 },
    ],
  });
  const paidBack = order({ total: 0, summary: { original_order_total: 1 } });
  assert.deepEqual(orders.orderCompleted(paidBack).properties, properties);
  // Where the prices are with tax, so is what is taken off them.
  const gross = order();
  Object.assign(/** @type {any} */ (gross.items[0]), {
    is_tax_inclusive: true,
  });
  assert.equal(orders.orderCompleted(gross).properties.discount, 7.14);
});

test("an order belongs to its customer and its visitor; a guest's to one visitor", () => {
  const metadata = { waymark_anonymous_id: "visitor" };
  const known = orders.orderCompleted(
    order({ customer_id: "cus_1", metadata }),
  );
  assert.deepEqual([known.userId, known.anonymousId], ["cus_1", "visitor"]);
  const cart = { id: "cart_1" };
  const guest = orders.orderCompleted(order({ cart }));
  assert.equal(guest.userId, undefined);
  const line = { id: "l", product_id: "p", unit_price: 1, quantity: 1 };
  const [added] = carts.cartChanged(
    { id: "cart_1", currency_code: "eur", items: [line] },
    {},
    1,
  );
  assert.equal(guest.anonymousId, added.anonymousId);
  for (const id of ["", 7, "x".repeat(2_000), null]) {
    const told = order({
      customer_id: "c",
      metadata: { waymark_anonymous_id: id },
    });
    assert.equal(orders.orderCompleted(told).anonymousId, undefined);
  }
});

test("each state of an order is one update", () => {
  const { messageId } = orders.orderUpdated(order());
  assert.equal(orders.orderUpdated(order()).messageId, messageId);
  const later = order({ updated_at: "2026-11-27T12:00:00.000Z" });
  assert.notEqual(orders.orderUpdated(later).messageId, messageId);
});

test("a cart's change is the difference of its lines", () => {
  const line = (/** @type {string} */ id, /** @type {number} */ quantity) => ({
    ...{ id, product_id: `p-${id}`, product_title: id, unit_price: 2 },
    quantity,
  });
  const cart = (/** @type {object[]} */ ...items) => ({
    ...{ id: "cart_1", currency_code: "eur", total: 8, items },
  });
  const before = carts.linesOf(cart(line("a", 1), line("b", 3), line("c", 1)));
  const after = cart(line("a", 3), line("b", 2), line("d", 1));
  const changed = carts.cartChanged(after, before, 2);
  assert.deepEqual(
    changed.map((/** @type {any} */ { event, properties }) => [
      event,
      properties.product_id,
      properties.quantity,
    ]),
    [
      ["Product Added", "p-a", 2],
      ["Product Removed", "p-b", 1],
      ["Product Removed", "p-c", 1],
      ["Product Added", "p-d", 1],
      ["Cart Updated", undefined, undefined],
    ],
  );
  const ids = changed.map((/** @type {any} */ { messageId }) => messageId);
  assert.equal(new Set(ids).size, ids.length);
  assert.deepEqual(carts.cartChanged(after, carts.linesOf(after), 3), []);
});

test("a customer's address is the one for shipping, and guests are identified only", () => {
  const addresses = [
    { address_1: "Bill 1", is_default_billing: true },
    {
      ...{ address_1: "Main 1", address_2: "Back", country_code: "de" },
      ...{ city: "Berlin", is_default_shipping: true, phone: "030" },
    },
  ];
  const guest = { id: "cus_1", email: "a@example.org", addresses };
  const [identify, ...rest] = customers.customerEvents(
    guest,
    "Customer Created",
  );
  assert.deepEqual(rest, []);
  assert.deepEqual(identify.traits, {
    ...{ email: "a@example.org", phone: "030" },
    address: { street: "Main 1 Back", city: "Berlin", country: "DE" },
  });
});
