/** Limits of the plugin, each with its unit and its reason. */

/** Events that are sent at once, unless configured: as in Segment's guide for Medusa. */
export const FLUSH_AT = 20;

/** Milliseconds that an event waits for others of its batch, unless configured: as there. */
export const FLUSH_INTERVAL_MS = 10_000;

/** Events of a request: few enough that its answer comes within its time, whatever is slow. */
export const BATCH_EVENTS_MAX = 250;

/** Bytes of a request's events: below the API's limit of 500 KB, with room for the envelope. */
export const BATCH_BYTES_MAX = 480 * 1024;

/** Bytes of an event: the API's limit. What is larger is refused before it is kept. */
export const EVENT_BYTES_MAX = 32 * 1024;

/** Milliseconds for a request and its answer. */
export const REQUEST_MS = 10_000;

/**
 * Milliseconds for which a batch belongs to the process that sends it: a request and what the
 * database needs around it. After a kill, the next process waits for as long.
 */
export const LEASE_MS = 15_000;

/** Bytes of an answer that are read: a rejection of every event of a batch is below it. */
export const ANSWER_BYTES_MAX = 256 * 1024;

/** Milliseconds before the first new attempt; they double with each. */
export const RETRY_MS = 1_000;

/** Longest wait between attempts, in milliseconds: a gateway that is back is found within it. */
export const RETRY_MAX_MS = 60_000;

/** Longest `Retry-After` that is obeyed, in milliseconds: as Segment's clients. */
export const RETRY_AFTER_MAX_MS = 300_000;

/**
 * Events that wait, at most: at 2 KB each, 2 GB of the shop's disk, which a gateway that is gone
 * for weeks must not fill.
 */
export const OUTBOX_EVENTS_MAX = 1_000_000;

/** Hours for which the ids of sent events are kept, so that what is told twice is kept once. */
export const SENT_HOURS = 48;

/** Days for which refused events are kept, for somebody to look at. */
export const REFUSED_DAYS = 30;

/** Hours back in which a process that starts looks for orders and refunds that nobody told. */
export const CATCH_UP_HOURS = 24;

/** Minutes back for the same look later on: longer than the pause between two. */
export const CATCH_UP_AGAIN_MINUTES = 15;

/** Milliseconds that a change is left to its subscriber before the catch-up tells of it. */
export const CATCH_UP_AFTER_MS = 30_000;

/** Orders and refunds of one look, each: an hour of a large shop. */
export const CATCH_UP_MAX = 10_000;

/** Orders and refunds that one query of a look asks for. */
export const CATCH_UP_PAGE = 500;

/** Milliseconds that the end of the process waits for what is on its way; the rest is kept. */
export const CLOSE_MS = 5_000;

/** Characters of an id that a browser says: as the gateway has it. */
export const ID_CHARS_MAX = 1_024;
