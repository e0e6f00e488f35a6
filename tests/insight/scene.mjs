// @ts-check
// A browser, its pages, and a gateway of its own for each test.
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach } from "node:test";
import "../support/watchdog.mjs";
import { launchChromium } from "../support/chromium.mjs";
import { startGateway } from "../support/gateway.mjs";
import { packageFiles } from "../support/package-files.mjs";
import { servePage } from "../support/page-server.mjs";

/** Enables the back/forward cache, which playwright switches off. */
const KEEPS_PAGES = {
  args: ["--enable-features=BackForwardCache"],
  ignoreDefaultArgs: ["--disable-back-forward-cache"],
};

/** Hides or shows the tab, as the page's listeners see it. */
export const SET_VISIBILITY = `(state) => {
  Object.defineProperty(document, "visibilityState", { value: state, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}`;

/** The parts of a test. */
class Scene {
  /** @type {Awaited<ReturnType<typeof servePage>>} */
  site = /** @type {any} */ (undefined);
  /** @type {import("playwright-core").Browser} */
  browser = /** @type {any} */ (undefined);
  /** @type {Awaited<ReturnType<typeof startGateway>>} */
  gateway = /** @type {any} */ (undefined);
  /** @type {import("playwright-core").Page} */
  page = /** @type {any} */ (undefined);
  /** @type {string[]} */
  troubles = [];

  /** Goes to a page. @param {string} path */
  async visit(path) {
    await this.page.goto(this.site.origin + path);
  }

  /**
   * Runs `code` in the page, where `analytics` is a client that is loading.
   *
   * @param {string} code statements; may await, and return what JSON can hold
   * @param {object} [options] more options of `load`
   * @returns {Promise<any>}
   */
  start(code, options = {}) {
    const load = {
      integrations: {
        "Segment.io": { apiHost: `${this.gateway.host}/v1`, protocol: "http" },
      },
      ...options,
    };
    return this
      .run(`const { AnalyticsBrowser } = await import("/waymark/index.js");
      const analytics = (globalThis.analytics = AnalyticsBrowser.load(
        { writeKey: "demo-browser-key" }, ${JSON.stringify(load)}));
      ${code}`);
  }

  /**
   * Runs `code` in the page, where `$` finds an element by its selector.
   *
   * @param {string} code statements; may await, and return what JSON can hold
   * @returns {Promise<any>}
   */
  run(code) {
    return this.page.evaluate(`(async () => {
      const $ = (selector) => document.querySelector(selector);
      ${code}
    })()`);
  }

  /**
   * The stored events. Records a last one and waits for it, so that earlier ones are there.
   *
   * @returns {Promise<any[]>}
   */
  async stored() {
    await this.run(`await analytics; await analytics.track("Last");`);
    return this.gateway.eventsBefore("Last");
  }
}

/**
 * Sets up the scene of a file's tests.
 *
 * @param {Record<string, string>} pages HTML by path
 * @param {Record<string, string>} [headers] sent with every page
 */
export function setScene(pages, headers) {
  const scene = new Scene();
  before(async () => {
    const files = { ...pages, ...(await packageFiles()) };
    scene.site = await servePage(files, headers);
    scene.browser = await launchChromium(KEEPS_PAGES);
  });
  after(async () => {
    await scene.browser?.close();
    await scene.site?.close();
  });
  beforeEach(async () => {
    scene.gateway = await startGateway();
    const viewport = { width: 800, height: 600 };
    const context = await scene.browser.newContext({ viewport });
    scene.page = await context.newPage();
    scene.troubles = [];
    scene.page.on("pageerror", (error) => {
      scene.troubles.push(String(error));
    });
  });
  afterEach(async () => {
    await scene.page.context().close();
    await scene.gateway.stop();
    assert.deepEqual(scene.troubles, [], "errors thrown into the page");
  });
  return scene;
}
