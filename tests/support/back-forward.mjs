// @ts-check
// Pages that come back from the back/forward cache, which they see by `persisted`.
import { eventually } from "./eventually.mjs";

/** To run in each page before it goes. */
export const NOTE_PERSISTED = `addEventListener("pageshow",
  ({ persisted }) => { globalThis.persisted = persisted; });`;

/**
 * Goes back, or forward, and waits until the page is shown from the cache.
 *
 * @param {import("./browser.mjs").Page} page
 * @param {"goBack" | "goForward"} [way]
 * @throws {Error} when it was loaded again instead
 */
export async function restored(page, way = "goBack") {
  // The other page's mark must not be taken for this one's.
  await page.evaluate("globalThis.persisted = undefined");
  await page[way]({ waitUntil: "commit" });
  await eventually(() => page.evaluate("globalThis.persisted === true"), {
    what: "a page out of the back/forward cache",
  });
}
