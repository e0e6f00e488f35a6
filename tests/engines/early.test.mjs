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
 * Each page makes five calls; `script` is the code of its task of `load`.
 *
 * @type {{ name: string, script: string, isLoaded?: boolean }[]}
 */
const PAGES = [
  { name: "in the task of its calls", script: LEAVE },
  { name: "in a later task", script: LATER },
  {
    name: "in the task of each call's answer",
    script: `setTimeout(() => { analytics.track("Left 5"); ${LEAVE} });`,
  },
  {
    name: "after its load event",
    script: `addEventListener("load", () => { ${LATER} });`,
    isLoaded: true,
  },
];

/** Names of the events that a page records. @param {string} script */
const recorded = (script) =>
  [0, 1, 2, 3, 4, ...(script.includes("Left 5") ? [5] : [])].map(
    (number) => `Left ${number}`,
  );

for (const engine of enginesHere()) {
  describe(engine.name, () => {
    /** @type {import("./webdriver.mjs").Browser} */
    let browser;
    /** @type {Awaited<ReturnType<typeof startGateway>>} */
    let gateway;
    /** @type {Shop} */
    let shop;
    let silentHost = "";
    /** A server that never answers: an image of it holds up a page's load event. */
    const silent = createServer(() => {});

    before(async () => {
      // Some pages have no load event, which a driver would wait for.
      browser = await engine.launch({ pageLoadStrategy: "none" });
    });
    after(async () => {
      await browser?.close();
      if (silent.listening) await shut(silent);
    });
    beforeEach(async () => {
      gateway = await startGateway();
      shop = await startShop(gateway.host);
    });
    afterEach(async () => {
      await shop.close();
      await gateway.stop();
    });

    for (const { name, script, isLoaded = false } of PAGES) {
      test(`no event is lost of a page that is left ${name}`, async () => {
        const never = silent.listening ? silentHost : await listen(silent);
        silentHost = never;
        const image = `new Image().src = "http://${never}/";`;
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
        const stored = await gateway.waitForEvents(recorded(script).length);
        assert.deepEqual(
          stored.map(({ event }) => event.event),
          recorded(script),
        );
      });
    }
  });
}
