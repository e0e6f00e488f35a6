// @ts-check
// Events that the API turns away inside an answer that takes the others: each is given up once,
// with its code, counted, told and shown, and no other event is harmed. With WAYMARK_ENGINE=js
// over the core as JavaScript.
import assert from "node:assert/strict";
import "../support/watchdog.mjs";
import { test } from "../support/engine-test.mjs";
import { eventually } from "../support/eventually.mjs";
import { journalRecords } from "./journal.mjs";
import { setScene, settledDelivery } from "./scene.mjs";

const scene = setScene();

/**
 * What makes the gateway turn an event away, by its code.
 *
 * @type {Record<string, string>}
 */
const SPOILERS = {
  invalid_type: "event.type = 'purchase'",
  field_too_long: "event.anonymousId = 'x'.repeat(2000)",
  event_too_large: "event.properties.text = 'x'.repeat(40_000)",
};
const CODES = Object.keys(SPOILERS);

/** Spoils each event that is named after a code, and lists what `on("error")` tells. */
const SPOILING = `
  globalThis.told = [];
  analytics.on("error", ({ code, reason, ctx }) =>
    told.push([ctx.event.properties.name, code, reason.message]));
  analytics.addSourceMiddleware(({ payload, next }) => {
    const event = payload.obj;
    ${CODES.map((code) => `if (event.event === "Bad" && event.properties.name === "${code}") { ${SPOILERS[code]} }`).join("\n")}
    next(payload);
  });`;

/** Records a good event before and after each that is to be spoilt. */
const RECORDING = `
  for (const name of ${JSON.stringify(CODES)}) {
    analytics.track("Good", { name });
    analytics.track("Bad", { name });
  }
  analytics.track("Good", { name: "last" });
  void 0;`;

/** Code that runs before the package, and shuts all ways to the API but one. */
const WAYS = {
  fetch: "",
  XMLHttpRequest: "delete globalThis.fetch;",
};

/** Names of the stored events by kind. */
async function storedNames() {
  const events = await scene.gateway.exportEvents();
  return events.map(({ event }) => `${event.event} ${event.properties.name}`);
}

for (const [way, code] of Object.entries(WAYS)) {
  test(`what the gateway turns away is given up with its code, told once and counted (by ${way})`, async () => {
    scene.shop.options = { gateway: true };
    scene.inEachPage(code);
    const page = await scene.visit();
    await page.evaluate(SPOILING);
    await page.evaluate(RECORDING);
    const good = [...CODES, "last"].map((name) => `Good ${name}`);
    await scene.gateway.waitForEvents(good.length);
    const delivery = await settledDelivery(page);
    assert.deepEqual((await storedNames()).sort(), good.sort());
    assert.equal(delivery.acknowledged, good.length);
    assert.equal(delivery.dropped.refused, CODES.length);
    const told = /** @type {string[][]} */ (await page.evaluate("told"));
    assert.deepEqual(
      told.map(([name, , reason]) => [name, reason]).sort(),
      CODES.map((name) => [name, `Bad response from server: ${name}`]).sort(),
    );
    assert.ok(told.every(([, code]) => code === "delivery_failure"));
    await eventually(async () => (await journalRecords(page)).length === 0);
    // The next request tells the gateway of the loss, and nothing comes back on the next page.
    await page.evaluate("analytics.track('Good', { name: 'later' })");
    await eventually(() => {
      const [last] = scene.relay.asked.slice(-1);
      return JSON.parse(last?.body || "{}").ledger?.refused === CODES.length;
    });
    await settledDelivery(page);
    const asked = scene.relay.asked.length;
    await page.goto(scene.shop.url("/next"));
    await page.evaluate("analytics.track('Good', { name: 'next' })");
    await scene.gateway.waitForEvents(good.length + 2);
    const next = await settledDelivery(page);
    assert.deepEqual([next.restored, next.dropped.refused], [0, 0]);
    assert.equal(scene.relay.asked.length, asked + 1);
  });
}

/**
 * Bodies of a 200 to a request with two events, and the codes with which they are given up.
 *
 * @type {Record<string, { body: (ids: string[]) => unknown, first?: string, lost?: string[] }>}
 */
const BODIES = {
  nothing: { body: () => "" },
  "Segment's answer": { body: () => ({ success: true }) },
  "no JSON": { body: () => "ok" },
  "JSON that breaks off": { body: () => '{"rejected":[{"index":0,"code":"x"}' },
  null: { body: () => "null" },
  "a list that is none": {
    body: () => ({ rejected: { length: 2, 0: { index: 0 } } }),
  },
  "a list as text": { body: () => ({ rejected: "01" }) },
  "deep nesting": { body: () => `{"rejected":${"[".repeat(100_000)}` },
  "nesting that is complete": {
    body: () => `{"rejected":${"[".repeat(1000)}0${"]".repeat(1000)}}`,
  },
  "places that were not sent": {
    body: () => ({
      rejected: [2, -1, 0.5, 1e9, "length", "map", "__proto__", null, {}].map(
        (index) => ({ index, code: "unknown" }),
      ),
    }),
  },
  "ids that were not sent": {
    body: () => ({
      rejected: [
        { index: 0, messageId: "another's", code: "unknown" },
        { messageId: "another's", code: "unknown" },
      ],
    }),
  },
  "an id at another's place": {
    body: ([id]) => ({
      rejected: [{ index: 1, messageId: id, code: "unknown" }],
    }),
  },
  "entries that are none, before one that is": {
    body: ([, id]) => ({
      rejected: [
        null,
        7,
        "x",
        [],
        {},
        { index: 1, messageId: id, code: "bad" },
      ],
    }),
    lost: ["bad"],
  },
  "an entry without an id": {
    body: () => ({ rejected: [{ index: 0, messageId: null, code: "bad" }] }),
    lost: ["bad"],
  },
  "one event twice": {
    body: ([id]) => ({
      rejected: [
        { index: 0, messageId: id, code: "first" },
        { index: 0, messageId: id, code: "second" },
      ],
    }),
    lost: ["first"],
  },
  "all events, with different codes": {
    body: ([a, b]) => ({
      rejected: [
        { index: 1, messageId: b, code: "b" },
        { index: 0, messageId: a, code: "a" },
      ],
    }),
    lost: ["a", "b"],
  },
  "a code that is long": {
    body: () => ({ rejected: [{ index: 0, code: "x".repeat(10_000) }] }),
    lost: ["x".repeat(64)],
  },
  "a list longer than the request": {
    body: () => ({
      rejected: Array.from({ length: 2000 }, (_, n) => ({
        index: n % 2,
        code: `c${n}`,
      })),
    }),
    lost: ["c0", "c1"],
  },
  // So short that its length is often seen only when the request is at its end.
  ...Object.fromEntries(
    [1, 2, 3, 4, 5].map((n) => [
      `a list behind some hundred kilobytes, for the ${n}. time`,
      {
        first: "{",
        body: () =>
          `"pad":"${"x".repeat(3e5)}","rejected":[{"index":0,"code":"x"}]}`,
      },
    ]),
  ),
  "a list behind megabytes": {
    body: () => ({ pad: "x".repeat(5e6), rejected: [{ index: 0, code: "x" }] }),
  },
};

/** The last requests, in a line. @param {typeof scene} scene */
const asked = ({ relay }) =>
  relay.asked
    .slice(-5)
    .map(
      ({ path, events }) =>
        `${path} ${events.map(({ event }) => event).join()}`,
    )
    .join("; ");

for (const way of /** @type {const} */ (["fetch", "XMLHttpRequest"])) {
  test(`answers with odd bodies give up what they list and nothing else (by ${way})`, async () => {
    scene.inEachPage(WAYS[way]);
    const page = await scene.visit();
    await page.evaluate(`
      globalThis.told = [];
      analytics.on("error", ({ reason }) => told.push(reason.message));`);
    await page.evaluate("analytics.track('First')");
    await settledDelivery(page);
    for (const [what, { body, first, lost = [] }] of Object.entries(BODIES)) {
      scene.relay.fate = ({ events }) => {
        const given = body(events.map(({ messageId }) => messageId));
        return {
          status: 200,
          first,
          body: typeof given === "string" ? given : JSON.stringify(given),
        };
      };
      const before = await settledDelivery(page);
      await page.evaluate(`told.length = 0;
        analytics.track("A"); analytics.track("B"); void 0;`);
      await eventually(
        async () =>
          (await settledDelivery(page)).accepted === before.accepted + 2,
        { what: () => `the answer with ${what}: ${asked(scene)}` },
      );
      const after = await settledDelivery(page);
      assert.equal(
        after.dropped.refused - before.dropped.refused,
        lost.length,
        what,
      );
      assert.deepEqual(
        await page.evaluate("told"),
        lost.map((code) => `Bad response from server: ${code}`),
        what,
      );
    }
    assert.equal(
      /** @type {any} */ (await page.evaluate("analytics.delivery()")).traps,
      0,
    );
  });

  test(`an answer that never ends holds nothing up once its limit is read (by ${way})`, async () => {
    scene.inEachPage(WAYS[way]);
    const page = await scene.visit();
    await page.evaluate("analytics.ready()");
    scene.relay.fate = () => "endless";
    await page.evaluate("analytics.track('Endless')");
    await eventually(
      async () => (await settledDelivery(page)).acknowledged === 1,
    );
    await eventually(() => scene.relay.streaming === 0);
    scene.relay.fate = () => "pass";
    await page.evaluate("analytics.track('After')");
    await scene.expectOnce(["After"]);
  });
}
