// @ts-check
// The express lane: a page's first calls reach the gateway before client and core are there, by
// whom nothing is sent again; and whatever keeps a page off the lane costs no event.
import assert from "node:assert/strict";
import { test } from "node:test";
import "../support/watchdog.mjs";
import { eventually } from "../support/eventually.mjs";
import { journalRecords } from "../faults/journal.mjs";
import { settledDelivery } from "../faults/scene.mjs";
import { clientGate } from "./client-gate.mjs";
import { setLaneScene } from "./lane-scene.mjs";

const { scene, posts, batches, express } = setLaneScene();

test("first events are stored while neither client nor core is there, and are not sent again", async () => {
  express();
  const gate = clientGate(scene.shop);
  const page = await scene.visit();
  await page.evaluate(`
    analytics.page("Home");
    analytics.identify("u", { plan: "pro" });
    analytics.track("Seen", { price: 9.5 });
    void 0;`);
  await scene.gateway.waitForEvents(3);
  assert.equal(posts(), 1);
  await page.evaluate("void analytics.track('Later')");
  await scene.gateway.waitForEvents(4);
  assert.equal(posts(), 2);
  assert.ok(gate.isHeld);
  gate.open();
  await page.evaluate("analytics.ready()");
  const delivery = await settledDelivery(page);
  assert.equal(delivery.accepted, 4);
  assert.equal(delivery.acknowledged, 4);
  assert.equal(batches(), 0);
  await page.evaluate("void analytics.track('After')");
  await scene.gateway.waitForEvents(5);
  const events = (await scene.gateway.exportEvents()).map(({ event }) => event);
  assert.deepEqual(
    events.map(({ type, event, userId }) => [type, event ?? null, userId]),
    [
      ["page", null, null],
      ["identify", null, "u"],
      ["track", "Seen", "u"],
      ["track", "Later", "u"],
      ["track", "After", "u"],
    ],
  );
  assert.equal(new Set(events.map(({ anonymousId }) => anonymousId)).size, 1);
  const stored = await page.evaluate(
    "[JSON.parse(localStorage.ajs_anonymous_id), JSON.parse(localStorage.ajs_user_id)]",
  );
  assert.deepEqual(stored, [events[0].anonymousId, "u"]);
});

/** When a page makes its first call, as code of the task of `load`. @type {Record<string, string>} */
const MOMENTS = {
  "in the task of load": `analytics.track("First");`,
  "in a microtask of it": `void Promise.resolve().then(() => analytics.track("First"));`,
  "in the next task": `setTimeout(() => analytics.track("First"));`,
  "when the document is ready": `document.addEventListener("DOMContentLoaded", () => analytics.track("First"));`,
  "as the page is loaded": `addEventListener("load", () => analytics.track("First"));`,
};

for (const [moment, script] of Object.entries(MOMENTS)) {
  test(`a first call ${moment} takes the lane`, async () => {
    express();
    clientGate(scene.shop);
    scene.shop.script = script;
    await scene.visit();
    const [stored] = await scene.gateway.waitForEvents(1);
    assert.equal(stored?.event.event, "First");
    assert.deepEqual([posts(), batches()], [1, 0]);
  });
}

test("a visitor who leaves before the client is there, and never returns, loses nothing", async () => {
  express();
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
  express();
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
  const ids = events.map(({ anonymousId }) => anonymousId);
  assert.deepEqual(
    ids,
    Array.from(ids, () => ids[0]),
  );
});

test("calls that an earlier page has journalled come before the next page's", async () => {
  express();
  // The client is there, and with it the journal, but no core.
  const gate = clientGate(scene.shop, /\/(core-script\.js|waymark_bg\.wasm)$/);
  const page = await scene.visit();
  await page.evaluate(`analytics.identify("u"); void 0;`);
  await scene.gateway.waitForEvents(1);
  await eventually(async () => (await journalRecords(page)).length === 1);
  await page.goto(scene.shop.url("/next"));
  await page.evaluate(`analytics.track("Two"); void 0;`);
  gate.open();
  await scene.gateway.waitForEvents(2);
  const events = await scene.gateway.exportEvents();
  assert.deepEqual(
    events.map(({ event, userId }) => [event.event ?? event.type, userId]),
    [
      ["identify", "u"],
      ["Two", "u"],
    ],
  );
});

/** Anonymous ids as other libraries and older versions store them, and what they are. */
const STORED_IDS = {
  "plain-text": "plain-text",
  '"json"': "json",
  4711: "4711",
};

for (const [stored, id] of Object.entries(STORED_IDS)) {
  test(`a visitor keeps an anonymous id that is stored as ${stored}`, async () => {
    express();
    const gate = clientGate(scene.shop);
    await scene.context.addInitScript(
      `if (location.protocol === "http:" && !localStorage.length)
        localStorage.ajs_anonymous_id = ${JSON.stringify(stored)};`,
    );
    const page = await scene.visit();
    await page.evaluate(`analytics.track("A"); void 0;`);
    await scene.gateway.waitForEvents(1);
    assert.equal(posts(), 1);
    gate.open();
    await page.evaluate("analytics.ready()");
    await page.evaluate(`analytics.track("B"); void 0;`);
    const events = await scene.gateway.waitForEvents(2);
    assert.deepEqual(
      events.map(({ anonymousId }) => anonymousId),
      [id, id],
    );
  });
}

test("an anonymous id among a call's options holds for the calls after it", async () => {
  express();
  clientGate(scene.shop);
  const page = await scene.visit();
  await page.evaluate(
    `analytics.track("A", {}, { anonymousId: "x" }); void 0;`,
  );
  await scene.gateway.waitForEvents(1);
  await page.evaluate(`analytics.track("B"); void 0;`);
  const events = await scene.gateway.waitForEvents(2);
  assert.deepEqual(
    events.map(({ event, anonymousId }) => [event.event, anonymousId]),
    [
      ["A", "x"],
      ["B", "x"],
    ],
  );
});

test("more calls than one request takes are all stored, and odd titles with them", async () => {
  express();
  clientGate(scene.shop);
  const page = await scene.visit();
  await page.evaluate(`
    document.title = "cut \\ud83d and \\0";
    for (let n = 0; n < 400; n++) analytics.track("E" + n);
    void 0;`);
  const events = await scene.gateway.waitForEvents(400);
  assert.equal(new Set(events.map(({ event }) => event.event)).size, 400);
  assert.ok(posts() > 1);
  assert.equal(events[0]?.event.context.page.title, "cut \ufffd and");
});

/** Fates of what is posted on the lane; the regular way is open. */
const FATES = {
  "is answered with 404": { status: 404, body: "" },
  "is answered with a page": {
    status: 200,
    headers: { "content-type": "text/html" },
    body: "<p>",
  },
  "is answered with something else": { status: 200, body: '{"success":true}' },
  "is answered with places that were not sent": {
    status: 200,
    body: '{"stored":[7,-1,"x",null]}',
  },
  "is answered with null": { status: 200, body: "null" },
  "is answered with 500": { status: 500, body: "{}" },
  "breaks off": /** @type {const} */ ("reset"),
  "is stored, but its answer is lost": /** @type {const} */ ("lose-answer"),
};

for (const [what, fate] of Object.entries(FATES)) {
  test(`what is posted and ${what} arrives once`, async () => {
    express();
    scene.relay.fate = ({ path }) => (path === "/v1/calls" ? fate : "pass");
    const gate = clientGate(scene.shop);
    const page = await scene.visit();
    await page.evaluate(
      `for (const n of ["A", "B"]) analytics.track(n); void 0;`,
    );
    await eventually(() => posts() === 1);
    gate.open();
    await scene.expectOnce(["A", "B"]);
    assert.equal(posts(), 1);
    assert.equal((await settledDelivery(page)).acknowledged, 2);
  });
}
