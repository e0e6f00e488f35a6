// @ts-check
// The shop's events beside the standard walk: filters, quantities, coupons, and events that must
// not be sent twice, or not at all.
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { fileURLToPath } from "node:url";
import "../support/watchdog.mjs";
import { launchChromium } from "../support/chromium.mjs";
import { startGateway } from "../support/gateway.mjs";

const STATIC_DIR = fileURLToPath(new URL("../../www/dist", import.meta.url));
const PHONE = { width: 390, height: 844 };

/** @type {import("playwright-core").Browser} */
let browser;
/** @type {import("../support/gateway.mjs").Gateway} */
let gateway;
/** @type {import("playwright-core").Page} */
let tab;

before(async () => {
  browser = await launchChromium();
});

after(() => browser?.close());

beforeEach(async () => {
  gateway = await startGateway({ staticDir: STATIC_DIR });
  const context = await browser.newContext();
  tab = await context.newPage();
  tab.setDefaultTimeout(15_000);
});

afterEach(async () => {
  await tab?.context().close();
  await gateway?.stop();
});

const open = (/** @type {string} */ path) => tab.goto(`${gateway.url}${path}`);
const press = (/** @type {string} */ name) =>
  tab.getByRole("button", { name, exact: true }).click();

/**
 * Names of the stored events, once there are `count`.
 *
 * @param {number} count
 */
async function sent(count) {
  const records = await gateway.waitForEvents(count);
  const names = records.map(({ type, event }) =>
    type === "track" ? event.event : `${type} ${event.name}`,
  );
  return { names, properties: records.map(({ event }) => event.properties) };
}

/** @param {string} path of a product */
async function addToCart(path) {
  await open(path);
  await press("Add to cart");
  await tab.getByRole("link", { name: "View cart" }).click();
  await tab.getByRole("heading", { name: "Your cart" }).waitFor();
}

test("a filtered and a sorted list are recorded with the products they show", async () => {
  await open("/products");
  await tab.getByRole("button", { name: /^Kitchen/ }).click();
  await tab.getByRole("heading", { name: "Kitchen" }).waitFor();
  await tab.getByLabel("Sort by").selectOption("price-asc");
  const { names, properties } = await sent(4);
  assert.deepEqual(names, [
    "page Product List",
    "Product List Viewed",
    "Product List Filtered",
    "Product List Filtered",
  ]);
  const [, viewed, , sorted] = properties;
  assert.equal(viewed.products.length, 12);
  assert.deepEqual(sorted.filters, [{ type: "category", value: "Kitchen" }]);
  assert.deepEqual(sorted.sorts, [{ type: "price", value: "asc" }]);
  assert.deepEqual(
    sorted.products.map((/** @type {any} */ product) => [
      product.price,
      product.position,
    ]),
    [
      [16.5, 1],
      [34, 2],
      [74.95, 3],
    ],
  );
});

test("a change of quantity in the cart is recorded as products added or removed", async () => {
  await addToCart("/products/tarn-flask");
  const name = "Tarn Flask, 500 ml";
  await press(`Increase quantity of ${name}`);
  await press(`Increase quantity of ${name}`);
  await press(`Decrease quantity of ${name}`);
  await press(`Remove ${name}`);
  await tab.getByRole("heading", { name: /this is empty/ }).waitFor();
  const { names, properties } = await sent(9);
  assert.deepEqual(names.slice(2), [
    "Product Added",
    "page Cart",
    "Cart Viewed",
    "Product Added",
    "Product Added",
    "Product Removed",
    "Product Removed",
  ]);
  assert.deepEqual(
    properties.slice(5).map(({ quantity }) => quantity),
    [1, 1, 1, 2],
  );
  assert.equal(new Set(properties.slice(5).map((p) => p.cart_id)).size, 1);
});

test("a refused coupon is recorded with its reason, and a removed one too", async () => {
  await addToCart("/products/camp-mug");
  await tab.getByLabel("Coupon code").fill("summit25");
  await press("Apply coupon");
  await tab.getByRole("alert").waitFor();
  await tab.getByLabel("Coupon code").fill("TRAIL10");
  await press("Apply coupon");
  await press("Remove coupon");
  const { names, properties } = await sent(10);
  assert.deepEqual(names.slice(5), [
    "Coupon Entered",
    "Coupon Denied",
    "Coupon Entered",
    "Coupon Applied",
    "Coupon Removed",
  ]);
  assert.equal(properties[6].coupon_id, "SUMMIT25");
  assert.match(properties[6].reason, /at least \$200/);
  assert.equal(properties[8].discount, 1.65);
  assert.equal(properties[9].discount, 1.65);
});

test("pressing “Place order” twice is one order", async () => {
  await addToCart("/products/ridge-28");
  await press("Checkout");
  for (const label of ["Full name", "Street and number", "Postcode", "Town"]) {
    await tab.getByLabel(label).fill("x");
  }
  await tab.getByLabel("E-mail").fill("ann@example.org");
  await press("Continue to payment");
  for (const label of [
    "Name on card",
    "Card number",
    "Expiry date",
    "Security code",
  ]) {
    await tab.getByLabel(label).fill("1");
  }
  await tab.getByRole("button", { name: "Place order" }).dblclick();
  await tab.getByRole("heading", { name: /Thank you/ }).waitFor();
  await tab.goBack();
  await tab.getByRole("heading", { name: "Your cart" }).waitFor();
  await tab.goForward();
  await tab.getByRole("heading", { name: /Thank you/ }).waitFor();
  await tab.getByRole("link", { name: "Keep looking around" }).click();
  await tab.getByRole("heading", { name: "All gear" }).waitFor();
  const { names } = await sent(20);
  assert.equal(names.at(-1), "Product List Viewed");
  assert.equal(names.filter((name) => name === "Order Completed").length, 1);
});

test("the home page's links name their promotion, and navigate by the router", async () => {
  await open("/");
  await tab.evaluate("window.sameDocument = true");
  await tab
    .getByRole("link", { name: /^Kitchen/ })
    .first()
    .click();
  await tab.getByRole("heading", { name: "Kitchen" }).waitFor();
  assert.ok(await tab.evaluate("window.sameDocument"));
  const { names, properties } = await sent(4);
  assert.deepEqual(names, [
    "page Home",
    "Promotion Clicked",
    "page Product List",
    "Product List Viewed",
  ]);
  assert.deepEqual(properties[1], {
    link_url: "/products?category=kitchen",
    promotion_id: "kitchen",
    name: "Kitchen",
    creative: "home",
    position: 3,
  });
});

test("a page that has no data yet is not counted as viewed", async () => {
  await open("/checkout/payment");
  await tab.getByRole("heading", { name: "Your cart" }).waitFor();
  const { names } = await sent(2);
  assert.deepEqual(names, ["page Cart", "Cart Viewed"]);
});

test("going back to a page counts it and its events again", async () => {
  await open("/products/camp-mug");
  await tab.getByRole("heading", { name: "Camp Mug" }).waitFor();
  await tab.getByRole("link", { name: /^Cart/ }).click();
  await tab.getByRole("heading", { name: "Your cart" }).waitFor();
  await tab.goBack();
  await tab.getByRole("heading", { name: "Camp Mug" }).waitFor();
  const { names } = await sent(6);
  assert.deepEqual(names, [
    "page Product",
    "Product Viewed",
    "page Cart",
    "Cart Viewed",
    "page Product",
    "Product Viewed",
  ]);
});

test("the keyboard alone is enough to skip the header, buy and be told so", async () => {
  await open("/products/fell-beanie");
  await tab.getByRole("heading", { name: "Fell Beanie" }).waitFor();
  await tab.keyboard.press("Tab");
  assert.equal(
    await tab.evaluate(() => document.activeElement?.textContent),
    "Skip to content",
  );
  await tab.keyboard.press("Enter");
  await tab.getByRole("radio", { name: "Berry" }).focus();
  await tab.keyboard.press("ArrowRight");
  assert.ok(await tab.getByRole("radio", { name: "Pine" }).isChecked());
  await tab.keyboard.press("Tab");
  await tab.keyboard.press("Tab");
  await tab.keyboard.press("Enter");
  await tab
    .getByRole("status")
    .getByText("1 × Fell Beanie (Pine) added to cart.")
    .waitFor();
});

test("every page fits the width of a phone", async () => {
  await tab.setViewportSize(PHONE);
  const paths = ["/", "/products", "/products/ridge-28", "/sign-in", "/nope"];
  await addToCart("/products/summit-55");
  for (const path of [...paths, "/cart"]) {
    await open(path);
    await tab.getByRole("heading", { level: 1 }).waitFor();
    const overflow = await tab.evaluate(
      () => document.documentElement.scrollWidth - innerWidth,
    );
    assert.equal(overflow, 0, `${path} is ${overflow} px too wide`);
  }
});
