/** Limits of the facade, each with its unit and its reason. The core's are in its `limits.rs`. */

/** Calls held before the core is there or consent is given: a busy page makes fewer. */
export const HELD_CALLS_MAX = 1000;

/** Milliseconds before a core that failed to load is fetched again; doubles from here. */
export const LOAD_RETRY_BASE_MS = 1000;

/** Milliseconds between two attempts to load the core at the most. */
export const LOAD_RETRY_MAX_MS = 60_000;
