// @ts-check
// The built package in Chromium, on an origin of its own, against the real gateway.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import "../support/watchdog.mjs";
import { eventually } from "../support/eventually.mjs";
import { startGateway } from "../support/gateway.mjs";
import { setShop } from "./shop.mjs";

/** @typedef {import("../support/gateway.mjs").StoredEvent} StoredEvent */

const HTML = "<!doctype html><title>Shop</title>";

const shop = setShop({ "/shop.html": HTML, "/next.html": HTML });

beforeEach(() => shop.open("/shop.html"));

/** Waits for the next page: Chromium may hang when a context is closed amid a navigation. */
const arrivedAtNext = () => shop.page.waitForURL("**/next.html");

/** Names in order: a track's event, else the type. */
const names = (/** @type {StoredEvent[]} */ events) =>
  events.map(({ event, type }) => event.event ?? type);

test("calls made before the core has loaded keep their order, page and user", async () => {
  const before = Date.now();
  await shop.run(`
    analytics.track("One");
    history.pushState({}, "", "/second?q=1");
    document.title = "Second";
    analytics.page();
    analytics.identify("u1", { plan: "pro" });
    analytics.track("Two");
    analytics.reset();
    analytics.track("Three");
    history.pushState({}, "", "/third");`);
  const events = await shop.gateway.waitForEvents(5);
  assert.deepEqual(names(events), ["One", "page", "identify", "Two", "Three"]);
  assert.deepEqual(
    events.map(({ userId }) => userId),
    [null, null, "u1", "u1", null],
  );
  assert.deepEqual(
    events.map(({ event }) => event.context.page.path),
    ["/shop.html", "/second", "/second", "/second", "/second"],
  );
  assert.equal(events[1]?.event.properties.title, "Second");
  const anonymous = events.map(({ anonymousId }) => anonymousId);
  assert.equal(new Set(anonymous.slice(0, 4)).size, 1);
  assert.notEqual(anonymous[4], anonymous[0]);
  for (const { event } of events) {
    const at = Date.parse(event.timestamp);
    assert.ok(at >= before && at <= Date.now());
  }
});

test("the caller's objects are copied at the moment of the call", async () => {
  await shop.run(`
    const properties = { n: 1 };
    const options = { context: {} };
    analytics.track("E", properties, options);
    properties.n = 2;
    await analytics.track("F", properties, options);
    if (Object.keys(options.context).length) throw new Error("options were written to");`);
  const events = await shop.gateway.waitForEvents(2);
  assert.deepEqual(
    events.map(({ event }) => event.properties.n),
    [1, 2],
  );
});

test("events recorded just before the page is left arrive", async () => {
  await shop.run(`await analytics.ready();
    await analytics.track("Warm");`);
  await shop.gateway.waitForEvents(1);
  await shop.page.evaluate(`
    for (let n = 0; n < 30; n++) analytics.track("Last", { n });
    location.href = "/next.html";`);
  await arrivedAtNext();
  const events = await shop.gateway.waitForEvents(31);
  assert.equal(events.length, 31);
});

test("events recorded in the page's own pagehide handler are sent", async () => {
  await shop.run(`
    await analytics.track("Warm");
    await analytics.ready();
    addEventListener("pagehide", () => analytics.track("Hide"));
    document.addEventListener("visibilitychange", () => analytics.track("Gone"));`);
  await shop.gateway.waitForEvents(1);
  await shop.page.evaluate(
    `analytics.track("Last"); location.href = "/next.html";`,
  );
  await arrivedAtNext();
  const events = await shop.gateway.waitForEvents(4);
  assert.deepEqual(names(events).sort(), ["Gone", "Hide", "Last", "Warm"]);
});

test("a hidden tab flushes and does not send twice", async () => {
  await shop.run(`await analytics.track("A");`);
  await shop.gateway.waitForEvents(1);
  await shop.page.evaluate(`analytics.track("B"); analytics.track("C");`);
  for (let turn = 0; turn < 3; turn++) {
    await shop.page.evaluate(`
      Object.defineProperty(document, "visibilityState", { value: "hidden", configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
      Object.defineProperty(document, "visibilityState", { value: "visible", configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));`);
  }
  await shop.gateway.waitForEvents(3);
  const settled = `analytics.delivery().pending === 0 && analytics.delivery()`;
  const delivery = await eventually(() => shop.page.evaluate(settled));
  assert.deepEqual(
    [delivery.accepted, delivery.acknowledged, delivery.retried],
    [3, 3, 0],
  );
  assert.equal((await shop.gateway.exportEvents()).length, 3);
});

test("events wait for a server that is down, and arrive once and in order", async () => {
  const { folder, host } = shop.gateway;
  await shop.run(`await analytics.track("Before");`);
  await shop.gateway.waitForEvents(1);
  await shop.gateway.kill();
  await shop.page.evaluate(
    `for (let n = 0; n < 50; n++) analytics.track("E" + n);`,
  );
  await eventually(() =>
    shop.page.evaluate(`analytics.delivery().retried > 0`),
  );
  const again = await startGateway({ folder, listen: host });
  try {
    const events = await again.waitForEvents(51);
    const expected = Array.from({ length: 50 }, (_, n) => `E${n}`);
    assert.deepEqual(names(events), ["Before", ...expected]);
  } finally {
    await again.stop();
  }
});

test("a burst takes a few requests, none of them with a preflight", async () => {
  /** @type {string[]} */
  const requests = [];
  const devtools = await shop.page.context().newCDPSession(shop.page);
  await devtools.send("Network.enable");
  devtools.on("Network.requestWillBeSent", ({ request }) => {
    if (request.url.startsWith(shop.gateway.url)) requests.push(request.method);
  });
  await shop.run(`for (let n = 0; n < 200; n++) analytics.track("E", { n });`);
  await shop.gateway.waitForEvents(200);
  assert.ok(requests.length <= 4, `${requests.length} requests`);
  assert.ok(requests.every((method) => method === "POST"));
});

test("without consent nothing touches storage, cookies or the gateway", async () => {
  await shop.run(
    `globalThis.held = analytics.track("Held", { p: 1 });
     analytics.page();`,
    { consent: "required" },
  );
  await shop.page.waitForLoadState("networkidle");
  const touched = `[localStorage.length, document.cookie, (await indexedDB.databases()).length,
    performance.getEntriesByType("resource").filter(({ name }) => /wasm|engine/.test(name)).length]`;
  assert.deepEqual(await shop.page.evaluate(`(async () => ${touched})()`), [
    0,
    "",
    0,
    0,
  ]);
  assert.equal((await shop.gateway.exportEvents()).length, 0);
  await shop.page.evaluate(`analytics.consent.update({ analytics: true })`);
  assert.deepEqual(names(await shop.gateway.waitForEvents(2)), [
    "Held",
    "page",
  ]);
});

test("a refusal drops held calls and resolves their promises", async () => {
  const outcome = await shop.run(
    `const held = analytics.track("Held").catch((error) => error.message);
     analytics.consent.update({ analytics: false });
     return [await held, await analytics.track("Later").catch((error) => error.message),
       analytics.delivery().refused.consent, localStorage.length, document.cookie];`,
    { consent: "required" },
  );
  assert.match(outcome[0], /consent was denied/);
  assert.match(outcome[1], /consent was denied/);
  assert.deepEqual(outcome.slice(2), [2, 0, ""]);
});

test("bad input rejects its promise and never costs another event", async () => {
  const outcome = await shop.run(`
    analytics.track("");
    const missing = await analytics.track(5).catch((error) => error.message);
    const cyclic = { n: 1n, deep: {} };
    cyclic.deep.back = cyclic;
    Object.defineProperty(cyclic, "bad", { enumerable: true, get() { throw new Error("no"); } });
    analytics.track("Cyclic", cyclic);
    analytics.track("Surrogate", { text: "cut \\ud83d" });
    analytics.track("Huge", { text: "x".repeat(5_000_000) });
    const after = await analytics.track("After");
    return [missing, after.event.event, analytics.delivery().refused.tooLarge];`);
  assert.deepEqual(outcome, ["Event missing", "After", 1]);
  const events = await shop.gateway.waitForEvents(3);
  assert.deepEqual(names(events), ["Cyclic", "Surrogate", "After"]);
  assert.deepEqual(events[0]?.event.properties, { n: "1", deep: {} });
  assert.equal(events[1]?.event.properties.text, "cut \ufffd");
});

test("a callback gets the event, and its errors stay out of the page", async () => {
  const seen = await shop.run(`
    const seen = await new Promise((called) => {
      analytics.track("Thrown", () => { throw new Error("in the callback"); });
      analytics.track("Called", { p: 1 }, (context) => called(context.event.event));
    });
    return [seen, (await analytics.user()).id()];`);
  assert.deepEqual(seen, ["Called", null]);
  await shop.gateway.waitForEvents(2);
});

test("the client knows the visitor", async () => {
  const seen = await shop.run(`
    analytics.identify("u1", { plan: "pro" });
    analytics.group("g1", { size: 3 });
    const user = await analytics.user();
    const group = await analytics.group();
    const [loaded, context] = await analytics;
    return [user.id(), user.traits(), group.id(), group.traits(),
      await analytics.setAnonymousId("AA"), user.anonymousId(),
      loaded === analytics.instance, typeof context, loaded.user().id()];`);
  assert.deepEqual(seen, [
    ...["u1", { plan: "pro" }, "g1", { size: 3 }, "AA", "AA"],
    ...[true, "object", "u1"],
  ]);
});

test("debug logs what happens to each event", async () => {
  /** @type {string[]} */
  const lines = [];
  shop.page.on("console", (message) => lines.push(message.text()));
  await shop.run(
    `analytics.debug(true);
    await analytics.track("Seen");`,
    { express: false },
  );
  await shop.gateway.waitForEvents(1);
  await eventually(() =>
    lines.some((line) => /1 event acknowledged \(HTTP 200\)/.test(line)),
  );
  assert.ok(lines.some((line) => /track recorded/.test(line)));
});
