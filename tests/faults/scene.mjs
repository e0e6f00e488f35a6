// @ts-check
// The parts of every fault: a browser, the gateway, a relay in front of it, a shop whose pages send
// through the relay, and the checks when the fault is over.
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach } from "node:test";
import { isChromium, launchBrowser } from "../support/browser.mjs";
import { eventually } from "../support/eventually.mjs";
import { startGateway } from "../support/gateway.mjs";
import { startRelay } from "./relay.mjs";
import { startShop } from "./shop.mjs";

/** @typedef {import("../support/browser.mjs").Page} Page */

/**
 * @typedef {object} Delivery what `analytics.delivery()` gives
 * @property {number} accepted
 * @property {number} restored
 * @property {number} acknowledged
 * @property {number} adopted
 * @property {number} pending
 * @property {{ refused: number, queueFull: number, tooOld: number }} dropped
 * @property {{ tooLarge: number, held: number, failed: number }} refused
 * @property {number} traps
 */

/** The parts of a scene; those of one test are made anew for each. */
export class Scene {
  /** @type {import("../support/browser.mjs").TestBrowser} */
  browser = /** @type {any} */ (undefined);
  /** @type {Awaited<ReturnType<typeof startGateway>>} */
  gateway = /** @type {any} */ (undefined);
  /** @type {Awaited<ReturnType<typeof startRelay>>} */
  relay = /** @type {any} */ (undefined);
  /** @type {Awaited<ReturnType<typeof startShop>>} */
  shop = /** @type {any} */ (undefined);
  /** In Chromium: other engines have only what `browser.mjs` declares. @type {import("playwright-core").BrowserContext} */
  context = /** @type {any} */ (undefined);
  /** Errors thrown into a page. @type {string[]} */
  troubles = [];

  /** Starts the parts that each test has for itself. */
  async begin() {
    this.gateway = await startGateway();
    this.relay = await startRelay(this.gateway.host);
    this.shop = await startShop(this.relay.host);
    this.troubles = [];
    if (this.browser) this.watch(await this.browser.newContext());
  }

  /** Makes `context` the test's. @param {import("../support/browser.mjs").Context} context */
  watch(context) {
    this.context = /** @type {import("playwright-core").BrowserContext} */ (
      context
    );
    if (!isChromium) return;
    this.context.on("weberror", (error) => {
      this.troubles.push(String(error.error()));
    });
  }

  /** Runs `code` in each page before all other scripts. @param {string} code */
  inEachPage(code) {
    this.shop.head += code;
  }

  /** Stops the parts that each test has for itself. */
  async end() {
    await this.context?.close().catch(() => {});
    await this.shop.close();
    await this.relay.close();
    await this.gateway.stop();
    const troubles = isChromium ? this.troubles : this.shop.troubles;
    assert.deepEqual(troubles, [], "errors thrown into a page");
  }

  /**
   * Cuts a page off from the gateway, and tells it; Chromium does so itself.
   *
   * @param {Page} page
   * @param {boolean} isOffline
   */
  async setOffline(page, isOffline) {
    if (isChromium) return this.context.setOffline(isOffline);
    this.relay.fate = () => (isOffline ? "reset" : "pass");
    await page.evaluate(`
      Object.defineProperty(navigator, "onLine", { value: ${!isOffline}, configurable: true });
      dispatchEvent(new Event("${isOffline ? "offline" : "online"}"))`);
  }

  /** Opens the shop in a new tab. @returns {Promise<Page>} */
  async visit(path = "/") {
    const page = await this.context.newPage();
    await page.goto(this.shop.url(path));
    return page;
  }

  /** Names of the events in the gateway's file, in the order of their commits. */
  async stored() {
    const events = await this.gateway.exportEvents();
    return events.map(({ event }) => /** @type {string} */ (event.event));
  }

  /**
   * Waits until events of these names are stored, and checks that each is there once, and no other.
   *
   * @param {string[]} names
   */
  async expectOnce(names) {
    await this.gateway.waitForEvents(names.length);
    assert.deepEqual((await this.stored()).sort(), [...names].sort());
  }
}

/**
 * Sets a scene for each test of a file.
 *
 * @param {import("playwright-core").LaunchOptions | null} [launch] null: each test starts a
 *   browser of its own
 */
export function setScene(launch = {}) {
  const scene = new Scene();
  before(async () => {
    if (launch) scene.browser = await launchBrowser(launch);
  });
  after(() => scene.browser?.close());
  beforeEach(() => scene.begin());
  afterEach(() => scene.end());
  return scene;
}

/**
 * Waits until nothing of the page's events is pending, and checks the books.
 *
 * @param {Page} page
 * @returns {Promise<Delivery>}
 */
export async function settledDelivery(page) {
  /** @type {Delivery | undefined} */
  let delivery;
  return eventually(
    async () => {
      delivery = await bookkeeping(page);
      return delivery.pending === 0 && delivery;
    },
    { what: () => `no pending event in ${JSON.stringify(delivery)}` },
  );
}

/**
 * The delivery report, which must account for every accepted event.
 *
 * @param {Page} page
 * @returns {Promise<Delivery>}
 */
export async function bookkeeping(page) {
  const delivery = /** @type {any} */ (
    await page.evaluate("analytics.delivery()")
  );
  const { acknowledged, pending, adopted, accepted, restored, dropped } =
    delivery;
  const { refused, queueFull, tooOld } = dropped;
  assert.equal(
    acknowledged + pending + adopted + refused + queueFull + tooOld,
    accepted + restored,
    JSON.stringify(delivery),
  );
  return delivery;
}

/**
 * Names `prefix`0, `prefix`1 and so on.
 *
 * @param {number} count
 * @param {string} [prefix]
 */
export const names = (count, prefix = "E") =>
  Array.from({ length: count }, (_, n) => `${prefix}${n}`);

/**
 * Code that records events of these names in one task, without waiting for any.
 *
 * @param {readonly string[]} events
 */
export const tracking = (events) =>
  `for (const name of ${JSON.stringify(events)}) analytics.track(name);
  void 0;`;

/**
 * Code that adds a button which opens a window: some browsers open one only for a click.
 *
 * @param {string} variable what the window is kept in
 * @param {string} path
 */
export const openedByClick = (variable, path) => `{
  const button = document.createElement("button");
  button.textContent = "Open";
  button.onclick = () => { ${variable} = open("${path}"); };
  document.body.append(button);
}`;
