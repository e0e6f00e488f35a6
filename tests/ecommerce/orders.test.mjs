// @ts-check
// The built tracker in Chromium against the real gateway: an order is one event, however often it
// is recorded, and whether by browser or server.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { EcommerceTracker } from "waymark/ecommerce";
import "../support/watchdog.mjs";
import { launchChromium } from "../support/chromium.mjs";
import { eventually } from "../support/eventually.mjs";
import { startGateway } from "../support/gateway.mjs";
import { packageFiles } from "../support/package-files.mjs";
import { servePage } from "../support/page-server.mjs";

process.env.NODE_ENV = "production";

/** @type {import("playwright-core").Browser} */
let browser;
/** @type {Awaited<ReturnType<typeof startGateway>>} */
let gateway;
/** @type {Awaited<ReturnType<typeof servePage>>} */
let site;

/** A thank-you page that records its order when it is opened. @param {string} host */
const thankYou = (host) => `<!doctype html><title>Thank you</title>
<script type="module">
  import { AnalyticsBrowser } from "/waymark/index.js";
  import { EcommerceTracker } from "/waymark/ecommerce/index.js";
  globalThis.analytics = AnalyticsBrowser.load(
    { writeKey: "demo-browser-key" },
    { integrations: { "Segment.io": { apiHost: "${host}/v1", protocol: "http" } } },
  );
  const shop = new EcommerceTracker(analytics, { currency: "EUR" });
  shop.orderCompleted({
    orderId: "order_1",
    total: 49.5,
    revenue: 49.5,
    products: [{ productId: "p1", name: "Mug", price: 49.5, quantity: 1 }],
  });
  analytics.page("Checkout", "Thank you");
</script>`;

before(async () => {
  gateway = await startGateway();
  browser = await launchChromium();
  const page = thankYou(gateway.host);
  const files = { "/thanks.html": page, "/favicon.ico": "" };
  site = await servePage({ ...files, ...(await packageFiles()) });
});

after(async () => {
  await browser?.close();
  await site?.close();
  await gateway?.stop();
});

test("a reloaded thank-you page counts once, and the server's event wins", async () => {
  const page = await (await browser.newContext()).newPage();
  /** @type {string[]} */
  const troubles = [];
  page.on("pageerror", (error) => troubles.push(String(error)));
  page.on("console", (said) => troubles.push(said.text()));
  await page.goto(`${site.origin}/thanks.html`);
  await gateway.waitForEvents(2);
  await page.reload();
  const told = await gateway.waitForEvents(3);
  assert.deepEqual(
    told.map(({ event }) => event.event ?? event.name),
    ["Order Completed", "Thank you", "Thank you"],
  );
  assert.equal(told[0]?.event.properties.currency, "EUR");

  const server = new EcommerceTracker(
    async (event) => {
      const body = {
        writeKey: "demo-server-key",
        batch: [{ type: "track", userId: "user_1", ...event }],
      };
      await fetch(`${gateway.url}/v1/batch`, {
        method: "POST",
        body: JSON.stringify(body),
      });
    },
    { currency: "EUR" },
  );
  server.orderCompleted({
    orderId: "order_1",
    total: 49.5,
    revenue: 41.6,
    products: [],
  });
  const record = await eventually(async () => {
    const records = await gateway.exportEvents();
    return records.find(({ keyKind }) => keyKind === "server");
  });
  assert.equal(record.messageId, told[0]?.messageId);
  await page.reload();
  const all = await gateway.waitForEvents(4);
  const orders = all.filter(({ event }) => event.event === "Order Completed");
  assert.deepEqual(
    orders.map(({ event }) => event.properties.revenue),
    [41.6],
  );
  assert.deepEqual(troubles, []);
});
