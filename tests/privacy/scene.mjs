// @ts-check
// A browser context, a site with the built package, and a gateway of its own for each test.
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach } from "node:test";
import "../support/watchdog.mjs";
import { launchChromium } from "../support/chromium.mjs";
import { startGateway } from "../support/gateway.mjs";
import { packageFiles } from "../support/package-files.mjs";
import { servePage } from "../support/page-server.mjs";

const HTML = "<!doctype html><title>Shop</title>";

/** The parts of a test. */
class Scene {
  /** @type {Awaited<ReturnType<typeof servePage>>} */
  site = /** @type {any} */ (undefined);
  /** @type {import("playwright-core").Browser} */
  browser = /** @type {any} */ (undefined);
  /** @type {import("playwright-core").BrowserContext} */
  context = /** @type {any} */ (undefined);
  /** @type {Awaited<ReturnType<typeof startGateway>>} */
  gateway = /** @type {any} */ (undefined);
  /** @type {import("playwright-core").Page} */
  page = /** @type {any} */ (undefined);
  /** Errors thrown into a page. @type {string[]} */
  troubles = [];

  /**
   * Opens a tab, which is `page` from then on.
   *
   * @param {string} path
   * @param {string} origin the site answers any host below `test`, too
   */
  async visit(path = "/shop.html", origin = this.site.origin) {
    this.page = await this.context.newPage();
    this.page.on("pageerror", (error) => this.troubles.push(String(error)));
    await this.page.goto(origin + path);
    return this.page;
  }

  /**
   * Runs statements in the page, which may await, and return what JSON can hold.
   *
   * @param {string} code
   * @returns {Promise<any>}
   */
  run(code) {
    return this.page.evaluate(`(async () => { ${code} })()`);
  }

  /**
   * Starts to load `analytics` in the page, then runs `code`.
   *
   * @param {string} code
   * @param {string} [options] more options of `load`, as members of an object literal; `entry` is
   *   what was imported from `waymark/…`
   * @param {string} [entry] such as `redaction`
   * @returns {Promise<any>}
   */
  start(code, options = "", entry = "index") {
    return this.run(`
      const { AnalyticsBrowser } = await import("/waymark/index.js");
      const entry = globalThis.entry = await import("/waymark/${entry}.js");
      const analytics = globalThis.analytics = AnalyticsBrowser.load(
        { writeKey: "demo-browser-key" },
        { integrations: { "Segment.io": { apiHost: "${this.gateway.host}/v1", protocol: "http" } },
          ${options} });
      ${code}`);
  }
}

/** Sets a scene for each test of a file. */
export function setScene() {
  const scene = new Scene();
  before(async () => {
    const pages = {
      "/shop.html": HTML,
      "/next.html": HTML,
      "/product/7.html": HTML,
    };
    scene.site = await servePage({ ...pages, ...(await packageFiles()) });
    const { host } = new URL(scene.site.origin);
    scene.browser = await launchChromium({
      args: [`--host-resolver-rules=MAP *.test ${host}`],
    });
  });
  after(async () => {
    await scene.browser?.close();
    await scene.site?.close();
  });
  beforeEach(async () => {
    scene.gateway = await startGateway();
    scene.context = await scene.browser.newContext();
    scene.troubles = [];
  });
  afterEach(async () => {
    await scene.context.close();
    await scene.gateway.stop();
    assert.deepEqual(scene.troubles, [], "errors thrown into a page");
  });
  return scene;
}
