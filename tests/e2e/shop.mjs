// @ts-check
// The parts of most browser tests: a site of a few pages with the package, the real gateway, and a
// page into which no error may be thrown.
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach } from "node:test";
import { launchChromium } from "../support/chromium.mjs";
import { startGateway } from "../support/gateway.mjs";
import { packageFiles } from "../support/package-files.mjs";
import { servePage } from "../support/page-server.mjs";

/** The parts of a shop; gateway and page are made anew for each test. */
class Shop {
  /** @type {Awaited<ReturnType<typeof servePage>>} */
  site = /** @type {any} */ (undefined);
  /** @type {import("playwright-core").Browser} */
  browser = /** @type {any} */ (undefined);
  /** @type {Awaited<ReturnType<typeof startGateway>>} */
  gateway = /** @type {any} */ (undefined);
  /** @type {import("playwright-core").Page} */
  page = /** @type {any} */ (undefined);
  /** Errors thrown into the page. @type {string[]} */
  troubles = [];

  /** Goes to one of its pages. @param {string} path */
  async open(path) {
    await this.page.goto(this.site.origin + path);
  }

  /** Options of `load` that send to the gateway. @param {object} [more] */
  options(more) {
    const apiHost = `${this.gateway.host}/v1`;
    const integrations = { "Segment.io": { apiHost, protocol: "http" } };
    return { integrations, ...more };
  }

  /**
   * Runs `code` in the page, where `analytics` is a client that is loading.
   *
   * @param {string} code statements; may await, and return what JSON can hold
   * @param {object} [more] options of `load`
   * @returns {Promise<any>}
   */
  run(code, more) {
    const options = JSON.stringify(this.options(more));
    return this.page.evaluate(`(async () => {
      const { AnalyticsBrowser } = await import("/waymark/index.js");
      const analytics = (globalThis.analytics = AnalyticsBrowser.load(
        { writeKey: "demo-browser-key" }, ${options}));
      ${code}
    })()`);
  }
}

/**
 * A shop for the tests of a file.
 *
 * @param {Record<string, string | Uint8Array>} pages by path
 */
export function setShop(pages) {
  const shop = new Shop();
  before(async () => {
    shop.site = await servePage(Object.assign(pages, await packageFiles()));
    shop.browser = await launchChromium();
  });
  after(async () => {
    await shop.browser?.close();
    await shop.site?.close();
  });
  beforeEach(async () => {
    shop.gateway = await startGateway();
    shop.page = await (await shop.browser.newContext()).newPage();
    shop.troubles = [];
    shop.page.on("pageerror", (error) => shop.troubles.push(String(error)));
  });
  afterEach(async () => {
    await shop.page.context().close();
    await shop.gateway.stop();
    assert.deepEqual(shop.troubles, [], "errors thrown into the page");
  });
  return shop;
}
