// @ts-check
// Looks into the journal's database.

/**
 * Number of items that are committed to the journal of the page's origin.
 *
 * @param {import("playwright-core").Page} page
 * @returns {Promise<number>}
 */
export const committed = async (page) =>
  (await journalRecords(page)).flatMap(({ items }) => items).length;

/**
 * What is committed to the journal of the page's origin.
 *
 * @param {import("playwright-core").Page} page
 * @returns {Promise<any[]>}
 */
export function journalRecords(page) {
  return page.evaluate(`new Promise((done, failed) => {
    const open = indexedDB.open("waymark");
    // Not there yet: it is the client's to make.
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
