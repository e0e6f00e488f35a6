// @ts-check
// A change of the glue: timers by the browser's own function, not by that of Angular's zones, for
// which a page is not stable while a retry waits.
export const OUTSIDE_OF_ZONES = {
  pattern: /= setTimeout\(/,
  change: "= (globalThis.__zone_symbol__setTimeout ?? setTimeout)(",
};
