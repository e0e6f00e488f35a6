// @ts-check
// What a page records before its client is there, and loses in no engine: the page is left before
// its `load` event, of which WebKit tells a page nothing, or later.
import assert from "node:assert/strict";
import {
  after,
  afterEach,
  before,
  beforeEach,
  describe,
  test,
} from "node:test";
import { createServer } from "node:http";
import "../support/watchdog.mjs";
import { eventually } from "../support/eventually.mjs";
import { listen, shut } from "../support/local-server.mjs";
import { startGateway } from "../support/gateway.mjs";
import { startShop } from "../faults/shop.mjs";
import { enginesHere } from "./engines.mjs";

/** @typedef {Awaited<ReturnType<typeof startShop>>} Shop */

/** Files without which the client does not begin. */
const CLIENT = /\/(start-[^/]*\.js|[^/]*\.wasm)$/;
const EMPTY = new TextEncoder().encode("<!doctype html><title>Away</title>");

/** What the page's task does after its calls. */
const LEAVE = `location.href = "/away";`;
/** Calls and the departure, in tasks of their own. */
const LATER = `setTimeout(() => { ${LEAVE} });`;

/**
 * Each page makes five calls in its task of `load`, followed by `script`, which may make more.
 *
 * @type {{ name: string, script: string, nCalls?: number, isLoaded?: boolean }[]}
 */
const PAGES = [
  { name: "in the task of its calls", script: LEAVE },
  { name: "in a later task", script: LATER },
  {
    name: "in the task of a later call",
    nCalls: 6,
    script: `setTimeout(() => { analytics.track("Left 5"); ${LEAVE} });`,
  },
  {
    name: "after its load event",
    script: `addEventListener("load", () => { ${LATER} });`,
    isLoaded: true,
  },
];

for (const engine of enginesHere()) {
  describe(engine.name, () => {
    /** @type {import("./webdriver.mjs").Browser} */
    let browser;
    /** @type {Awaited<ReturnType<typeof startGateway>>} */
    let gateway;
    /** @type {Shop} */
    let shop;
    /** A server that never answers: an image of it holds up a page's load event. */
    const silent = createServer(() => {});
    let silentHost = "";

    before(async () => {
      silentHost = await listen(silent);
      // Some pages have no load event, which a driver would wait for.
      browser = await engine.launch({ pageLoadStrategy: "none" });
    });
    after(async () => {
      await browser?.close();
      await shut(silent);
    });
    beforeEach(async () => {
      gateway = await startGateway();
      shop = await startShop(gateway.host, { express: false });
    });
    afterEach(async () => {
      await shop.close();
      await gateway.stop();
    });

    for (const { name, script, nCalls = 5, isLoaded = false } of PAGES) {
      test(`no event is lost of a page that is left ${name}`, async () => {
        const image = `new Image().src = "http://${silentHost}/";`;
        let isLeft = false;
        shop.fault = (path) => {
          if (path === "/away") return { body: EMPTY };
          return CLIENT.test(path) && !isLeft ? { status: 404 } : {};
        };
        shop.script = `${isLoaded ? "" : image}
          for (let n = 0; n < 5; n++) analytics.track("Left " + n);
          ${script}`;
        await browser.goto(shop.url("/"));
        await eventually(
          async () =>
            (await browser.evaluate("return location.pathname")) === "/away",
        );
        isLeft = true;
        shop.script = "";
        await browser.goto(shop.url("/next"));
        const stored = await gateway.waitForEvents(nCalls);
        assert.deepEqual(
          stored.map(({ event }) => event.event),
          Array.from({ length: nCalls }, (_, n) => `Left ${n}`),
        );
      });
    }
  });
}
