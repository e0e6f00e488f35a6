// @ts-check
// Pages that count every use of storage, cookies and network, and a real gateway.
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach } from "node:test";
import "../support/watchdog.mjs";
import { isChromium, KEEPS_PAGES, launchBrowser } from "../support/browser.mjs";
import { startRelay } from "../faults/relay.mjs";
import { cookiesOf } from "../support/cookies.mjs";
import { startGateway } from "../support/gateway.mjs";
import { packageFiles } from "../support/package-files.mjs";
import { servePage } from "../support/page-server.mjs";
import { TELL_TROUBLE, troubleIn } from "../support/trouble.mjs";

/** @typedef {import("playwright-core").BrowserContext} BrowserContext */

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

const HTML = `<!doctype html><title>Shop</title>
  <script>${TELL_TROUBLE}</script><script>${COUNT_USES}</script>`;

/** Resolves when the page has fetched nothing for half a second. */
const IDLE = `new Promise((done) => {
  let before = -1;
  const look = () => {
    const now = performance.getEntriesByType("resource").length;
    if (now === before) return done();
    before = now;
    setTimeout(look, 500);
  };
  look();
})`;

/** The parts of a test. */
class Scene {
  /** @type {Awaited<ReturnType<typeof servePage>>} */
  site = /** @type {any} */ (undefined);
  /** @type {import("../support/browser.mjs").TestBrowser} */
  browser = /** @type {any} */ (undefined);
  /** @type {Awaited<ReturnType<typeof startGateway>>} */
  gateway = /** @type {any} */ (undefined);
  /** The way to the gateway. @type {Awaited<ReturnType<typeof startRelay>>} */
  relay = /** @type {any} */ (undefined);
  /** In other engines only what `browser.mjs` declares. @type {BrowserContext} */
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
            apiHost: "${this.relay.host}/v1", protocol: "http" } } });
    })()`);
  }

  /**
   * Notes a request of a page, or the trouble that it tells.
   *
   * @param {import("node:http").IncomingMessage} request
   */
  asked(request) {
    const told = troubleIn(request);
    this.troubles.push(...told);
    if (told.length === 0 && !isChromium)
      this.requests.push(`${request.method} ${request.url}`);
  }

  /** Waits until a page asks for nothing more. @param {import("../support/browser.mjs").Page} page */
  async idle(page) {
    if (isChromium) {
      const { waitForLoadState } = /** @type {any} */ (page);
      await waitForLoadState.call(page, "networkidle");
    } else await page.evaluate(IDLE);
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
    const files = { ...pages, ...(await packageFiles()) };
    scene.site = await servePage(files, {}, (one) => scene.asked(one));
    scene.browser = await launchBrowser(KEEPS_PAGES);
  });
  after(async () => {
    await scene.browser?.close();
    await scene.site?.close();
  });
  beforeEach(async () => {
    scene.gateway = await startGateway();
    scene.relay = await startRelay(scene.gateway.host);
    scene.context = /** @type {BrowserContext} */ (
      await scene.browser.newContext()
    );
    scene.requests = [];
    scene.troubles = [];
    scene.relay.fate = ({ path }) => {
      if (!isChromium) scene.requests.push(`POST ${path}`);
      return "pass";
    };
    if (!isChromium) return;
    scene.context.on("request", (request) => {
      scene.requests.push(`${request.method()} ${request.url()}`);
    });
  });
  afterEach(async () => {
    await scene.context.close();
    await scene.relay.close();
    await scene.gateway.stop();
    assert.deepEqual(scene.troubles, [], "errors thrown into the page");
  });
  return scene;
}

/** A consent tool of the page's own, which reports the choices given to \`answer(…)\`. */
export const ASKED = `rules.consent({ source: (update) => { globalThis.answer = update; } })`;
