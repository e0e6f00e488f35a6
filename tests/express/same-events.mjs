// @ts-check
// The events that the gateway makes of held calls, and those that the page's script writes for
// Segment, are those that the page's own core makes, byte for byte, over the conformance scenarios
// and over random visits. Each page is held without its client until these events are stored; then
// its core makes and sends the events, too. With EXPRESS_ALL=1 over all scenarios and more visits,
// else over a part of the scenarios that need a page of their own. EXPRESS_SEED=17 runs one visit.
// Each lane has a test file, so that the two run at once.
import assert from "node:assert/strict";
import { test } from "node:test";
import "../support/watchdog.mjs";
import { allScenarios } from "../conformance/suite.mjs";
import { setScene } from "../faults/scene.mjs";
import { eventually } from "../support/eventually.mjs";
import { clientGate } from "./client-gate.mjs";
import { randomVisit } from "./random-visits.mjs";

/** @typedef {import("../conformance/scenario.mjs").Scenario} Scenario */

/** Scenarios of one call each that share a page. */
const TOGETHER = 12;
/** Of the other scenarios every so manieth is run, unless all are. */
const EVERY = process.env.EXPRESS_ALL === "1" ? 1 : 15;
const { EXPRESS_SEED } = process.env;
const FIRST_SEED = Number(EXPRESS_SEED ?? 1);
/** Random visits for each lane. */
const VISITS = EXPRESS_SEED ? 1 : EVERY === 1 ? 60 : 12;
const ONE_CALL = /^await a\.(?:(?!\bawait\b|;).)*;$/s;

/** The lanes: where their requests go, and how many scenarios of one call can share a page. */
export const LANES = {
  gateway: {
    to: "the gateway",
    path: "/v1/calls",
    options: { gateway: true },
    TOGETHER,
    every: EVERY,
  },
  // It ends at the first call that is not plain. Conformance runs all scenarios with it.
  segment: {
    to: "Segment",
    path: "/v1/b",
    options: { gateway: false },
    TOGETHER: 1,
    every: Math.max(EVERY, 5),
  },
};

/** @typedef {typeof LANES[keyof typeof LANES]} Lane */

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

/** Runs before the library: counts what is posted on the lane. @param {string} path */
const counting = (path) => `
  globalThis.posted = 0;
  const own = globalThis.fetch;
  globalThis.fetch = (url, init) => {
    if (String(url).endsWith("${path}")) posted++;
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
 * A member's value as the gateway stores it: half of a surrogate pair is U+FFFD.
 *
 * @param {string} _name
 * @param {any} value
 */
const mended = (_name, value) =>
  typeof value === "string" ? Buffer.from(value).toString() : value;

/**
 * Runs scenarios in one page, and compares. Gives the number of events that took the lane.
 *
 * @param {Lane} lane
 * @param {Scenario[]} scenarios
 */
async function compare(lane, scenarios) {
  scene.shop.options = lane.options;
  const gate = clientGate(scene.shop);
  // The client is not told what is stored: so it sends the same events.
  scene.relay.fate = ({ path }) =>
    gate.isHeld && path === lane.path ? "lose-answer" : "pass";
  let ended = 0;
  scene.context.on("requestfailed", (request) => {
    if (request.url().endsWith(lane.path)) ended++;
  });
  await scene.context.addInitScript(counting(lane.path));
  const path = await setUp(/** @type {Scenario} */ (scenarios[0]));
  const page = await scene.visit(path);
  await page.evaluate(calling(scenarios));
  const posted = /** @type {number} */ (await page.evaluate("posted"));
  await eventually(() => ended >= posted);
  const before = scene.relay.asked.length;
  const stored = lane.options.gateway
    ? await scene.gateway.exportEvents()
    : scene.relay.asked
        .flatMap(({ events }) => events)
        .map((event) => ({ event, messageId: event.messageId }));
  gate.open();
  await page.evaluate("analytics.ready()");
  /** @type {Map<string, any>} */
  const sent = new Map();
  await eventually(() => {
    for (const { path, events } of scene.relay.asked.slice(before)) {
      if (path !== "/v1/b") continue;
      for (const event of events) sent.set(event.messageId, event);
    }
    return stored.every(({ messageId }) => sent.has(messageId));
  });
  for (const { event, messageId } of stored) {
    const own = sent.get(messageId);
    assert.equal(
      JSON.stringify(event),
      JSON.stringify(own, lane.options.gateway ? mended : undefined),
    );
  }
  return stored.length;
}

const carried = (await allScenarios()).filter(isCarried);
const plain = carried.filter(isPlain);
const others = carried.filter((one) => !isPlain(one));

/** The tests of one lane. @param {Lane} lane */
export function sameEvents(lane) {
  /** @type {Scenario[][]} */
  const pages = [];
  const few = plain.filter(
    (_, at) => lane.TOGETHER > 1 || at % lane.every === 0,
  );
  while (few.length > 0) pages.push(few.splice(0, lane.TOGETHER));
  pages.push(
    ...others.filter((_, at) => at % lane.every === 0).map((one) => [one]),
  );

  let events = 0;
  let visits = 0;
  for (const scenarios of pages) {
    const [first] = scenarios;
    const more =
      scenarios.length > 1 ? ` and ${scenarios.length - 1} more` : "";
    const name = `${first?.topic}: ${first?.name}${more}, to ${lane.to}`;
    test(name, async () => {
      events += await compare(lane, scenarios);
    });
  }

  for (let seed = FIRST_SEED; seed < FIRST_SEED + VISITS; seed++) {
    test(`the random visit ${seed}, to ${lane.to}`, async () => {
      const visit = randomVisit(seed);
      const { code = "", url } = visit;
      const scenario = { name: `visit ${seed}`, topic: "", ...visit };
      visits += await compare(lane, [scenario]).catch((error) => {
        throw new Error(`${url}\n${code}`, { cause: error });
      });
    });
  }

  test(`many of the pages took the lane to ${lane.to}`, (context) => {
    const told = `${events} events in ${pages.length} pages, ${visits} in ${VISITS} visits`;
    context.diagnostic(told);
    assert.ok(events > pages.length / 5 && visits > VISITS / 5, told);
  });
}
