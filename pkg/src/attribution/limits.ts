/** Limits of attribution, each with its unit and its reason. */

/** Milliseconds without a call that end a session: what web analytics have agreed on. */
export const SESSION_IDLE_MS: number = 30 * 60_000;

/** Milliseconds that a session may last: a tab that is never closed begins a new one each day. */
export const SESSION_MAX_MS: number = 24 * 3_600_000;

/** Characters of a click id or a campaign's parameter that are kept: an address may hold anything. */
export const PARAMETER_MAX = 500;

/** Seconds that a decorated link is good for: long enough to follow it, too short to share it. */
export const LINK_MAX_AGE_S = 120;
