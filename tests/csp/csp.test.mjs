// @ts-check
// Pages with a strict content security policy: the core as JavaScript replaces the wasm.
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import "../support/watchdog.mjs";
import { launchChromium } from "../support/chromium.mjs";
import { startGateway } from "../support/gateway.mjs";
import { packageFiles } from "../support/package-files.mjs";
import { servePage } from "../support/page-server.mjs";

/** @type {import("playwright-core").Browser} */
let browser;
/** @type {Awaited<ReturnType<typeof startGateway>>} */
let gateway;
/** @type {import("playwright-core").BrowserContext} */
let context;
/** @type {Awaited<ReturnType<typeof servePage>>} */
let site;
/** Errors thrown into a page. @type {string[]} */
let troubles;
/** Paths of all requests. @type {string[]} */
let fetched;

before(async () => {
  browser = await launchChromium();
});
after(() => browser.close());
beforeEach(async () => {
  gateway = await startGateway();
  context = await browser.newContext();
  troubles = [];
  fetched = [];
  context.on("weberror", (error) => troubles.push(String(error.error())));
  context.on("request", (request) => {
    fetched.push(new URL(request.url()).pathname);
  });
});
afterEach(async () => {
  await context.close();
  await site.close();
  await gateway.stop();
  assert.deepEqual(troubles, [], "errors thrown into a page");
});

/**
 * Opens a page with this policy, beside `connect-src`, and options of `load`; returns the page once
 * it has recorded `name`. The policy's violations are in `window.violations`.
 *
 * @param {string} policy
 * @param {object} [options]
 */
async function serve(policy, options = {}) {
  const load = {
    integrations: {
      "Segment.io": { apiHost: `${gateway.host}/v1`, protocol: "http" },
    },
    ...options,
  };
  const start = `window.violations = [];
    addEventListener("securitypolicyviolation", ({ blockedURI }) => violations.push(blockedURI));
    import { AnalyticsBrowser } from "/waymark/index.js";
    window.analytics = AnalyticsBrowser.load({ writeKey: "demo-browser-key" }, ${JSON.stringify(load)});
    window.started = true;`;
  const html = `<!doctype html><title>Strict page</title><link rel="icon" href="data:,"><script type="module" src="/start.js"></script>`;
  const files = { ...(await packageFiles()), "/": html, "/start.js": start };
  site = await servePage(files, {
    "content-security-policy": `default-src 'none'; img-src data:; connect-src 'self' ${gateway.url}; ${policy}`,
  });
}

/** @param {string} name */
async function visitAndTrack(name) {
  fetched = [];
  const page = await context.newPage();
  await page.goto(`${site.origin}/`);
  await page.waitForFunction("window.started");
  await page.evaluate(`void analytics.track(${JSON.stringify(name)})`);
  await page.evaluate("analytics.ready()");
  return page;
}

const violations = (/** @type {import("playwright-core").Page} */ page) =>
  page.evaluate("window.violations");

const WASM = "/waymark/waymark_bg.wasm";
const SCRIPT = "/waymark/core-script.js";

test("a page that refuses wasm gets the core as JavaScript, and is tried once", async () => {
  await serve("script-src 'self'");
  const first = await visitAndTrack("First");
  assert.deepEqual(await violations(first), ["wasm-eval"]);
  assert.ok(fetched.includes(SCRIPT));
  await gateway.waitForEvents(1);
  const second = await visitAndTrack("Second");
  const events = await gateway.waitForEvents(2);
  assert.deepEqual(await violations(second), []);
  assert.ok(!fetched.includes(WASM), "the refusal is remembered");
  const [one, two] = events;
  assert.equal(one?.event.anonymousId, two?.event.anonymousId);
  assert.equal(one?.event.context.page.title, "Strict page");
});

test("engine: 'js' never tries wasm", async () => {
  await serve("script-src 'self'", { engine: "js" });
  const page = await visitAndTrack("Asked for");
  await gateway.waitForEvents(1);
  assert.deepEqual(await violations(page), []);
  assert.ok(!fetched.includes(WASM));
});

test("a page that allows wasm never fetches the core as JavaScript", async () => {
  await serve("script-src 'self' 'wasm-unsafe-eval'");
  const page = await visitAndTrack("Allowed");
  await gateway.waitForEvents(1);
  assert.deepEqual(await violations(page), []);
  assert.ok(!fetched.includes(SCRIPT));
});

test("a page that requires trusted types works", async () => {
  await serve(
    "script-src 'self' 'wasm-unsafe-eval'; require-trusted-types-for 'script'; trusted-types 'none'",
  );
  const page = await visitAndTrack("Trusted");
  await gateway.waitForEvents(1);
  assert.deepEqual(await violations(page), []);
});

test("where the refusal cannot be stored, every page tries again", async () => {
  await serve("script-src 'self'", { disableClientPersistence: true });
  await visitAndTrack("First");
  const second = await visitAndTrack("Second");
  await gateway.waitForEvents(2);
  assert.deepEqual(await violations(second), ["wasm-eval"]);
  assert.equal(await second.evaluate("localStorage.length"), 0);
});
