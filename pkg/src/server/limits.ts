/** Limits of what runs on a shop's server, each with its unit and its reason. */

/** Seconds a cookie lives: a year, as the SDK's own (the core's `limits.rs`). */
export const COOKIE_MAX_AGE_S = 31_536_000;

/** Characters of an id, as the gateway has it: what keeps one broken page from filling headers. */
export const ID_CHARS_MAX = 1024;
