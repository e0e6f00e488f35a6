// @ts-check
// The browser that a test runs in: Chromium, by playwright, or the engine that `WAYMARK_BROWSER`
// names, by its own driver. Tests of every engine use what is declared here and nothing else.
import { enginesHere } from "../engines/engines.mjs";
import { launchChromium } from "./chromium.mjs";
import { DrivenBrowser } from "./driven-browser.mjs";

/**
 * @typedef {object} Page a tab. Playwright's `Page` is one.
 * @property {(url: string, options?: { waitUntil?: "commit" }) => Promise<unknown>} goto waits for
 *   its `load` event
 * @property {() => Promise<unknown>} reload
 * @property {(options?: { waitUntil?: "commit" }) => Promise<unknown>} goBack
 * @property {(options?: { waitUntil?: "commit" }) => Promise<unknown>} goForward
 * @property {(code: string) => Promise<any>} evaluate runs a script, and gives what its last
 *   statement gives, once that is settled
 * @property {(selector: string) => Promise<unknown>} click
 * @property {(glob: string) => Promise<void>} waitForURL waits for a loaded page whose
 *   address is `**` and an end
 * @property {() => Promise<void>} close as a visitor closes a tab
 */

/**
 * @typedef {object} Context tabs with storage that no other context has
 * @property {() => Promise<Page>} newPage
 * @property {() => Promise<{ name: string }[]>} cookies
 * @property {() => Promise<void>} close
 */

/**
 * @typedef {object} TestBrowser
 * @property {(options?: { viewport: { width: number, height: number } }) => Promise<Context>} newContext
 *   the viewport is Chromium's
 * @property {() => Promise<void>} close
 */

/** The engine's name. */
export const ENGINE = process.env.WAYMARK_BROWSER ?? "Chromium";
export const isChromium = ENGINE === "Chromium";

/**
 * For Chromium alone, whose back/forward cache playwright switches off.
 *
 * @type {import("playwright-core").LaunchOptions}
 */
export const KEEPS_PAGES = {
  args: ["--enable-features=BackForwardCache"],
  ignoreDefaultArgs: ["--disable-back-forward-cache"],
};

/**
 * Starts the browser with an empty profile.
 *
 * @param {import("playwright-core").LaunchOptions} [options] Chromium's
 * @returns {Promise<TestBrowser>} close it when done
 * @throws {Error} when the engine is not here
 */
export async function launchBrowser(options) {
  if (isChromium) return launchChromium(options);
  const engine = enginesHere().find(({ name }) => name === ENGINE);
  if (!engine) throw new Error(`there is no ${ENGINE} here`);
  return new DrivenBrowser(await engine.launch());
}
