/** Limits of the vendors' ids, each with its unit and its reason. */

/** Characters of an id: an address or a cookie may hold anything, and real ones are below 300. */
export const VALUE_MAX = 500;

/** Milliseconds for which click ids are kept: Google and Meta count a click for 90 days at most. */
export const CLICKS_MAX_AGE_MS: number = 90 * 24 * 3_600_000;
