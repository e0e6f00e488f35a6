// @ts-check

/**
 * Kills the process of a page, of which the page is told nothing, and closes its tab: in Chromium.
 *
 * @param {import("./browser.mjs").Page} driven
 */
export async function crash(driven) {
  const page = /** @type {import("playwright-core").Page} */ (driven);
  const crashed = page.waitForEvent("crash");
  const devtools = await page.context().newCDPSession(page);
  devtools.send("Page.crash").catch(() => {});
  await crashed;
  await page.close();
}
