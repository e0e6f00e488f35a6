// @ts-check
// The SDK's database, as a page sees it: the body of a function for the page to run.

/** Whether it is there: WebKit keeps a page that is left while it makes it. */
export const HAS_DATABASE = `return indexedDB.databases()
  .then((all) => all.some(({ name }) => name === "waymark"))`;
