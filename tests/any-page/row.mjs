// @ts-check
// The form of a row: a page that is not clean, on which the events must arrive as on a clean one.

/**
 * @typedef {object} Row
 * @property {string} name what the page does
 * @property {string} [html] markup before the scripts
 * @property {string} [head] script text that runs after `html` and before the library
 * @property {string} [calls] script text that records events by `track(name, properties)`, or by
 *   `analytics`, which only Waymark has; default {@link CALLS}
 * @property {string} [cleanCalls] the calls of the clean page, where they cannot be the same
 * @property {number} [events] how many events `calls` records; default those of {@link CALLS}
 * @property {object} [options] more options of `load`
 * @property {Record<string, string>} [headers] sent with the page and its files
 * @property {readonly import("./pages.mjs").Build[]} [builds] default all
 */

/** Events with what a shop's events have: text, numbers, lists, members that are not there. */
export const CALLS = `
  track("Product Viewed", { price: 49.5, currency: "EUR", coupon: null, sizes: ["S", "M"] });
  track("Order Completed", {
    order_id: "o-1",
    products: [{ product_id: "p-1", quantity: 2 }, { product_id: "p-2", quantity: 1 }],
  });`;

/** How many events {@link CALLS} records. */
export const CALLS_EVENTS = 2;
