// @ts-check
// Pages that count every use of storage, cookies and network, and a real gateway.
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach } from "node:test";
import "../support/watchdog.mjs";
import { launchChromium } from "../support/chromium.mjs";
import { cookiesOf } from "../support/cookies.mjs";
import { startGateway } from "../support/gateway.mjs";
import { packageFiles } from "../support/package-files.mjs";
import { servePage } from "../support/page-server.mjs";

const HTML = "<!doctype html><title>Shop</title>";

/** Counts what a page does to its stores: `uses` has a line for each. Runs before the page. */
export const COUNT_USES = `(() => {
  const uses = (globalThis.uses = []);
  const note = (what) => uses.push(what);
  const patch = (holder, name) => {
    const real = holder[name];
    holder[name] = function (...args) {
      note(name + " " + String(args[0]));
      return real.apply(this, args);
    };
  };
  for (const name of ["getItem", "setItem", "removeItem", "key", "clear"]) patch(Storage.prototype, name);
  for (const name of ["open", "deleteDatabase"]) patch(IDBFactory.prototype, name);
  const cookie = Object.getOwnPropertyDescriptor(Document.prototype, "cookie");
  Object.defineProperty(Document.prototype, "cookie", {
    configurable: true,
    get() { note("read cookie"); return cookie.get.call(this); },
    set(text) { note("write cookie " + text); cookie.set.call(this, text); },
  });
})()`;

/** The parts of a test. */
class Scene {
  /** @type {Awaited<ReturnType<typeof servePage>>} */
  site = /** @type {any} */ (undefined);
  /** @type {import("playwright-core").Browser} */
  browser = /** @type {any} */ (undefined);
  /** @type {Awaited<ReturnType<typeof startGateway>>} */
  gateway = /** @type {any} */ (undefined);
  /** @type {import("playwright-core").BrowserContext} */
  context = /** @type {any} */ (undefined);
  /** @type {string[]} requests of any kind, whoever made them */
  requests = [];
  /** @type {string[]} */
  troubles = [];

  /**
   * Opens a page without Waymark.
   *
   * @param {string} [path]
   * @returns {Promise<import("playwright-core").Page>}
   */
  async open(path = "/shop.html") {
    const page = await this.context.newPage();
    page.on("pageerror", (error) => this.troubles.push(String(error)));
    await page.goto(this.site.origin + path);
    return page;
  }

  /**
   * Loads a client into a page as `analytics`.
   *
   * @param {import("playwright-core").Page} page
   * @param {string} [consent] the option's value, as code in which \`rules\` is \`waymark/consent\`
   * @returns {Promise<void>}
   */
  async load(page, consent = `"required"`) {
    await page.evaluate(`(async () => {
      const { AnalyticsBrowser } = await import("/waymark/index.js");
      const rules = await import("/waymark/consent/index.js");
      globalThis.analytics = AnalyticsBrowser.load(
        { writeKey: "demo-browser-key" },
        { consent: ${consent}, integrations: { "Segment.io": {
            apiHost: "${this.gateway.host}/v1", protocol: "http" } } });
    })()`);
  }

  /**
   * Everything the browser has stored for the shop.
   *
   * @param {import("playwright-core").Page} page
   */
  async kept(page) {
    const inPage = /** @type {any} */ (
      await page.evaluate(`(async () => ({
        local: Object.keys(localStorage),
        session: Object.keys(sessionStorage),
        databases: (await indexedDB.databases()).map(({ name }) => name),
      }))()`)
    );
    const cookies = (await cookiesOf(page)).map(({ name }) => name);
    return { ...inPage, cookies };
  }

  /**
   * The stored events. Records one more on `page` and waits for it, so that earlier ones are there.
   *
   * @param {import("playwright-core").Page} page
   * @returns {Promise<any[]>}
   */
  async stored(page) {
    await page.evaluate(`analytics.track("Last")`);
    return this.gateway.eventsBefore("Last");
  }
}

/** Nothing at all. */
export const NOTHING = { local: [], session: [], databases: [], cookies: [] };

/** Sets up the scene of a file's tests. */
export function setScene() {
  const scene = new Scene();
  before(async () => {
    const pages = { "/shop.html": HTML, "/next.html": HTML };
    scene.site = await servePage({ ...pages, ...(await packageFiles()) });
    scene.browser = await launchChromium({
      args: ["--enable-features=BackForwardCache"],
      ignoreDefaultArgs: ["--disable-back-forward-cache"],
    });
  });
  after(async () => {
    await scene.browser?.close();
    await scene.site?.close();
  });
  beforeEach(async () => {
    scene.gateway = await startGateway();
    scene.context = await scene.browser.newContext();
    await scene.context.addInitScript(COUNT_USES);
    scene.requests = [];
    scene.troubles = [];
    scene.context.on("request", (request) => {
      scene.requests.push(`${request.method()} ${request.url()}`);
    });
  });
  afterEach(async () => {
    await scene.context.close();
    await scene.gateway.stop();
    assert.deepEqual(scene.troubles, [], "errors thrown into the page");
  });
  return scene;
}

/** A consent tool of the page's own, which reports the choices given to \`answer(…)\`. */
export const ASKED = `rules.consent({ source: (update) => { globalThis.answer = update; } })`;
