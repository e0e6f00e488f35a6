// @ts-check
// The standard walk of www/README.md in each engine: the built shop, and the real gateway.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import "../support/watchdog.mjs";
import { startGateway } from "../support/gateway.mjs";
import { enginesHere } from "./engines.mjs";

const STATIC_DIR = fileURLToPath(new URL("../../www/dist", import.meta.url));
const FIELDS = {
  "E-mail": "ann@example.org",
  "Full name": "Ann Fell",
  "Street and number": "1 Hidden Lane",
  Postcode: "LA22 9AA",
  Town: "Ambleside",
};
const CARD = {
  "Name on card": "Ann Fell Private",
  "Card number": "4242424242424242",
  "Expiry date": "12 / 30",
  "Security code": "917",
};
/** The walk's events, in order, up to the purchase. */
const EXPECTED = [
  "Home",
  "Products Searched",
  "Product List",
  "Product List Viewed",
  "Product Clicked",
  "Product",
  "Product Viewed",
  "Product Added",
  "Cart",
  "Cart Viewed",
  "Coupon Entered",
  "Coupon Applied",
  "Checkout Started",
  "Shipping",
  "Checkout Step Viewed",
  "Checkout Step Completed",
  "Payment",
  "Checkout Step Viewed",
  "Payment Info Entered",
  "Checkout Step Completed",
  "Order Completed",
  "Order Confirmation",
  "Order Confirmation",
];

for (const engine of enginesHere()) {
  describe(engine.name, () => {
    /** @type {import("../support/gateway.mjs").Gateway} */
    let gateway;
    /** @type {import("./webdriver.mjs").Browser} */
    let browser;
    before(async () => {
      gateway = await startGateway({ staticDir: STATIC_DIR });
      browser = await engine.launch();
    });
    after(async () => {
      await browser?.close();
      await gateway?.stop();
    });

    test("a walk through the shop leaves exactly the expected events, in order", async () => {
      await browser.goto(`${gateway.url}/`);
      await browser.fill("Search products", "tent");
      await browser.click("button", "Search");
      await browser.click("link", "Lantern 2P Tent");
      await browser.click("button", "Add to cart");
      await browser.click("link", "View cart");
      await browser.fill("Coupon code", "TRAIL10");
      await browser.click("button", "Apply coupon");
      await browser.click("button", "Checkout");
      for (const [label, text] of Object.entries(FIELDS)) {
        await browser.fill(label, text);
      }
      await browser.click("button", "Continue to payment");
      for (const [label, text] of Object.entries(CARD)) {
        await browser.fill(label, text);
      }
      await browser.click("button", "Place order");
      await browser.find("heading", "Thank you");
      await browser.reload();
      await browser.find("heading", "Thank you");
      const stored = await gateway.waitForEvents(EXPECTED.length);
      assert.deepEqual(
        stored.map(({ event }) => event.event ?? event.name),
        EXPECTED,
      );
      const visitors = new Set(stored.map(({ anonymousId }) => anonymousId));
      assert.equal(visitors.size, 1);
      const text = JSON.stringify(stored);
      const { "Security code": code, ...card } = CARD;
      // Three digits alone may occur in a random id.
      for (const secret of [...Object.values(card), JSON.stringify(code)]) {
        assert.ok(!text.includes(secret), "no card number is sent");
      }
    });
  });
}
