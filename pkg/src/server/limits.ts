/** Limits of what runs on a shop's server, each with its unit and its reason. */

/** Seconds a cookie lives: a year, as the SDK's own (the core's `limits.rs`). */
export const COOKIE_MAX_AGE_S = 31_536_000;

/** Characters of an id, as the gateway has it: what keeps one broken page from filling headers. */
export const ID_CHARS_MAX = 1024;

/** Events that make a batch, unless configured: as in Segment's guides for servers. */
export const FLUSH_AT = 20;

/** Milliseconds that an event waits for others of its batch, unless configured. */
export const FLUSH_INTERVAL_MS = 10_000;

/** Milliseconds that Segment's client waits with a batch that is on its way already. */
export const HAND_OVER_MS = 10;

/** Events in memory: what a gateway that is down for a while may leave behind. */
export const QUEUE_MAX = 10_000;

/**
 * Attempts of a batch. Segment's ten are over within minutes; its twelve hours bound them instead.
 */
export const RETRIES_MAX = 1_000_000;

/** Milliseconds that `flush` waits by default. */
export const FLUSH_MAX_MS = 10_000;

/** Milliseconds that `close` waits by default: as long as most hosts wait before they kill. */
export const CLOSE_MAX_MS = 25_000;

/** Bytes of a route's body: twice the largest event that the gateway takes. */
export const BODY_MAX_BYTES = 65_536;
