// @ts-check
// A browser, its pages, and a gateway of its own for each test.
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach } from "node:test";
import "../support/watchdog.mjs";
import { isChromium, KEEPS_PAGES, launchBrowser } from "../support/browser.mjs";
import { startGateway } from "../support/gateway.mjs";
import { packageFiles } from "../support/package-files.mjs";
import { servePage } from "../support/page-server.mjs";
import { TELL_TROUBLE, troubleIn } from "../support/trouble.mjs";

/** Hides or shows the tab, as the page's listeners see it. */
export const SET_VISIBILITY = `(state) => {
  Object.defineProperty(document, "visibilityState", { value: state, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}`;

/** The parts of a test. */
class Scene {
  /** @type {Awaited<ReturnType<typeof servePage>>} */
  site = /** @type {any} */ (undefined);
  /** @type {import("../support/browser.mjs").TestBrowser} */
  browser = /** @type {any} */ (undefined);
  /** @type {Awaited<ReturnType<typeof startGateway>>} */
  gateway = /** @type {any} */ (undefined);
  /** In other engines only what `browser.mjs` declares. @type {import("playwright-core").Page} */
  page = /** @type {any} */ (undefined);
  /** Likewise. @type {import("playwright-core").BrowserContext} */
  context = /** @type {any} */ (undefined);
  /** Awaited before a file is answered. @type {(path: string) => Promise<unknown> | undefined} */
  hold = () => undefined;
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

/** Pages that tell of errors, where the browser does not. @param {Record<string, string>} pages */
const telling = (pages) =>
  isChromium
    ? pages
    : Object.fromEntries(
        Object.entries(pages).map(([path, html]) => [
          path,
          html.replace(/<title>/, `<script>${TELL_TROUBLE}</script>$&`),
        ]),
      );

/**
 * Sets up the scene of a file's tests.
 *
 * @param {Record<string, string>} pages HTML by path
 * @param {Record<string, string>} [headers] sent with every page
 */
export function setScene(pages, headers) {
  const scene = new Scene();
  before(async () => {
    const files = { ...telling(pages), ...(await packageFiles()) };
    scene.site = await servePage(files, headers, (request) => {
      scene.troubles.push(...troubleIn(request));
      return scene.hold(request.url ?? "");
    });
    scene.browser = await launchBrowser(KEEPS_PAGES);
  });
  after(async () => {
    await scene.browser?.close();
    await scene.site?.close();
  });
  beforeEach(async () => {
    scene.gateway = await startGateway();
    const viewport = { width: 800, height: 600 };
    scene.context = /** @type {import("playwright-core").BrowserContext} */ (
      await scene.browser.newContext({ viewport })
    );
    scene.page = await scene.context.newPage();
    scene.hold = () => undefined;
    scene.troubles = [];
    if (!isChromium) return;
    scene.page.on("pageerror", (error) => {
      scene.troubles.push(String(error));
    });
  });
  afterEach(async () => {
    await scene.context.close();
    await scene.gateway.stop();
    assert.deepEqual(scene.troubles, [], "errors thrown into the page");
  });
  return scene;
}
