// @ts-check
// Leaving: what a page records just before it goes is stored once, whether the core was loaded or
// not, and however soon the next page comes.
import assert from "node:assert/strict";
import { after, before, beforeEach, afterEach } from "node:test";
import "../support/watchdog.mjs";
import { test } from "../support/engine-test.mjs";
import { launchBrowser } from "../support/browser.mjs";
import { startGateway } from "../support/gateway.mjs";
import { startShop } from "./shop.mjs";

/** @type {import("../support/browser.mjs").TestBrowser} */
let browser;
/** @type {Awaited<ReturnType<typeof startGateway>>} */
let gateway;
/** @type {Awaited<ReturnType<typeof startShop>>} */
let shop;
/** @type {import("../support/browser.mjs").Context} */
let context;
/** @type {import("../support/browser.mjs").Page} */
let page;

before(async () => {
  browser = await launchBrowser();
});
after(() => browser?.close());
beforeEach(async () => {
  gateway = await startGateway();
  shop = await startShop(gateway.host);
  context = await browser.newContext();
  page = await context.newPage();
});
afterEach(async () => {
  await context.close();
  await shop.close();
  await gateway.stop();
});

for (const delayMs of [0, 30, 100, 300]) {
  for (const warm of [false, true]) {
    const name = `${warm ? "warm" : "cold"} page left at once, next document after ${delayMs} ms`;
    test(name, async () => {
      shop.delayMs = delayMs;
      await page.goto(shop.url("/"));
      if (warm) {
        await page.evaluate("analytics.track('Warm')");
        await gateway.waitForEvents(1);
      }
      await page.evaluate(`
        for (let n = 0; n < 5; n++) analytics.track("Last", { n });
        location.href = "/next";`);
      const expected = warm ? 6 : 5;
      const events = await gateway.waitForEvents(expected);
      await page.waitForURL("**/next");
      await page.evaluate("analytics.track('Next')");
      const all = await gateway.waitForEvents(expected + 1);
      assert.equal(all.length, expected + 1);
      const numbers = events
        .filter(({ event }) => event.event === "Last")
        .map(({ event }) => event.properties.n);
      assert.deepEqual(numbers.sort(), [0, 1, 2, 3, 4]);
    });
  }
}
