// @ts-check
// The tracker's events, as the client gets them: names, properties, defaults, message ids.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import {
  EcommerceTracker,
  MESSAGE_ID_NAMESPACE,
  orderMessageId,
} from "waymark/ecommerce";
import { SPEC } from "./spec.mjs";

process.env.NODE_ENV = "production";

/** A tracker, and the calls of its client. */
function recorded() {
  /** @type {[string, Record<string, any>, any][]} */
  const calls = [];
  const client = {
    /** @param {[string, any, any]} call */
    track: (...call) => void calls.push(call),
  };
  return { calls, client, shop: new EcommerceTracker(client) };
}

const PRODUCTS = [
  { productId: "p1", name: "Mug", price: 19, quantity: 1, imageUrl: "i" },
  { productId: "p2", name: "Uno", price: 3, quantity: 2 },
];
const ORDER = {
  orderId: "o1",
  total: 27.5,
  revenue: 25,
  shipping: 3,
  tax: 2,
  discount: 2.5,
  products: PRODUCTS,
};

/** A UUID version 5, made with Node's SHA-1. @param {string} name */
function uuid5(name) {
  const namespace = Buffer.from(
    MESSAGE_ID_NAMESPACE.replaceAll("-", ""),
    "hex",
  );
  const hash = createHash("sha1").update(namespace).update(name).digest();
  hash[6] = ((hash[6] ?? 0) & 0x0f) | 0x50;
  hash[8] = ((hash[8] ?? 0) & 0x3f) | 0x80;
  return hash
    .toString("hex", 0, 16)
    .replace(/(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

test("the four original methods send their events with their defaults", () => {
  const { calls, shop } = recorded();
  shop.productViewed({
    productId: "p1",
    sku: undefined,
    name: "Mug",
    price: 19,
    imageUrl: "https://shop.example/mug.jpg",
  });
  shop.productAdded({
    cartId: "c1",
    productId: "p1",
    name: "Mug",
    price: 19,
    quantity: 2,
    currency: "EUR",
  });
  shop.checkoutStarted({ orderId: "o1", value: 25, products: PRODUCTS });
  shop.orderCompleted(ORDER);
  const products = [
    { product_id: "p1", name: "Mug", price: 19, quantity: 1, image_url: "i" },
    { product_id: "p2", name: "Uno", price: 3, quantity: 2 },
  ];
  assert.deepEqual(
    calls.map(([name, properties]) => [name, properties]),
    [
      [
        "Product Viewed",
        {
          product_id: "p1",
          name: "Mug",
          price: 19,
          image_url: "https://shop.example/mug.jpg",
          quantity: 1,
          currency: "USD",
        },
      ],
      [
        "Product Added",
        {
          cart_id: "c1",
          product_id: "p1",
          name: "Mug",
          price: 19,
          quantity: 2,
          currency: "EUR",
        },
      ],
      [
        "Checkout Started",
        { order_id: "o1", value: 25, products, currency: "USD" },
      ],
      [
        "Order Completed",
        {
          order_id: "o1",
          total: 27.5,
          revenue: 25,
          shipping: 3,
          tax: 2,
          discount: 2.5,
          products,
          currency: "USD",
        },
      ],
    ],
  );
});

test("every event of the spec has a method that sends its properties", () => {
  const { calls, shop } = recorded();
  for (const { method, given, event, properties } of SPEC) {
    /** @type {any} */ (shop)[method](given);
    const [name, sent] = calls.at(-1) ?? [];
    assert.equal(name, event);
    assert.deepEqual(sent, properties, event);
  }
  assert.equal(calls.length, SPEC.length);
  const methods = Object.getOwnPropertyNames(EcommerceTracker.prototype);
  assert.equal(methods.length - 1, SPEC.length, "the constructor aside");
});

test("custom properties keep their names, and dates stay dates", () => {
  const { calls, shop } = recorded();
  const soldAt = new Date(0);
  shop.cartViewed({
    cartId: "c1",
    products: [{ productId: "p1", custom: { warehouseId: 7 } }],
    custom: { stepName: "cart", soldAt: [soldAt] },
  });
  assert.deepEqual(calls[0]?.[1], {
    cart_id: "c1",
    products: [{ product_id: "p1", warehouseId: 7 }],
    stepName: "cart",
    soldAt: [soldAt],
  });
});

test("an order's message id comes from its name and id alone, as a UUID version 5", () => {
  const { calls, shop } = recorded();
  shop.orderCompleted(ORDER);
  shop.orderCompleted({ ...ORDER, total: 1 });
  const [first, again] = calls.map(([, , options]) => options.messageId);
  assert.equal(first, again);
  assert.equal(first, uuid5('["Order Completed","o1"]'));
  for (const length of [0, 1, 22, 23, 24, 86, 87, 88, 500]) {
    const id = "ä".repeat(length);
    assert.equal(orderMessageId("E", id), uuid5(JSON.stringify(["E", id])));
  }
});

test("refunds differ by their ids, and one without an id is always new", () => {
  const { calls, shop } = recorded();
  shop.orderRefunded({ orderId: "o1", refundId: "r1" });
  shop.orderRefunded({ orderId: "o1", refundId: "r1", total: 5 });
  shop.orderRefunded({ orderId: "o1", refundId: "r2" });
  shop.orderRefunded({ orderId: "o1" });
  const ids = calls.map(([, , options]) => options?.messageId);
  assert.equal(ids[0], ids[1]);
  assert.notEqual(ids[0], ids[2]);
  assert.equal(ids[3], undefined);
  assert.notEqual(orderMessageId("E", "a", "b"), orderMessageId("E", 'a","b'));
});

test("the caller's own options win", () => {
  const { calls, shop } = recorded();
  shop.orderCompleted(ORDER, { messageId: "own", integrations: { A: false } });
  assert.deepEqual(calls[0]?.[2], {
    messageId: "own",
    integrations: { A: false },
  });
});

test("without a client, the tracker holds its events until it gets one", () => {
  const held = new EcommerceTracker("user_1", "anon_1");
  held.productsSearched({ query: "mug" });
  const { calls, client } = recorded();
  EcommerceTracker.use(client);
  held.productsSearched({ query: "cup" });
  assert.equal(calls.length, 2);
  const [first, second] = calls.map(([, , options]) => options);
  assert.ok(first.timestamp instanceof Date);
  assert.deepEqual(second, { userId: "user_1", anonymousId: "anon_1" });
});

test("a client that takes one object gets one object", () => {
  /** @type {any[]} */
  const events = [];
  const shop = new EcommerceTracker((event) => events.push(event), {
    currency: "EUR",
  });
  shop.orderCompleted(ORDER, { userId: "user_1" });
  assert.equal(events[0].event, "Order Completed");
  assert.equal(events[0].userId, "user_1");
  assert.equal(events[0].properties.currency, "EUR");
  assert.equal(events[0].messageId, orderMessageId("Order Completed", "o1"));
});

test("no method throws, whatever its arguments", async () => {
  const broken = new EcommerceTracker(() => {
    throw new Error("broken");
  });
  const refusing = new EcommerceTracker(() => Promise.reject(new Error("no")));
  const { warn } = console;
  console.warn = () => {};
  for (const shop of /** @type {any[]} */ ([broken, refusing])) {
    for (const { method } of SPEC) {
      for (const given of [undefined, null, 7, { products: 7 }]) {
        shop[method](given);
      }
    }
    shop.orderCompleted(ORDER);
  }
  await new Promise((done) => setImmediate(done));
  console.warn = warn;
});
