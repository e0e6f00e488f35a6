// @ts-check
// The visitor's cookies, set again by the shop's own server: Chromium over TLS, the real gateway.
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import "../support/watchdog.mjs";
import { eventually } from "../support/eventually.mjs";
import { startGateway } from "../support/gateway.mjs";
import { packageFiles } from "../support/package-files.mjs";
import { SHOP, ShopWorld } from "./shop-world.mjs";

const DAY_MS = 86_400_000;
const YEAR_S = 365 * 24 * 3600;

/** @type {ShopWorld} */
let world;
/** @type {import("playwright-core").Browser} */
let browser;
/** @type {Awaited<ReturnType<typeof startGateway>>} */
let gateway;
/** @type {import("playwright-core").BrowserContext} */
let context;

before(async () => {
  world = new ShopWorld(await packageFiles());
  browser = await world.open();
});
after(() => world?.close());
beforeEach(async () => {
  await restartGateway("");
  context = await browser.newContext({ ignoreHTTPSErrors: true });
  world.asked = [];
  world.held = Promise.resolve();
});
afterEach(async () => {
  await context.close();
  await gateway.stop();
});

/** @param {string} toml of the source's identity */
async function restartGateway(toml) {
  const keys = [
    { key: "demo-browser-key", kind: /** @type {const} */ ("browser") },
  ];
  const sources = [{ name: "shop", allowedOrigins: [SHOP], keys }];
  gateway = await startGateway({ sources, toml });
  world.gateway = gateway.host;
}

/**
 * A page of the shop, with a client that has recorded a page view.
 *
 * @param {object} [options] of `load`
 */
async function visit(options = {}) {
  const page = await context.newPage();
  await page.goto(SHOP);
  const load = {
    initialPageview: true,
    identityEndpoint: true,
    integrations: { "Segment.io": { apiHost: "t.example.test/v1" } },
    ...options,
  };
  await page.evaluate(`(async () => {
    const { AnalyticsBrowser } = await import("/waymark/index.js");
    globalThis.analytics = AnalyticsBrowser.load(
      { writeKey: "demo-browser-key" }, ${JSON.stringify(load)});
  })()`);
  return page;
}

const renewals = () =>
  world.asked.filter(({ path }) => path === "/v1/identity");

/** The cookie `name`, once the server has set it: only the server's is secure. @param {string} name */
function renewed(name) {
  return eventually(
    async () => {
      const all = await context.cookies(SHOP);
      return all.find((one) => one.name === name && one.secure);
    },
    { what: `the cookie ${name} of the server` },
  );
}

test("the gateway's host sets a first visit's anonymous id in a cookie for a year", async () => {
  const page = await visit();
  const cookie = await renewed("ajs_anonymous_id");
  const [{ event }] = await gateway.waitForEvents(1);
  assert.equal(cookie.value, event.anonymousId);
  assert.equal(cookie.domain, ".example.test");
  assert.equal(cookie.sameSite, "Lax");
  assert.equal(cookie.httpOnly, false);
  const leftS = cookie.expires - Date.now() / 1000;
  assert.ok(leftS > YEAR_S - 3600 && leftS <= YEAR_S + 60, `${leftS} s`);
  // It replaces the page's cookie: there is one, and the client reads it.
  const all = await context.cookies(SHOP);
  assert.deepEqual(
    all.map(({ name }) => name),
    ["ajs_anonymous_id"],
  );
  await page.close();
});

test("a later page keeps the server's cookie, and does not ask again that day", async () => {
  const first = await visit();
  const cookie = await renewed("ajs_anonymous_id");
  await first.close();
  const page = await visit();
  await page.evaluate("analytics.track('Seen')");
  await gateway.waitForEvents(3);
  const again = await renewed("ajs_anonymous_id");
  assert.equal(again.value, cookie.value);
  assert.equal(renewals().length, 1);
});

test("the ids of known visitors are set again on the next day", async () => {
  const first = await visit({ identityEndpoint: false });
  await first.evaluate("analytics.identify('user ü'); analytics.group('g:1')");
  await gateway.waitForEvents(3);
  await first.evaluate(
    `localStorage.setItem("waymark:identity", String(Date.now() - ${DAY_MS}))`,
  );
  await first.close();
  const page = await visit();
  assert.equal((await renewed("ajs_user_id")).value, "user%20%C3%BC");
  assert.equal((await renewed("ajs_group_id")).value, "g:1");
  // An identify with nothing new leaves the server's cookie alone.
  await page.evaluate("analytics.identify('user ü')");
  await gateway.waitForEvents(5);
  await renewed("ajs_user_id");
  assert.ok(!renewals()[0].body.includes("user"), "no user id in a body");
});

test("no renewal is requested without the option, before consent, or after denial", async () => {
  const without = await visit({ identityEndpoint: false });
  await gateway.waitForEvents(1);
  await without.close();
  const asked = await visit({ consent: "required" });
  await asked.evaluate("analytics.consent.update({ analytics: false })");
  await asked.close();
  const page = await visit();
  await renewed("ajs_anonymous_id");
  assert.equal(renewals().length, 1);
  await page.close();
});

test("a response that comes after a sign-out restores no user", async () => {
  const first = await visit({ identityEndpoint: false });
  await first.evaluate("analytics.identify('ann')");
  await gateway.waitForEvents(2);
  await first.close();
  /** @type {() => void} */
  let answer = () => {};
  world.held = new Promise((done) => (answer = () => done(undefined)));
  const page = await visit();
  await eventually(() => renewals().length === 1);
  await page.evaluate("analytics.reset(); analytics.track('After')");
  await gateway.waitForEvents(4);
  const answered = page.waitForResponse("**/v1/identity");
  answer();
  await (await answered).finished();
  const stored = await gateway.exportEvents();
  const fresh = stored.find(({ event }) => event.event === "After");
  await eventually(async () => {
    const all = await context.cookies(SHOP);
    const value = (/** @type {string} */ name) =>
      all.find((one) => one.name === name)?.value;
    return (
      value("ajs_user_id") === undefined &&
      value("ajs_anonymous_id") === fresh?.anonymousId
    );
  });
});

test("a response that comes after a denial leaves no cookie", async () => {
  /** @type {() => void} */
  let answer = () => {};
  world.held = new Promise((done) => (answer = () => done(undefined)));
  const page = await visit();
  await eventually(() => renewals().length === 1);
  await page.evaluate("analytics.consent.update({ analytics: false })");
  const answered = page.waitForResponse("**/v1/identity");
  answer();
  await (await answered).finished();
  await eventually(async () => (await context.cookies(SHOP)).length === 0);
  const kept = await page.evaluate("Object.keys(localStorage)");
  assert.deepEqual(kept, ["waymark:consent"]);
});

test("with http_only no script can read the cookie, and the id stays", async () => {
  await gateway.stop();
  await restartGateway("[sources.identity]\nhttp_only = true");
  const first = await visit();
  const cookie = await renewed("ajs_anonymous_id");
  assert.equal(cookie.httpOnly, true);
  assert.equal(await first.evaluate("document.cookie"), "");
  await first.close();
  await visit();
  const stored = await gateway.waitForEvents(2);
  assert.deepEqual(
    stored.map(({ anonymousId }) => anonymousId),
    [cookie.value, cookie.value],
  );
});
