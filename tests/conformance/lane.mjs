// @ts-check
// A browser context that performs one scenario after another with one library. Opening a window
// costs more than most scenarios, so it is kept, and emptied in between.
import { Gate } from "./gate.mjs";

/** Longest wait for anything a page does, in milliseconds: many times what it needs. */
const DEADLINE_MS = 20_000;

/** @typedef {import("playwright-core").Page} Page */
/** @typedef {import("playwright-core").BrowserContext} BrowserContext */

export class Lane {
  #gate = new Gate();
  /** @type {BrowserContext | undefined} */
  #context;

  /**
   * @param {import("playwright-core").Browser} browser
   * @param {import("./sdks.mjs").Library} library
   */
  constructor(browser, library) {
    this.browser = browser;
    this.library = library;
  }

  /**
   * A context without cookies, with one empty page, for which every host leads to `world`.
   *
   * @param {import("./server.mjs").World} world
   * @returns {Promise<{ context: BrowserContext, page: Page }>}
   */
  async enter(world) {
    if (!this.#context) {
      const proxy = { server: await this.#gate.open() };
      this.#context = await this.browser.newContext({
        ignoreHTTPSErrors: true,
        locale: "en-US",
        proxy,
        timezoneId: "Europe/Vienna",
      });
      this.#context.setDefaultTimeout(DEADLINE_MS);
      await this.#context.newPage();
    }
    this.#gate.world = world;
    const page = /** @type {Page} */ (this.#context.pages()[0]);
    return { context: this.#context, page };
  }

  /** Empties the context for the next scenario; closes it if the last one drove more pages. */
  async leave(/** @type {boolean} */ kept) {
    const context = this.#context;
    if (!context) return;
    const origins = new Set();
    for (const page of context.pages()) {
      if (page.url().startsWith("http"))
        origins.add(new URL(page.url()).origin);
    }
    if (!kept || context.pages().length !== 1 || origins.size !== 1) {
      return this.close();
    }
    const page = /** @type {Page} */ (context.pages()[0]);
    await page.goto("about:blank");
    this.#gate.cut();
    await context.clearCookies();
    const devtools = await context.newCDPSession(page);
    for (const origin of origins) {
      await devtools.send("Storage.clearDataForOrigin", {
        origin,
        storageTypes: "local_storage,indexeddb,cache_storage,service_workers",
      });
    }
    await devtools.detach();
  }

  async close() {
    await this.#context?.close();
    if (this.#context) await this.#gate.close();
    this.#context = undefined;
    this.#gate = new Gate();
  }
}
