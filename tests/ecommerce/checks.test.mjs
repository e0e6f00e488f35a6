// @ts-check
// Warnings in development: amounts, currencies, and totals that differ from their parts.
import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { EcommerceTracker } from "waymark/ecommerce";
import "../support/watchdog.mjs";
import { eventually } from "../support/eventually.mjs";
import { SPEC } from "./spec.mjs";

const { warn } = console;
/** @type {string[]} */
let warnings = [];

beforeEach(() => {
  warnings = [];
  console.warn = (text) => void warnings.push(String(text));
  process.env.NODE_ENV = "development";
});

afterEach(() => {
  console.warn = warn;
});

/** @type {any} */
const shop = new EcommerceTracker(() => {}, { currency: "EUR" });

/** The warnings for what `act` does. @param {() => void} act */
async function warned(act) {
  act();
  const mark = `mark ${Math.random()}`;
  shop.couponApplied({ couponId: "c", discount: mark });
  await eventually(() => warnings.some((text) => text.includes(mark)));
  return warnings
    .filter((text) => !text.includes(mark))
    .map((text) => text.replace("waymark: ", ""));
}

const PRODUCTS = [
  { productId: "p1", name: "Mug", price: 19, quantity: 1 },
  { productId: "p2", name: "Uno", price: 3, quantity: 2 },
];
const PAID = { revenue: 25, shipping: 3, tax: 2, discount: 2.5 };

test("the spec's own events raise no warning", async () => {
  const seen = await warned(() => {
    for (const { method, given } of SPEC) shop[method](given);
    for (const total of [27.5, 30, 25.5, 22.5]) {
      const order = { orderId: "o", total, ...PAID, products: PRODUCTS };
      shop.orderCompleted(order);
    }
    shop.checkoutStarted({ value: 30, ...PAID, products: PRODUCTS });
  });
  assert.deepEqual(seen, []);
});

test("an amount that is not a number, or is negative, is named with its path", async () => {
  const seen = await warned(() => {
    shop.productViewed({ productId: "p", name: "n", price: "19.90" });
    shop.productAdded({ cartId: "c", productId: "p", price: NaN, quantity: 0 });
    shop.orderCompleted({
      orderId: "o",
      total: 1,
      revenue: 1,
      shipping: -1,
      products: [{ productId: "p", price: Infinity, quantity: 1.5 }],
    });
  });
  assert.deepEqual(seen, [
    'Product Viewed: price is "19.90", not a finite number',
    "Product Added: price is NaN, not a finite number",
    "Product Added: quantity is 0, not a number of pieces",
    "Order Completed: shipping is -1; amounts are not negative",
    "Order Completed: products[0].price is Infinity, not a finite number",
    "Order Completed: products[0].quantity is 1.5, not a number of pieces",
  ]);
});

test("a currency is an ISO 4217 code, and a missing one is warned of once", async () => {
  /** @type {any} */
  const plain = new EcommerceTracker(() => {});
  const view = { productId: "p", name: "n", price: 1 };
  const seen = await warned(() => {
    plain.productViewed(view);
    plain.productViewed(view);
    plain.productViewed({ ...view, currency: "eur" });
    plain.productViewed({ ...view, currency: "XYZ" });
    plain.productViewed({ ...view, currency: "CHF" });
  });
  assert.deepEqual(seen, [
    'Product Viewed: no currency was given, so it says USD; name the shop\'s once: new EcommerceTracker(analytics, { currency: "EUR" })',
    'Product Viewed: currency is "eur", not a code of ISO 4217 such as "EUR"',
    'Product Viewed: currency is "XYZ", not a code of ISO 4217 such as "EUR"',
  ]);
});

test("a total that differs from the sum of its parts is warned of, rounding aside", async () => {
  const order = { orderId: "o", ...PAID, products: PRODUCTS };
  const seen = await warned(() => {
    shop.orderCompleted({ ...order, total: 2750 });
    shop.orderCompleted({ ...order, total: 27.51 });
    shop.orderUpdated({ ...order, total: 27.5, subtotal: 40 });
    shop.productViewed({
      ...{ productId: "p", name: "n", price: 0.1, quantity: 3, value: 3 },
    });
    shop.productViewed({
      ...{ productId: "p", name: "n", price: 0.1, quantity: 3, value: 0.3 },
    });
    shop.orderRefunded({ orderId: "o", total: 5, products: PRODUCTS });
    const yen = [{ productId: "p", name: "n", price: 333.4, quantity: 3 }];
    shop.orderUpdated({
      ...{ orderId: "o", total: 1001, currency: "JPY" },
      products: yen,
    });
  });
  assert.deepEqual(seen, [
    "Order Completed: total is 2750, but its parts come to 25.00 or 22.50 or 28.00 or 25.50 or 27.00 or 24.50 or 30.00 or 27.50",
    "Order Updated: subtotal is 40, but its parts come to 25.00 or 22.50 or 23.00 or 20.50",
    "Product Viewed: value is 3, but its parts come to 0.30",
  ]);
});

test("production has no warnings", async () => {
  process.env.NODE_ENV = "production";
  shop.productViewed({ productId: "p", name: "n", price: "a price" });
  process.env.NODE_ENV = "development";
  assert.deepEqual(await warned(() => {}), []);
});
