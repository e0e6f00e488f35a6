// @ts-check
// The express lane to Segment: the page's script writes and sends the events of plain calls before
// client and core are there, by whom nothing is sent again; all else takes the regular way.
import assert from "node:assert/strict";
import { test } from "node:test";
import "../support/watchdog.mjs";
import { eventually } from "../support/eventually.mjs";
import { names, settledDelivery, tracking } from "../faults/scene.mjs";
import { clientGate } from "./client-gate.mjs";
import { setLaneScene } from "./lane-scene.mjs";

const { scene, batches, express } = setLaneScene();
const toSegment = (options = {}) => express({ gateway: false, ...options });

test("first events are stored while neither client nor core is there, and are not sent again", async () => {
  toSegment();
  const gate = clientGate(scene.shop);
  const page = await scene.visit("/?utm_source=mail");
  await page.evaluate(`
    analytics.page("Home");
    analytics.identify("u", { plan: "pro" });
    analytics.track("Seen", { price: 9.5 });
    void 0;`);
  await scene.gateway.waitForEvents(3);
  assert.equal(batches(), 1);
  await page.evaluate("void analytics.track('Later')");
  await scene.gateway.waitForEvents(4);
  assert.ok(gate.isHeld);
  gate.open();
  await page.evaluate("analytics.ready()");
  const delivery = await settledDelivery(page);
  assert.deepEqual([delivery.accepted, delivery.acknowledged], [4, 4]);
  assert.equal(batches(), 2);
  await page.evaluate("void analytics.track('After')");
  await scene.gateway.waitForEvents(5);
  const sent = scene.relay.asked.flatMap(({ events }) => events);
  assert.deepEqual(
    sent.map(({ type, event, userId }) => [type, event, userId]),
    [
      ["page", undefined, null],
      ["identify", undefined, "u"],
      ["track", "Seen", "u"],
      ["track", "Later", "u"],
      ["track", "After", "u"],
    ],
  );
  assert.equal(new Set(sent.map(({ anonymousId }) => anonymousId)).size, 1);
  assert.deepEqual(sent[0].context.campaign, { source: "mail" });
});

test("a visitor who leaves before the client is there, and never returns, loses nothing", async () => {
  toSegment();
  clientGate(scene.shop);
  const page = await scene.visit();
  await page.evaluate(`analytics.page(); void 0;`);
  // The last calls are made in the very task in which the page is left.
  await page.evaluate(`
    addEventListener("pagehide", () => analytics.track("At the end"));
    analytics.track("Before"); location.href = "about:blank"; void 0;`);
  await page.waitForURL("about:blank");
  await page.close();
  await scene.gateway.waitForEvents(3);
  assert.deepEqual((await scene.stored()).sort(), [
    "At the end",
    "Before",
    undefined,
  ]);
});

test("the next page has the visitor's ids, and sends nothing twice", async () => {
  toSegment();
  const gate = clientGate(scene.shop);
  const page = await scene.visit();
  await page.evaluate(
    `analytics.track("One"); analytics.identify("u"); void 0;`,
  );
  await scene.gateway.waitForEvents(2);
  await page.goto(scene.shop.url("/next"));
  await page.evaluate(`analytics.track("Two"); void 0;`);
  gate.open();
  await page.evaluate("analytics.ready()");
  await settledDelivery(page);
  const events = await scene.gateway.waitForEvents(3);
  assert.deepEqual(
    events.map(({ event }) => [event.event ?? event.type, event.userId]),
    [
      ["One", null],
      ["identify", "u"],
      ["Two", "u"],
    ],
  );
  assert.equal(new Set(events.map(({ anonymousId }) => anonymousId)).size, 1);
});

test("of more calls than outlive a page the first are sent early, and all arrive once", async () => {
  toSegment();
  const gate = clientGate(scene.shop);
  const page = await scene.visit();
  await page.evaluate(tracking(names(150)));
  await scene.gateway.waitForEvents(10);
  gate.open();
  await scene.expectOnce(names(150));
  assert.equal((await settledDelivery(page)).acknowledged, 150);
});

/** Fates of the first request. */
const FATES = {
  "is answered with 404": { status: 404, body: "" },
  "is answered with a page": {
    status: 200,
    headers: { "content-type": "text/html" },
    body: "<p>",
  },
  "is answered with null": { status: 200, body: "null" },
  "is refused": { status: 200, body: '{"success":false}' },
  "is turned away in part": {
    status: 200,
    body: '{"success":true,"rejected":[{"index":1,"code":"x"}]}',
  },
  "is answered with 500": { status: 500, body: '{"success":true}' },
  "breaks off": /** @type {const} */ ("reset"),
  "is stored, but its answer is lost": /** @type {const} */ ("lose-answer"),
};

for (const [what, fate] of Object.entries(FATES)) {
  test(`what is sent early and ${what} arrives once`, async () => {
    toSegment();
    scene.relay.fate = (_asked, n) => (n === 1 ? fate : "pass");
    const gate = clientGate(scene.shop);
    const page = await scene.visit();
    await page.evaluate(
      `for (const n of ["A", "B"]) analytics.track(n); void 0;`,
    );
    await eventually(() => batches() === 1);
    gate.open();
    await scene.expectOnce(["A", "B"]);
    assert.equal((await settledDelivery(page)).acknowledged, 2);
  });
}

/** Calls that only the core can make events of, or options that keep all calls for it. */
const FOR_THE_CORE = {
  "a call with options": {
    code: `analytics.track("X", {}, { context: { ip: "10.0.0.1" } });`,
  },
  "a group": { code: `analytics.group("g");` },
  "a page of another address": {
    code: `analytics.page("X", { url: "https://other.example/" });`,
  },
  "another user": { code: `analytics.identify("u"); analytics.identify("v");` },
  "traits that are removed": {
    code: `analytics.identify("u", { plan: undefined });`,
  },
  "a plugin": {
    code: `analytics.register({ name: "p", type: "enrichment", version: "1", isLoaded: () => true,
      load: async () => {} });`,
  },
  "the option": { options: { express: false } },
  "Segment switched off": { options: { integrations: { All: false } } },
};

for (const [what, given] of Object.entries(FOR_THE_CORE)) {
  const { code = "", options } =
    /** @type {{ code?: string, options?: object }} */ (given);
  test(`${what} lets what follows wait for the core`, async () => {
    toSegment(options);
    clientGate(scene.shop);
    const page = await scene.visit();
    await page.evaluate(`${code} analytics.track("A"); void 0;`);
    await page.evaluate(`analytics.track("B"); void 0;`);
    await page.goto("about:blank");
    const sent = scene.relay.asked.flatMap(({ events }) =>
      events.map(({ event }) => event),
    );
    assert.ok(!sent.includes("A") && !sent.includes("B"), sent.join());
  });
}

test("nothing is sent before consent, and nothing after a refusal", async () => {
  toSegment({ consent: "required" });
  clientGate(scene.shop);
  const page = await scene.visit();
  await page.evaluate(`analytics.track("A"); void 0;`);
  assert.equal(await page.evaluate("localStorage.length"), 0);
  assert.equal(batches(), 0);
  await page.evaluate(`analytics.consent.update({ analytics: true }); void 0;`);
  await scene.gateway.waitForEvents(1);
  await page.evaluate(
    `analytics.consent.update({ analytics: false }); analytics.track("B"); void 0;`,
  );
  await page.goto("about:blank");
  assert.deepEqual(await scene.stored(), ["A"]);
});

test("an early event that is lost is sent again, though the answer to a later one comes first", async () => {
  toSegment();
  /** @type {() => void} */
  let go = () => {};
  const held = new Promise((done) => (go = () => done(undefined)));
  scene.relay.fate = async (_asked, n) => {
    if (n !== 1) return "pass";
    await held;
    return { status: 500, body: "{}" };
  };
  const gate = clientGate(scene.shop);
  const page = await scene.visit();
  await page.evaluate(`analytics.identify("u", { plan: "pro" }); void 0;`);
  await eventually(() => batches() === 1);
  await page.evaluate(`analytics.track("A"); void 0;`);
  await scene.gateway.waitForEvents(1);
  go();
  gate.open();
  const events = await scene.gateway.waitForEvents(2);
  assert.deepEqual(
    events.map(({ event }) => [event.event ?? event.type, event.userId]).sort(),
    [
      ["A", "u"],
      ["identify", "u"],
    ],
  );
  assert.equal((await settledDelivery(page)).acknowledged, 2);
});

/** Stores that can be read, and keep nothing. */
const KEEP_NOTHING = {
  "takes nothing": "() => {}",
  "is full": "() => { throw new DOMException('', 'QuotaExceededError'); }",
};

for (const [what, setItem] of Object.entries(KEEP_NOTHING)) {
  for (const gateway of [false, true]) {
    const to = gateway ? "the gateway" : "Segment";
    test(`where localStorage ${what} all events to ${to} are one visitor's`, async () => {
      toSegment({ gateway });
      await scene.context.addInitScript(
        `Storage.prototype.setItem = ${setItem};`,
      );
      const gate = clientGate(scene.shop);
      const page = await scene.visit();
      await page.evaluate(`analytics.page(); analytics.track("A"); void 0;`);
      gate.open();
      await page.evaluate("analytics.ready()");
      await page.evaluate(`analytics.track("B"); void 0;`);
      const events = await scene.gateway.waitForEvents(3);
      const visitors = events.map(({ event }) => event.anonymousId);
      assert.equal(new Set(visitors).size, 1);
    });
  }
}

test("a call that is made while the client begins is of the visitor whom the client knows", async () => {
  toSegment();
  // The tab's earlier page is waited for while another holds the lock.
  await scene.context.addInitScript(`if (location.protocol === "http:") {
    sessionStorage["waymark:segment"] = "gone!";
    navigator.locks.request("waymark", () => new Promise(() => {}));
  }`);
  const page = await scene.visit();
  const visitor = await page.evaluate(`(async () => {
    // The core has read the stores by then.
    while ((await navigator.locks.query()).pending.length === 0)
      await new Promise((done) => setTimeout(done, 5));
    void analytics.track("Meanwhile");
    await analytics.ready();
    void analytics.track("Last");
    return analytics.instance.user().anonymousId();
  })()`);
  const [event] = await scene.gateway.eventsBefore("Last");
  assert.deepEqual([event.event, event.anonymousId], ["Meanwhile", visitor]);
});

test("consent that is withdrawn and given again while an answer is awaited starts recording again", async () => {
  toSegment();
  scene.relay.fate = (_asked, n) => (n === 1 ? new Promise(() => {}) : "pass");
  const gate = clientGate(scene.shop);
  const page = await scene.visit();
  await page.evaluate(`analytics.track("A"); void 0;`);
  await eventually(() => batches() === 1);
  // It is loaded when the client begins, and the answer is awaited right after.
  await page.evaluate(`void analytics.register({
    name: "p", type: "utility", version: "1", isLoaded: () => true,
    load: async () => void setTimeout(() => {
      analytics.consent.update({ analytics: false });
      analytics.consent.update({ analytics: true });
      globalThis.hasChanged = true;
    }, 20),
  });`);
  gate.open();
  await eventually(() => page.evaluate("globalThis.hasChanged"));
  await page.evaluate("analytics.ready()");
  await page.evaluate(`analytics.track("B"); void 0;`);
  await eventually(async () => (await scene.stored()).includes("B"));
});
