// @ts-check
// The standard walk of www/README.md: a visitor in Chromium, the built shop, the real gateway
// behind it, and exactly the expected events, in order, in the gateway's file.
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { fileURLToPath } from "node:url";
import "../support/watchdog.mjs";
import { launchChromium } from "../support/chromium.mjs";
import { startGateway } from "../support/gateway.mjs";

const STATIC_DIR = fileURLToPath(new URL("../../www/dist", import.meta.url));
const PERSON = { name: "Ann Fell", email: "ann@example.org" };
const CARD = {
  "Name on card": "Ann Fell Private",
  "Card number": "4242424242424242",
  "Expiry date": "12 / 30",
  "Security code": "917",
};

/** @typedef {import("../support/gateway.mjs").StoredEvent} StoredEvent */

const page = (/** @type {string} */ category, /** @type {string} */ name) =>
  `page ${category} ${name}`;
const EXPECTED = [
  page("Shop", "Home"),
  "Products Searched",
  page("Catalog", "Product List"),
  "Product List Viewed",
  "Product Clicked",
  page("Catalog", "Product"),
  "Product Viewed",
  "Product Added",
  page("Shop", "Cart"),
  "Cart Viewed",
  "Coupon Entered",
  "Coupon Applied",
  "Checkout Started",
  page("Checkout", "Shipping"),
  "Checkout Step Viewed",
  "Checkout Step Completed",
  page("Checkout", "Payment"),
  "Checkout Step Viewed",
  "Payment Info Entered",
  "Checkout Step Completed",
  "Order Completed",
  page("Checkout", "Order Confirmation"),
  page("Checkout", "Order Confirmation"),
  page("Account", "Sign In"),
  "identify",
  "Signed In",
  page("Account", "Account"),
  "Signed Out",
  page("Shop", "Home"),
];

/** @type {import("../support/gateway.mjs").Gateway} */
let gateway;
/** @type {import("playwright-core").Browser} */
let browser;

/** A phone's screen, touched by a finger. */
const PHONE = {
  viewport: { width: 390, height: 844 },
  isMobile: true,
  hasTouch: true,
};
/** How much slower than this machine a phone is. */
const PHONE_SLOWDOWN = 4;

before(async () => {
  browser = await launchChromium();
});
after(() => browser?.close());
beforeEach(async () => {
  gateway = await startGateway({
    staticDir: STATIC_DIR,
    sources: [
      {
        name: "shop",
        allowedOrigins: ["*"],
        keys: [{ key: "demo-browser-key", kind: "browser" }],
      },
    ],
  });
});
afterEach(() => gateway?.stop());

/**
 * An event's label: its name, or `page` with category and name.
 *
 * @param {StoredEvent} record
 */
function nameOf({ type, event }) {
  if (type === "track") return event.event;
  return type === "page" ? page(event.category, event.name) : type;
}

/** @param {import("playwright-core").Page} tab @param {"click" | "tap"} [way] */
async function walk(tab, way = "click") {
  const press = (/** @type {string} */ name) =>
    tab.getByRole("button", { name, exact: true })[way]();
  const follow = (/** @type {string} */ name) =>
    tab.getByRole("link", { name })[way]();
  await tab.goto(`${gateway.url}/`);
  await tab.getByLabel("Search products").fill("tent");
  await press("Search");
  await follow("Lantern 2P Tent");
  await tab.getByRole("radio", { name: "Moss" }).check();
  await tab.getByLabel("Quantity", { exact: true }).fill("2");
  await press("Add to cart");
  await follow("View cart");
  await tab.getByLabel("Coupon code").fill("TRAIL10");
  await press("Apply coupon");
  await press("Checkout");
  await fillShipping(tab);
  await press("Continue to payment");
  for (const [label, value] of Object.entries(CARD)) {
    await tab.getByLabel(label).fill(value);
  }
  await press("Place order");
  await tab.getByRole("heading", { name: /Thank you/ }).waitFor();
  await tab.reload();
  await tab.getByRole("heading", { name: /Thank you/ }).waitFor();
  await follow("Sign in");
  await tab.getByLabel("Name").fill(PERSON.name);
  await tab.getByLabel("E-mail").fill(PERSON.email);
  await press("Sign in");
  await tab.getByRole("heading", { name: `Hello, ${PERSON.name}` }).waitFor();
  await press("Sign out");
  await tab
    .getByRole("heading", { name: "Take the long way round." })
    .waitFor();
}

/** @param {import("playwright-core").Page} tab */
async function fillShipping(tab) {
  await tab.getByLabel("E-mail").fill(PERSON.email);
  await tab.getByLabel("Full name").fill(PERSON.name);
  await tab.getByLabel("Street and number").fill("1 Hidden Lane");
  await tab.getByLabel("Postcode").fill("LA22 9AA");
  await tab.getByLabel("Town").fill("Ambleside");
  await tab.getByRole("radio", { name: /Express/ }).check();
}

test("a walk through the shop on a slow phone, by touch, leaves exactly the expected events", async () => {
  const context = await browser.newContext(PHONE);
  const tab = await context.newPage();
  const devtools = await context.newCDPSession(tab);
  await devtools.send("Emulation.setCPUThrottlingRate", {
    rate: PHONE_SLOWDOWN,
  });
  await walk(tab, "tap");
  await gateway.waitForEvents(EXPECTED.length);
  await context.close();
  assert.deepEqual((await gateway.exportEvents()).map(nameOf), EXPECTED);
});

test("a walk through the shop leaves exactly the expected events, in order", async () => {
  const tab = await browser.newPage();
  tab.setDefaultTimeout(15_000);
  /** @type {string[]} */
  const complaints = [];
  tab.on("pageerror", (error) => complaints.push(String(error)));
  await walk(tab);

  const records = await gateway.waitForEvents(EXPECTED.length);
  await tab.close();
  const settled = await gateway.exportEvents();
  assert.deepEqual(settled.map(nameOf), EXPECTED);
  assert.deepEqual(complaints, []);
  assert.equal(records.length, EXPECTED.length);

  identitiesFollowTheVisitor(settled);
  moneyAddsUp(settled);
  nothingPrivateLeft(settled);
});

/** @param {StoredEvent[]} records */
function identitiesFollowTheVisitor(records) {
  const at = (/** @type {string} */ name) =>
    records.findIndex((record) => nameOf(record) === name);
  const guest = records.slice(0, at("identify"));
  const member = records.slice(at("identify"), at("Signed Out") + 1);
  const [last] = records.slice(-1);
  const { userId } = records[at("identify")];
  assert.match(userId ?? "", /^user_[0-9a-f]{8}$/);
  assert.ok(guest.every((record) => !record.userId));
  assert.ok(member.every((record) => record.userId === userId));
  assert.equal(last.userId ?? null, null);
  const anonymous = new Set(
    [...guest, ...member].map(({ anonymousId }) => anonymousId),
  );
  assert.equal(anonymous.size, 1);
  assert.ok(!anonymous.has(last.anonymousId));
  assert.deepEqual(records[at("identify")].event.traits, {
    email: PERSON.email,
    name: PERSON.name,
  });
}

/** @param {StoredEvent[]} records */
function moneyAddsUp(records) {
  const completed = records.filter(
    (record) => nameOf(record) === "Order Completed",
  );
  assert.equal(completed.length, 1);
  const order = completed[0].event.properties;
  assert.equal(order.currency, "USD");
  assert.equal(order.coupon, "TRAIL10");
  assert.equal(order.discount, 77.8);
  assert.equal(order.revenue, 700.2);
  assert.equal(order.shipping, 18);
  assert.equal(order.tax, 56.02);
  assert.equal(order.total, 774.22);
  assert.equal(order.products.length, 1);
  const [{ product_id, sku, variant, price, quantity }] = order.products;
  assert.deepEqual(
    { product_id, sku, variant, price, quantity },
    {
      product_id: "lantern-2p",
      sku: "LNT-2P-MSS",
      variant: "Moss",
      price: 389,
      quantity: 2,
    },
  );
  const started = records.find(
    (record) => nameOf(record) === "Checkout Started",
  );
  assert.equal(started?.event.properties.order_id, order.order_id);
}

/** @param {StoredEvent[]} records */
function nothingPrivateLeft(records) {
  const text = JSON.stringify(records);
  const secrets = [
    CARD["Name on card"],
    CARD["Card number"],
    CARD["Expiry date"],
  ];
  for (const secret of [...secrets, "1 Hidden Lane", "LA22 9AA"]) {
    assert.ok(!text.includes(secret), `"${secret}" was sent`);
  }
}
