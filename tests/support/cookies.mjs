// @ts-check
// The cookies of a page, as its browser keeps them.

/**
 * All cookies of a page's context, after what the page has set: a script's cookie is on its way to
 * the browser's process when the script goes on, and a script that reads cookies waits for it.
 *
 * @param {import("playwright-core").Page} page
 * @param {string} [url] only those that a request for it would carry
 */
export async function cookiesOf(page, url) {
  // A page without cookies throws.
  await page.evaluate("document.cookie").catch(() => {});
  return page.context().cookies(url);
}
