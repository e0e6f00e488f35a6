// @ts-check
// A stock @segment/analytics-next in Chromium, on an origin of its own, against the real gateway.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { launchChromium } from "../support/chromium.mjs";
import { startGateway } from "../support/gateway.mjs";
import { servePage } from "../support/page-server.mjs";
import { assertFields, only } from "./assert-fields.mjs";

const PAGE = fileURLToPath(new URL("stock-page.mjs", import.meta.url));
const HTML = `<!doctype html><title>Stock page</title><script type="module" src="/page.js"></script>`;
const SEARCH = "?utm_source=mail&utm_medium=letter&utm_campaign=spring";
const CALLS = ["page", "identify", "track", "group", "screen", "alias"];

/** @type {Awaited<ReturnType<typeof servePage>>} */
let site;
/** @type {import("playwright-core").Browser} */
let browser;

before(async () => {
  const bundle = await build({
    bundle: true,
    entryPoints: [PAGE],
    format: "esm",
    logLevel: "error",
    write: false,
  });
  const script = bundle.outputFiles[0].contents;
  site = await servePage({ "/shop.html": HTML, "/page.js": script });
  browser = await launchChromium();
});

after(async () => {
  await browser?.close();
  await site?.close();
});

/** Starts a gateway that allows only the page's origin. */
const gatewayForSite = () =>
  startGateway({
    sources: [
      {
        name: "shop",
        allowedOrigins: [site.origin],
        keys: [{ key: "demo-browser-key", kind: "browser" }],
      },
    ],
  });

/**
 * Records every preflight of a page and its response status.
 *
 * @param {import("playwright-core").Page} page
 */
async function watchPreflights(page) {
  /** @type {Map<string, { url: string, status?: number }>} */
  const seen = new Map();
  const devtools = await page.context().newCDPSession(page);
  devtools.on("Network.requestWillBeSent", ({ requestId, request }) => {
    if (request.method === "OPTIONS") seen.set(requestId, request);
  });
  devtools.on("Network.responseReceived", ({ requestId, response }) => {
    const preflight = seen.get(requestId);
    if (preflight) preflight.status = response.status;
  });
  await devtools.send("Network.enable");
  return seen;
}

/** Makes every call once, in the page; returns the page's own facts. */
async function callEverything() {
  const analytics = /** @type {any} */ (window).analytics;
  await analytics.page("Shop", "Cart", { depth: 2 });
  // Before identify: afterwards this client sends the user's own id and ignores any other.
  await analytics.alias("browser-user", "old-user");
  await analytics.identify("browser-user", { email: "ann@example.org" });
  await analytics.track("Order Completed", {
    total: 148.5,
    products: [{ sku: "å" }],
    coupon: null,
  });
  await analytics.group("acme", { seats: 3 });
  await analytics.screen("Shop", "Cart", { depth: 3 });
  const user = await analytics.user();
  return {
    anonymousId: user.anonymousId(),
    userAgent: navigator.userAgent,
    locale: navigator.language,
    timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    url: location.href,
  };
}

/**
 * @param {import("../support/gateway.mjs").StoredEvent[]} stored
 * @param {Awaited<ReturnType<typeof callEverything>>} known
 */
function assertEnvelopes(stored, known) {
  for (const record of stored) {
    const { event, type } = record;
    assert.equal(record.source, "shop");
    assert.equal(record.keyKind, "browser");
    assert.equal(record.anonymousId, known.anonymousId);
    assertFields(event, { type, anonymousId: known.anonymousId });
    assert.equal(record.messageId, event.messageId);
    assert.match(event.messageId, /^ajs-next-\d+-[0-9a-f-]{36}$/);
    const { context } = event;
    assert.deepEqual(context.library, {
      name: "analytics.js",
      version: "npm:next-1.84.3",
    });
    assertFields(context, {
      userAgent: known.userAgent,
      locale: known.locale,
      timezone: known.timezone,
      campaign: { source: "mail", medium: "letter", name: "spring" },
    });
    assertFields(context.page, {
      path: "/shop.html",
      referrer: "",
      search: SEARCH,
      title: "Stock page",
      url: known.url.split("#")[0],
    });
  }
}

/** @param {import("../support/gateway.mjs").StoredEvent[]} stored */
function assertCalls(stored) {
  const page = only(stored, "page").event;
  assertFields(page, { category: "Shop", name: "Cart", userId: null });
  assert.equal(page.properties.depth, 2);
  assert.equal(page.properties.path, "/shop.html");
  assertFields(only(stored, "identify").event, {
    userId: "browser-user",
    traits: { email: "ann@example.org" },
  });
  assert.equal(only(stored, "track").userId, "browser-user");
  assertFields(only(stored, "track").event, {
    userId: "browser-user",
    event: "Order Completed",
    properties: { total: 148.5, products: [{ sku: "å" }], coupon: null },
  });
  assertFields(only(stored, "group").event, {
    userId: "browser-user",
    groupId: "acme",
    traits: { seats: 3 },
  });
  const screen = only(stored, "screen").event;
  assertFields(screen, { category: "Shop", name: "Cart" });
  assert.equal(screen.properties.depth, 3);
  assertFields(only(stored, "alias").event, {
    userId: "browser-user",
    previousId: "old-user",
  });
}

for (const strategy of ["standard", "batching"]) {
  test(`every call of a stock page is stored field by field, ${strategy} delivery`, async (t) => {
    const gateway = await gatewayForSite();
    t.after(() => gateway.stop());
    const context = await browser.newContext();
    t.after(() => context.close());
    const page = await context.newPage();
    /** @type {string[]} */
    const complaints = [];
    page.on("pageerror", (error) => complaints.push(String(error)));
    const preflights = await watchPreflights(page);

    const hash = `#host=${gateway.host}&strategy=${strategy}`;
    await page.goto(`${site.origin}/shop.html${SEARCH}${hash}`);
    const known = await page.evaluate(callEverything);

    const stored = await gateway.waitForEvents(CALLS.length);
    assert.deepEqual(
      stored.map((record) => record.type).sort(),
      [...CALLS].sort(),
    );
    assertEnvelopes(stored, known);
    assertCalls(stored);

    const answered = [...preflights.values()];
    assert.ok(answered.length > 0, "the page's requests have preflights");
    for (const { url, status } of answered) {
      assert.ok(url.startsWith(`${gateway.url}/v1/`), url);
      assert.ok(status && status >= 200 && status < 300, `${url}: ${status}`);
    }
    assert.deepEqual(complaints, []);
  });
}
