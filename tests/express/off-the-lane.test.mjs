// @ts-check
// What keeps a page off the express lane costs no event; and nothing is posted without a gateway's
// address, or without consent.
import assert from "node:assert/strict";
import { test } from "node:test";
import "../support/watchdog.mjs";
import { eventually } from "../support/eventually.mjs";
import { settledDelivery } from "../faults/scene.mjs";
import { clientGate } from "./client-gate.mjs";
import { setLaneScene } from "./lane-scene.mjs";

const { scene, posts, express } = setLaneScene();

/** What keeps a page off the lane: code after the call of `load`, and options of `load`. */
const OBSTACLES = {
  "a plugin": {
    code: `analytics.register({ name: "p", type: "enrichment", version: "1", isLoaded: () => true,
      load: async () => {}, track: (ctx) => (ctx.updateEvent("properties.seen", true), ctx) });`,
  },
  "a middleware": {
    code: `analytics.addSourceMiddleware(({ payload, next }) => next(payload));`,
  },
  "an id of the page's own": { code: `analytics.setAnonymousId("own");` },
  "no persistence": { options: { disableClientPersistence: true } },
  "a store of its own": { options: { storage: { stores: ["cookie"] } } },
  "an option for the user": { options: { user: { persist: false } } },
  "a plan": { options: { plan: { track: { X: { enabled: false } } } } },
  "one attempt": { options: { retryQueue: false } },
  "client hints": { options: { highEntropyValuesClientHints: ["model"] } },
  "an address that makes calls": { path: "/?ajs_uid=u" },
  "an address whose hash makes calls": { path: "/#/x?ajs_uid=u" },
  "an address that has made calls": {
    path: "/?ajs_uid=u",
    code: `history.replaceState(null, "", "/");`,
  },
  "an advertisement's address": { path: "/?btid=1" },
};

for (const [what, obstacle] of Object.entries(OBSTACLES)) {
  const { code, options, path } =
    /** @type {{ code?: string, options?: object, path?: string }} */ (
      obstacle
    );
  test(`a page with ${what} takes the regular way`, async () => {
    express(options);
    const gate = clientGate(scene.shop);
    const page = await scene.visit(path);
    await page.evaluate(`${code ?? ""} analytics.track("A"); void 0;`);
    gate.open();
    await eventually(async () => (await scene.stored()).includes("A"));
    await page.evaluate("analytics.ready()");
    assert.equal(posts(), 0);
    const all = await scene.stored();
    assert.equal(all.filter((name) => name === "A").length, 1);
  });
}

/** What `integrations` may be where no gateway's address is understood. */
const WITHOUT_ADDRESS = {
  "no integrations": undefined,
  "no address": { "Segment.io": {} },
  "an empty address": { "Segment.io": { apiHost: "" } },
  "a number": { "Segment.io": { apiHost: 7 } },
  "no host in it": { "Segment.io": { apiHost: "https:///v1" } },
  "an address with a user": { "Segment.io": { apiHost: "a@b.example/v1" } },
  "another spelling": { "Segment.io": { apihost: "b.example/v1" } },
  "Segment switched off": { "Segment.io": false },
  "a list": [],
};

for (const [what, integrations] of Object.entries(WITHOUT_ADDRESS)) {
  test(`nothing is posted anywhere with ${what} in the place of a gateway's address`, async () => {
    express({ integrations });
    clientGate(scene.shop);
    /** @type {string[]} */
    const asked = [];
    scene.context.on("request", (request) => asked.push(request.url()));
    const page = await scene.visit();
    await page.evaluate(`analytics.track("A"); void 0;`);
    await page.goto(scene.shop.url("/next"));
    assert.ok(asked.length > 0);
    const elsewhere = asked.filter(
      (url) => !url.startsWith(scene.shop.url("/")) || /calls/.test(url),
    );
    assert.deepEqual(elsewhere, []);
  });
}

test("a page with another client takes the regular way from then on", async () => {
  express();
  const gate = clientGate(scene.shop);
  const page = await scene.visit();
  await page.evaluate(`analytics.track("A"); void 0;`);
  await scene.gateway.waitForEvents(1);
  await page.evaluate(
    `
    const { AnalyticsBrowser } = await import("/waymark/index.js");
    AnalyticsBrowser.load({ writeKey: "other" }, ${JSON.stringify({ integrations: { "Segment.io": { apiHost: "127.0.0.1:9/v1", protocol: "http" } } })}).identify("u");
    analytics.track("B");`.replace(/^\s*const/, "(async () => { const") +
      " })()",
  );
  gate.open();
  await scene.expectOnce(["A", "B"]);
  assert.equal(posts(), 1);
});

test("nothing is posted before consent, and nothing after a refusal", async () => {
  express({ consent: "required" });
  const gate = clientGate(scene.shop);
  const page = await scene.visit();
  await page.evaluate(`analytics.track("A"); void 0;`);
  assert.equal(await page.evaluate("localStorage.length"), 0);
  await page.evaluate(`analytics.consent.update({ analytics: true }); void 0;`);
  await scene.gateway.waitForEvents(1);
  assert.equal(posts(), 1);
  await page.evaluate(`
    analytics.consent.update({ analytics: false }); analytics.track("B"); void 0;`);
  gate.open();
  await page.evaluate(`analytics.consent.update({ analytics: true });
    analytics.track("C"); void 0;`);
  await eventually(async () => (await scene.stored()).includes("C"));
  assert.deepEqual(await scene.stored(), ["A", "C"]);
});

test("no call goes past a middleware that was registered beside load", async () => {
  express();
  // The tab's earlier page is waited for while another holds the lock, so that the client takes its
  // time to begin.
  await scene.context.addInitScript(`if (location.protocol === "http:") {
    sessionStorage["waymark:segment"] = "gone!";
    navigator.locks.request("waymark", () => new Promise(() => {}));
  }`);
  scene.shop.script = `
    globalThis.calls = 0;
    const middleware = ({ payload, next }) => {
      payload.obj.properties.seen = true;
      next(payload);
    };
    // The first call is made when the client has the middleware, and has not begun yet.
    analytics.addSourceMiddleware(middleware).then(() => {
      const again = setInterval(() => analytics.track("E" + calls++), 0);
      analytics.ready(() => clearInterval(again));
    });`;
  const page = await scene.visit();
  await page.evaluate("analytics.ready()");
  await settledDelivery(page);
  const count = Number(await page.evaluate("calls"));
  const events = await scene.gateway.waitForEvents(count);
  assert.equal(posts(), 0);
  assert.ok(events.every(({ event }) => event.properties.seen));
});
