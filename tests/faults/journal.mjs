// @ts-check
// Reads the journal's database.

/**
 * The number of items committed to the journal of the page's origin.
 *
 * @param {import("../support/browser.mjs").Page} page
 * @returns {Promise<number>}
 */
export const committed = async (page) =>
  (await journalRecords(page)).flatMap(({ items }) => items).length;

/**
 * The items committed to the journal of the page's origin.
 *
 * @param {import("../support/browser.mjs").Page} page
 * @returns {Promise<any[]>}
 */
export function journalRecords(page) {
  return page.evaluate(`new Promise((done, failed) => {
    const open = indexedDB.open("waymark");
    // Not there yet: the client makes it.
    open.onupgradeneeded = () => open.transaction.abort();
    open.onerror = () => open.error.name === "AbortError" ? done([]) : failed(open.error);
    open.onsuccess = () => {
      const database = open.result;
      const records = database.transaction("records").objectStore("records").getAll();
      records.onsuccess = () => {
        database.close();
        done(records.result);
      };
    };
  })`);
}
