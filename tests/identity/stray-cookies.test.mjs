// @ts-check
// Cookies with the identity's names on other domains and paths than the client's own: a reset and a
// denial remove them too, so that the next page does not bring the old visitor back.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import "../support/watchdog.mjs";
import { cookiesOf } from "../support/cookies.mjs";
import { eventually } from "../support/eventually.mjs";
import { startGateway } from "../support/gateway.mjs";
import { packageFiles } from "../support/package-files.mjs";
import { ShopWorld } from "./shop-world.mjs";

/** The client's own cookies are on `example.test`, which all hosts share. */
const HOST = "www.shop.example.test";
const PATH = "/caf%C3%A9/shoes/red";
const PAGE = `https://${HOST}${PATH}`;
const HTML = "<!doctype html><title>Shop</title>";

/** @type {{ name: string, cookie?: string, at: string, options?: object, page?: string }[]} */
const STRAYS = [
  { name: "of the host only", at: "path=/" },
  { name: "of the host as a domain", at: `path=/; domain=${HOST}` },
  { name: "of the parent", at: "path=/; domain=shop.example.test" },
  {
    name: "of the grandparent",
    at: "path=/; domain=example.test",
    options: { cookie: { domain: HOST } },
  },
  { name: "of the first step", at: "path=/caf%C3%A9" },
  { name: "of the first step, with a slash", at: "path=/caf%C3%A9/" },
  { name: "of the second step", at: "path=/caf%C3%A9/shoes" },
  { name: "of the page's own path", at: `path=${PATH}` },
  {
    name: "of a page whose path ends in a slash",
    at: `path=${PATH}/`,
    page: `${PAGE}/`,
  },
  { name: "of the path that the browser takes by default", at: "sameSite=Lax" },
  {
    name: "of a step, of the shared domain",
    at: "path=/caf%C3%A9; domain=example.test",
  },
  {
    name: "of the shared path, where the client has another",
    at: "path=/",
    options: { cookie: { path: "/caf%C3%A9", domain: HOST } },
  },
  { name: "with a user's id", cookie: "ajs_user_id", at: "path=/" },
  { name: "with a group's id", cookie: "ajs_group_id", at: "path=/caf%C3%A9" },
  {
    name: "with a user's id under another name",
    cookie: "shop.uid",
    at: "path=/",
    options: { user: { cookie: { key: "shop.uid" } } },
  },
  {
    name: "with a group's id under another name",
    cookie: "shop.gid",
    at: "path=/caf%C3%A9/",
    options: { group: { cookie: { key: "shop.gid" } } },
  },
];

/** @type {ShopWorld} */
let world;
/** @type {import("playwright-core").Browser} */
let browser;
/** @type {Awaited<ReturnType<typeof startGateway>>} */
let gateway;
let seen = 0;

before(async () => {
  const pages = { [PATH]: HTML, [`${PATH}/`]: HTML };
  world = new ShopWorld({ ...pages, ...(await packageFiles()) });
  browser = await world.open();
  const keys = [
    { key: "demo-browser-key", kind: /** @type {const} */ ("browser") },
  ];
  const origin = `https://${HOST}`;
  const sources = [{ name: "shop", allowedOrigins: [origin], keys }];
  gateway = await startGateway({ sources });
  world.gateway = gateway.host;
});
after(async () => {
  await world?.close();
  await gateway?.stop();
});

/** @param {object} options of `load` */
const load = (options) => `(async () => {
  const { AnalyticsBrowser } = await import("/waymark/index.js");
  globalThis.analytics = AnalyticsBrowser.load(
    { writeKey: "demo-browser-key" },
    ${JSON.stringify({
      integrations: { "Segment.io": { apiHost: "t.example.test/v1" } },
      ...options,
    })});
})()`;

/** Records `name`, and gives the ids of its visitor. @param {string} name */
const visitor = (name) => `(async () => {
  const [client] = await analytics;
  await client.track("${name}");
  return [client.user().anonymousId(), client.user().id(), client.group().id()];
})()`;

/**
 * A page of a new visitor, with a cookie that something else has set.
 *
 * @param {typeof STRAYS[number]} stray
 * @param {(page: import("playwright-core").Page, options: object) => Promise<void>} run
 */
async function withStray(stray, run) {
  const { cookie = "ajs_anonymous_id", at, options = {} } = stray;
  const context = await browser.newContext({ ignoreHTTPSErrors: true });
  const page = await context.newPage();
  await page.goto(stray.page ?? PAGE);
  await page.evaluate(`document.cookie = "${cookie}=stale; ${at}"`);
  const [set] = await cookiesOf(page, page.url());
  assert.equal(set?.value, "stale", "the browser took the cookie");
  await run(page, options);
  await context.close();
}

/** @param {import("playwright-core").Page} page */
const cookieNames = async (page) =>
  (await cookiesOf(page)).map(({ name }) => name);

for (const stray of STRAYS) {
  test(`reset removes a cookie ${stray.name}`, async () => {
    await withStray(stray, async (page, options) => {
      await page.evaluate(load(options));
      const before = await page.evaluate(visitor("Before"));
      assert.ok(/** @type {any} */ (before).includes("stale"), `${before}`);
      // The page is left in the task of the call.
      const left = page.waitForNavigation();
      await page.evaluate(`analytics.then(([client]) => {
        client.reset();
        location.reload();
      })`);
      await left;
      assert.deepEqual(await cookieNames(page), []);
      await page.evaluate(load(options));
      const name = `After ${++seen}`;
      const [anonymousId, userId, groupId] = /** @type {any} */ (
        await page.evaluate(visitor(name))
      );
      assert.ok(
        !["stale", /** @type {any} */ (before)[0]].includes(anonymousId),
      );
      assert.deepEqual([userId, groupId], [null, null]);
      const stored = await eventually(async () =>
        (await gateway.exportEvents()).find(
          ({ event }) => event.event === name,
        ),
      );
      assert.equal(stored.event.anonymousId, anonymousId);
      assert.equal(stored.event.userId ?? null, null);
    });
  });

  // Until an answer is required and given, there is no client, and its own removal does not count.
  for (const consent of stray === STRAYS[0]
    ? ["granted", "required"]
    : ["required"]) {
    test(`a denial removes a cookie ${stray.name} (${consent} until then)`, async () => {
      await withStray(stray, async (page, options) => {
        await page.evaluate(load({ ...options, consent }));
        if (consent === "granted") await page.evaluate(visitor("Before"));
        await page.evaluate(`analytics.consent.update({ analytics: false })`);
        await eventually(async () => (await cookieNames(page)).length === 0, {
          what: "no cookie",
        });
        await page.reload();
        assert.deepEqual(await cookieNames(page), []);
      });
    });
  }
}

test("reset leaves the cookies of a client that keeps its ids elsewhere", async () => {
  for (const options of [
    { disableClientPersistence: true },
    { storage: { stores: ["localStorage"] } },
    { user: { persist: false } },
  ]) {
    await withStray({ name: "", at: "path=/" }, async (page) => {
      await page.evaluate(load(options));
      await page.evaluate(`analytics.then(([client]) => client.reset())`);
      assert.ok((await cookieNames(page)).includes("ajs_anonymous_id"));
    });
  }
});

test("a group's reset leaves the visitor's cookies", async () => {
  await withStray({ name: "", at: "path=/" }, async (page) => {
    await page.evaluate(load({}));
    await page.evaluate(`analytics.then(([client]) => client.group().reset())`);
    assert.ok((await cookieNames(page)).includes("ajs_anonymous_id"));
  });
});
