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
 * Flags for a browser that speaks to this machine only: without the last four it looks up its
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

/**
 * Starts a browser with an empty profile of its own.
 *
 * @param {import("playwright-core").LaunchOptions} [options] playwright's own; `args` are added
 *   to {@link CHROMIUM_FLAGS}
 * @returns {Promise<import("playwright-core").Browser>} close it when done
 */
export async function launchChromium(options = {}) {
  return chromium.launch({
    executablePath: chromiumPath(),
    headless: true,
    ...options,
    args: [...CHROMIUM_FLAGS, ...(options.args ?? [])],
  });
}
