// @ts-check
// Values that JSON cannot hold or a server refuses, and pages whose functions are broken: the
// event is sent as well as it can be, and no other event is harmed.
import assert from "node:assert/strict";
import "../support/watchdog.mjs";
import { test } from "../support/engine-test.mjs";
import { eventually } from "../support/eventually.mjs";
import { names, setScene, settledDelivery } from "./scene.mjs";

const scene = setScene();

/** `lost`: the SDK cannot send it. `refused`: the gateway refuses it as too large. */
/** @type {Record<string, { value: string, lost?: boolean, refused?: boolean }>} */
const POISONS = {
  "a cyclic object": {
    value: "(() => { const o = {}; o.o = o; return o; })()",
  },
  "a BigInt": { value: "{ n: 1n, kept: true }" },
  "a getter that throws": {
    value: "{ get x() { throw new Error('no'); }, kept: true }",
  },
  "a toJSON that throws": { value: "{ toJSON() { throw new Error('no'); } }" },
  "lone surrogates": { value: "{ text: '\\ud800 \\udfff', ['\\ud800']: 1 }" },
  "40 KB": { value: "{ text: 'x'.repeat(40_000) }", refused: true },
  "5 MB": { value: "{ text: 'x'.repeat(5_000_000) }", lost: true },
  "a symbol, a function and a date": {
    value: "{ s: Symbol(), f() {}, d: new Date(NaN) }",
  },
  "a proxy that throws": {
    value: "new Proxy({}, { ownKeys() { throw 1; }, get() { throw 1; } })",
  },
};

for (const [what, { value, lost, refused }] of Object.entries(POISONS)) {
  for (const early of [true, false]) {
    const when = early ? "before the core is there" : "with the core";
    test(`an event with ${what}, recorded ${when}, harms no other event`, async () => {
      const page = await scene.visit();
      if (!early) await page.evaluate("analytics.ready()");
      await page.evaluate(`
        analytics.track("Before");
        try { analytics.track("Poison", ${value}).catch(() => {}); }
        catch (error) { globalThis.thrown = String(error); }
        analytics.track("After");
        void 0;`);
      const expected = [
        "Before",
        ...(lost || refused ? [] : ["Poison"]),
        "After",
      ];
      await scene.expectOnce(expected);
      assert.equal(await page.evaluate("globalThis.thrown"), undefined);
      const delivery = await settledDelivery(page);
      assert.equal(delivery.acknowledged, lost || refused ? 2 : 3);
      assert.equal(delivery.dropped.refused, refused ? 1 : 0);
      assert.equal(delivery.refused.tooLarge, lost ? 1 : 0);
    });
  }
}

test("events wait in the journal where fetch throws, and are sent where it works", async () => {
  const page = await scene.visit();
  await page.evaluate("analytics.ready()");
  await page.evaluate(`
    globalThis.real = fetch;
    globalThis.tried = 0;
    globalThis.fetch = () => { tried++; throw new TypeError("blocked"); };
    for (let n = 0; n < 5; n++) analytics.track("E" + n);
    void 0;`);
  await eventually(() => page.evaluate("tried > 0"));
  await page.evaluate("globalThis.fetch = real");
  await scene.expectOnce(names(5));
  assert.equal((await settledDelivery(page)).acknowledged, 5);
});

test("what sendBeacon refuses is sent by the next page", async () => {
  scene.inEachPage(
    "if (location.pathname === '/') navigator.sendBeacon = () => false;",
  );
  const page = await scene.visit();
  await page.evaluate("analytics.ready()");
  await page.evaluate(`
    for (let n = 0; n < 5; n++) analytics.track("E" + n);
    location.href = "/next"`);
  await page.waitForURL("**/next");
  await scene.expectOnce(names(5));
});

test("a clock that jumps back a day and forward again loses and doubles nothing", async () => {
  const page = await scene.visit();
  await page.evaluate("analytics.track('First')");
  await scene.gateway.waitForEvents(1);
  for (const [name, offsetMs] of [
    ["Back", -86_400_000],
    ["Forth", 86_400_000],
  ]) {
    await page.evaluate(`{
      const now = Date.now;
      Date.now = () => now() + ${offsetMs};
      analytics.track("${name}");
    }
    void 0;`);
    await eventually(async () => (await scene.stored()).includes(`${name}`));
  }
  await scene.expectOnce(["First", "Back", "Forth"]);
  assert.equal((await settledDelivery(page)).acknowledged, 3);
});

test("a page name with a NUL in the snippet harms no event", async () => {
  const page = await scene.visit();
  await page.evaluate(`void analytics.track("E", {}, { __t: "bpc", c: "", p: "/p",
    u: "https://shop.example/p", s: "", t: "Found\\0nothing", r: "" })`);
  const [stored] = await scene.gateway.waitForEvents(1);
  const { page: facts, consent } = stored?.event.context;
  assert.deepEqual(
    [facts.title, facts.referrer, facts.path, consent],
    ["Found\ufffdnothing", "", "/p", undefined],
  );
});
