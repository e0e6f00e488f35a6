// @ts-check
// The connection for events, opened while the core loads.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:net";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { chromium } from "playwright-core";
import "../support/watchdog.mjs";
import { CHROMIUM_FLAGS, chromiumPath } from "../support/chromium.mjs";
import { eventually } from "../support/eventually.mjs";
import { packageFiles } from "../support/package-files.mjs";
import { servePage } from "../support/page-server.mjs";

/** @type {Awaited<ReturnType<typeof servePage>>} */
let site;
/** Incognito pages, such as those of a new context, ignore preconnect hints. @type {import("playwright-core").BrowserContext} */
let context;
/** @type {import("playwright-core").Page} */
let page;
/** A server in place of the API, and what it received. @type {import("node:net").Server} */
let api;
/** @type {import("node:net").Socket[]} */
let connections;
let received = "";

before(async () => {
  const files = { "/shop.html": "<!doctype html><title>Shop</title>" };
  site = await servePage({ ...files, ...(await packageFiles()) });
});

after(async () => {
  await site?.close();
});

beforeEach(async () => {
  [connections, received] = [[], ""];
  api = createServer((connection) => {
    connections.push(connection);
    connection.on("error", () => {});
    connection.on("data", (bytes) => (received += String(bytes)));
  });
  api.listen(0, "127.0.0.1");
  await once(api, "listening");
  context = await chromium.launchPersistentContext("", {
    executablePath: chromiumPath(),
    args: CHROMIUM_FLAGS,
  });
  page = await context.newPage();
  // The core never loads.
  await page.route("**/*.wasm", () => {});
});

afterEach(async () => {
  await context.close();
  connections.forEach((connection) => connection.destroy());
  await new Promise((closed) => api.close(closed));
});

function apiHost() {
  const address = api.address();
  const { port } = /** @type {import("node:net").AddressInfo} */ (address);
  return `127.0.0.1:${port}/v1`;
}

/** @param {object} options of `load`, besides the API's address */
async function load(options = {}) {
  const segment = { apiHost: apiHost(), protocol: "http" };
  const all = { ...options, integrations: { "Segment.io": segment } };
  await page.goto(`${site.origin}/shop.html`);
  await page.evaluate(`(async () => {
    const { AnalyticsBrowser } = await import("/waymark/index.js");
    globalThis.analytics = AnalyticsBrowser.load({ writeKey: "WK" }, ${JSON.stringify(all)});
    void analytics.track("Early");
  })()`);
}

test("the connection opens before the core has loaded, and nothing is sent", async () => {
  await load({ express: false });
  await eventually(() => connections.length > 0);
  assert.equal(received, "");
  assert.equal(await page.locator("link[rel=preconnect]").count(), 0);
});

test("no connection opens before the visitor agrees", async () => {
  const asked = page.waitForRequest("**/*.wasm");
  await load({ consent: "required" });
  // With credentials it gets a connection of its own, opened after any earlier one.
  const credentials = { mode: "no-cors", credentials: "include" };
  await page.evaluate(
    `void fetch("http://${apiHost()}", ${JSON.stringify(credentials)})`,
  );
  await eventually(() => received !== "");
  assert.equal(connections.length, 1);
  await page.evaluate("analytics.consent.update({ analytics: true })");
  await asked;
  await eventually(() => connections.length > 1);
});
