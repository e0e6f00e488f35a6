// @ts-check
// WebKit ends a page's connection to its database for good where the process that has it ends: a
// page can only be loaded again. What it records from then on is stored all the same.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, test } from "node:test";
import "../support/watchdog.mjs";
import { eventually } from "../support/eventually.mjs";
import { startGateway } from "../support/gateway.mjs";
import { committed as committedIn } from "../faults/journal.mjs";
import { startRelay } from "../faults/relay.mjs";
import { names, tracking } from "../faults/scene.mjs";
import { startShop } from "../faults/shop.mjs";
import { HAS_DATABASE } from "./database.mjs";
import { enginesHere } from "./engines.mjs";
import { killProcess } from "./processes.mjs";
import { startWebKitByLines } from "./webkit-by-lines.mjs";

/** The processes of network and storage, and of a tab, as the kernel names them. */
const STORAGE = "WebKitNetworkPr";
const TAB = "WebKitWebProces";
/** More than a page leaves in localStorage: each event has 8 KB. */
const MANY = 60;
const LONG = `for (const name of ${JSON.stringify(names(MANY, "Long"))})
  analytics.track(name, { text: "x".repeat(8192) });`;

const isHere = enginesHere().some(({ name }) => name === "WebKit");
describe("WebKit", { skip: !isHere && "WebKit is not here" }, () => {
  let profile = "";
  /** @type {Awaited<ReturnType<typeof startWebKitByLines>>} */
  let browser;
  /** @type {Awaited<ReturnType<typeof startGateway>>} */
  let gateway;
  /** @type {Awaited<ReturnType<typeof startRelay>>} */
  let relay;
  /** @type {Awaited<ReturnType<typeof startShop>>} */
  let shop;

  beforeEach(async () => {
    profile = await mkdtemp(join(tmpdir(), "waymark-profile-"));
    gateway = await startGateway();
    relay = await startRelay(gateway.host);
    shop = await startShop(relay.host);
    relay.fate = () => "reset";
    browser = await startWebKitByLines(profile);
    await visit("/");
    // WebKit keeps a page that is left while it makes the database, and so the database from others.
    await eventually(hasDatabase);
  });
  afterEach(async () => {
    await browser.close();
    await shop.close();
    await relay.close();
    await gateway.stop();
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  });

  /** @param {string} path */
  async function visit(path) {
    await browser.goto(shop.url(path));
    await eventually(() => browser.evaluate("return !!window.analytics"));
  }

  /** @returns {Promise<boolean>} */
  const hasDatabase = () => browser.evaluate(HAS_DATABASE);

  const committed = () =>
    committedIn(
      /** @type {any} */ ({
        evaluate: (/** @type {string} */ code) =>
          browser.evaluate(`return ${code}`),
      }),
    );

  /** @param {readonly string[]} recorded */
  async function expectOnce(recorded) {
    const stored = await gateway.waitForEvents(recorded.length);
    assert.deepEqual(
      stored.map(({ event }) => event.event).sort(),
      [...recorded].sort(),
    );
  }

  /** Records three events, and loses the database once they are committed. */
  async function loseDatabase() {
    await browser.evaluate(tracking(names(3)));
    await eventually(async () => (await committed()) === 3);
    await killProcess(browser, STORAGE);
  }

  test("what is recorded after it outlives the tab, and so does what was", async () => {
    await loseDatabase();
    await browser.evaluate(tracking(["After"]));
    await browser.evaluate(tracking(["Later"]));
    await eventually(async () => (await journalled()) === 5);
    await killProcess(browser, TAB);
    relay.fate = () => "pass";
    await visit("/next");
    await expectOnce([...names(3), "After", "Later"]);
    await eventually(async () => (await committed()) === 0);
  });

  test("the page goes on to send", async () => {
    await loseDatabase();
    await browser.evaluate(tracking(["After"]));
    relay.fate = () => "pass";
    await expectOnce([...names(3), "After"]);
    await visit("/next");
    await browser.evaluate(tracking(["Next"]));
    await expectOnce([...names(3), "After", "Next"]);
  });

  test("more than localStorage may take outlives the tab, too", async () => {
    await loseDatabase();
    await browser.evaluate(LONG);
    await browser.evaluate(tracking(["After"]));
    await eventually(async () => (await journalled()) === 3 + MANY + 1);
    await killProcess(browser, TAB);
    relay.fate = () => "pass";
    await visit("/next");
    await expectOnce([...names(3), ...names(MANY, "Long"), "After"]);
  });

  test("a visitor who says no leaves no database", async () => {
    shop.options = { consent: "required" };
    await visit("/asked");
    await browser.evaluate("analytics.consent.update({ analytics: true })");
    await loseDatabase();
    await browser.evaluate("analytics.consent.update({ analytics: false })");
    await eventually(async () => {
      await visit("/next");
      return !(await hasDatabase());
    });
  });

  /** The number of items in the database, as a fresh frame of the page sees it. */
  const journalled = () =>
    browser.evaluate(`
      const frame = document.createElement("iframe");
      document.body.append(frame);
      const database = await new Promise((done, failed) => {
        const request = frame.contentWindow.indexedDB.open("waymark");
        request.onsuccess = () => done(request.result);
        request.onerror = () => failed(request.error);
      });
      const records = await new Promise((done) => {
        const request = database.transaction("records").objectStore("records").getAll();
        request.onsuccess = () => done(request.result);
      });
      frame.remove();
      return records.flatMap(({ items }) => items).length;`);
});
