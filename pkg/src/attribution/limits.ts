/** Limits of attribution, each with its unit and its reason. */

/** Milliseconds without a call that end a session: the usual value in web analytics. */
export const SESSION_IDLE_MS: number = 30 * 60_000;

/** Milliseconds a session may last: a tab that is never closed starts a new one each day. */
export const SESSION_MAX_MS: number = 24 * 3_600_000;

/** Characters kept of a click id or a campaign parameter: an address may hold anything. */
export const PARAMETER_MAX = 500;

/** Seconds a decorated link is valid: long enough to follow it, too short to share it. */
export const LINK_MAX_AGE_S = 120;
