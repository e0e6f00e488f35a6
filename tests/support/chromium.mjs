// @ts-check
// The system's Chromium, headless, driven by playwright-core.
import { existsSync } from "node:fs";
import { chromium } from "playwright-core";

/** Where Debian, and others, put Chromium or Chrome. `CHROMIUM` in the environment wins. */
const PLACES = [
  process.env.CHROMIUM,
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/**
 * Flags for a browser that connects to this machine only: without the last four it looks up its
 * maker's hosts at every start. `--no-sandbox` because CI runs as root, and the shared memory of
 * its containers is too small for a browser.
 */
export const CHROMIUM_FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-dev-shm-usage",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/**
 * For hosts whose certificates are the test's own. A context's `ignoreHTTPSErrors` does not hold
 * for a request that outlives its page, which is lost then, unless its connection is there already.
 */
export const ANY_CERTIFICATE = "--ignore-certificate-errors";

/**
 * The browser's path.
 *
 * @returns {string}
 * @throws {Error} when none is installed
 */
export function chromiumPath() {
  const path = PLACES.find((place) => place && existsSync(place));
  if (!path) throw new Error("no Chromium found: run scripts/setup browser");
  return path;
}

/** The longest that closing may take, in milliseconds: many times what it needs. */
const CLOSE_MAX_MS = 20_000;

/**
 * Starts a browser with an empty profile of its own. Chromium may hang when it is told to close
 * something during a navigation, and by then the tests are over: a context that does not close is
 * left to the browser's end, and a browser that does not end is killed.
 *
 * @param {import("playwright-core").LaunchOptions} [options] playwright's own; `args` are added
 *   to {@link CHROMIUM_FLAGS}
 * @returns {Promise<import("playwright-core").Browser>} close it when done
 */
export async function launchChromium(options = {}) {
  const browser = await chromium.launch({
    executablePath: chromiumPath(),
    headless: true,
    ...options,
    args: [...CHROMIUM_FLAGS, ...(options.args ?? [])],
  });
  const pid = await processOf(browser);
  const newContext = browser.newContext.bind(browser);
  browser.newContext = async (given) => {
    const context = await newContext(given);
    const close = context.close.bind(context);
    context.close = (why) => within(close(why), "a context", () => {});
    return context;
  };
  const close = browser.close.bind(browser);
  browser.close = (why) =>
    within(close(why), "Chromium", () => process.kill(pid, "SIGKILL"));
  return browser;
}

/**
 * Waits for `closing`, or says that it took too long and does `instead`.
 *
 * @param {Promise<void>} closing
 * @param {string} what
 * @param {() => void} instead
 * @returns {Promise<void>}
 */
function within(closing, what, instead) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      console.warn(`${what} did not close within ${CLOSE_MAX_MS} ms`);
      instead();
      resolve();
    }, CLOSE_MAX_MS);
    closing.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** @param {import("playwright-core").Browser} browser */
async function processOf(browser) {
  const devtools = await browser.newBrowserCDPSession();
  const { processInfo } = await devtools.send("SystemInfo.getProcessInfo");
  await devtools.detach();
  const main = processInfo.find(({ type }) => type === "browser");
  if (!main) throw new Error("the browser does not say which process it is");
  return main.id;
}
