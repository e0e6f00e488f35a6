// @ts-check
// The events that the gateway makes of held calls are those that the page's own core makes of them,
// byte for byte, over the conformance scenarios. Each page is held without its client until the
// gateway has stored what it makes; then its core makes and sends the events, too. With EXPRESS_ALL=1 over all scenarios,
// else over a part of those that need a page of their own.
import assert from "node:assert/strict";
import { test } from "node:test";
import "../support/watchdog.mjs";
import { allScenarios } from "../conformance/suite.mjs";
import { setScene } from "../faults/scene.mjs";
import { eventually } from "../support/eventually.mjs";
import { clientGate } from "./client-gate.mjs";

/** @typedef {import("../conformance/scenario.mjs").Scenario} Scenario */

/** Scenarios of one call each that share a page. */
const TOGETHER = 12;
/** Of the other scenarios every so manieth is run, unless all are. */
const EVERY = process.env.EXPRESS_ALL === "1" ? 1 : 15;
const ONE_CALL = /^await a\.(?:(?!\bawait\b|;).)*;$/s;

const scene = setScene();

/** Code that waits for the client first: its calls are not held. */
const WAITS_FIRST = /^\s*(await a;|(const|let) \w+ = await)/;

/** @param {Scenario} scenario */
const isCarried = ({ code, drive, load, options, settings, server }) =>
  !!code &&
  !WAITS_FIRST.test(code) &&
  !(drive || load === false || options || settings || server);

/** @param {Scenario} scenario */
const isPlain = ({ code, url, html, head, init, seed }) =>
  ONE_CALL.test(code ?? "") && !(url || html || head || init || seed);

/** Runs before the library: counts what is posted on the lane. */
const COUNTING = `
  globalThis.posted = 0;
  const own = globalThis.fetch;
  globalThis.fetch = (url, init) => {
    if (String(url).endsWith("/v1/calls")) posted++;
    return own(url, init);
  };`;

/**
 * Code that makes the scenarios' calls.
 *
 * @param {Scenario[]} scenarios
 */
function calling(scenarios) {
  const codes = scenarios.map(
    ({ code }) => `(async () => { ${code} })().catch(() => {});`,
  );
  return `
    const SDK = { AnalyticsBrowser: analytics.constructor };
    const log = [];
    const a = analytics;
    ${codes.join("\n")}
    void 0;`;
}

/** @param {Scenario} scenario */
async function setUp({ url, html, head, init, seed }) {
  const { context, shop } = scene;
  await context.addInitScript(COUNTING);
  if (init) await context.addInitScript(init);
  const cookies = Object.entries(seed?.cookies ?? {});
  if (cookies.length > 0) {
    await context.addCookies(
      cookies.map(([name, value]) => ({ name, value, url: shop.url("/") })),
    );
  }
  await context.addInitScript((storage) => {
    try {
      if (localStorage.length > 0) return;
      for (const [name, text] of Object.entries(storage)) {
        localStorage.setItem(name, text);
      }
    } catch {
      // The page may have none, as the scenario wants.
    }
  }, seed?.storage ?? {});
  if (html || head) {
    await context.route(shop.url("/**"), async (route) => {
      if (route.request().resourceType() !== "document")
        return route.continue();
      const response = await route.fetch();
      const body = await response.text();
      await route.fulfill({
        response,
        body: body.replace("<title>Shop</title>", `${head ?? ""}${html ?? ""}`),
      });
    });
  }
  const { pathname, search, hash } = new URL(url ?? "http://any/");
  return pathname + search + hash;
}

/**
 * Runs scenarios in one page, and compares. Gives the number of events that took the lane.
 *
 * @param {Scenario[]} scenarios
 */
async function compare(scenarios) {
  scene.shop.options = { gateway: true };
  // The client is not told what is stored: so it sends the same events.
  scene.relay.fate = ({ path }) =>
    path === "/v1/calls" ? "lose-answer" : "pass";
  const gate = clientGate(scene.shop);
  let ended = 0;
  scene.context.on("requestfailed", (request) => {
    if (request.url().endsWith("/v1/calls")) ended++;
  });
  const path = await setUp(/** @type {Scenario} */ (scenarios[0]));
  const page = await scene.visit(path);
  await page.evaluate(calling(scenarios));
  const posted = /** @type {number} */ (await page.evaluate("posted"));
  await eventually(() => ended >= posted);
  const stored = await scene.gateway.exportEvents();
  gate.open();
  await page.evaluate("analytics.ready()");
  /** @type {Map<string, any>} */
  const sent = new Map();
  await eventually(() => {
    for (const { path, events } of scene.relay.asked) {
      if (path !== "/v1/b") continue;
      for (const event of events) sent.set(event.messageId, event);
    }
    return stored.every(({ messageId }) => sent.has(messageId));
  });
  for (const { event, messageId } of stored) {
    const own = sent.get(messageId);
    assert.equal(JSON.stringify(event), JSON.stringify(own));
  }
  return stored.length;
}

const carried = (await allScenarios()).filter(isCarried);
const plain = carried.filter(isPlain);
const others = carried.filter((one) => !isPlain(one));
/** @type {Scenario[][]} */
const pages = [];
while (plain.length > 0) pages.push(plain.splice(0, TOGETHER));
pages.push(...others.filter((_, at) => at % EVERY === 0).map((one) => [one]));

let events = 0;
for (const scenarios of pages) {
  const [first] = scenarios;
  const more = scenarios.length > 1 ? ` and ${scenarios.length - 1} more` : "";
  test(`${first?.topic}: ${first?.name}${more}`, async () => {
    events += await compare(scenarios);
  });
}

test("most of these pages took the lane", () => {
  assert.ok(
    events > pages.length / 2,
    `${events} events in ${pages.length} pages`,
  );
});
