/** Every limit of the live view, with its unit and its reason. */

/** Stored events kept and shown; older ones leave the list (they stay in the store). */
export const STORED_ROWS_MAX = 1000;
/** Rejected events kept beside them, so that a flood of valid events never hides one. */
export const REJECTED_ROWS_MAX = 300;
/** Characters of an event's properties in its row: more than the widest screen shows. */
export const PREVIEW_CHARS_MAX = 160;
/** JSON longer than this many characters is shown without colours: an element a token is slow. */
export const COLOURED_JSON_CHARS_MAX = 60_000;
/** A frame that brings more events than this is a flood… */
export const FLOOD_EVENTS = 50;
/** …and is followed by a rest, in milliseconds, so that the page stays responsive. */
export const FLOOD_REST_MS = 250;
/** First wait before a refused stream is opened again, in milliseconds; it doubles… */
export const RETRY_FIRST_MS = 1_000;
/** …up to this, so that a gateway that is up again is found soon. */
export const RETRY_MAX_MS = 15_000;
/** How often the rate per second is computed, in milliseconds. */
export const RATE_MS = 1_000;
/** Fates of events kept: those of all rows at ten destinations. */
export const FATES_MAX = 10_000;
