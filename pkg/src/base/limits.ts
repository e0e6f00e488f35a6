/** Limits of the facade, each with its unit and its reason. The core's are in its `limits.rs`. */

/** Calls held until the core is loaded and consent is granted: a busy page makes fewer. */
export const HELD_CALLS_MAX = 1000;

/** Values in one argument of a call: with more, its event is larger than the 32 KB that an API takes. */
export const VALUES_MAX = 20_000;

/** Objects that an argument may have inside each other: the gateway takes 100 in an event. */
export const DEPTH_MAX = 96;

/** Milliseconds before the first retry of loading the core; doubles with each retry. */
export const LOAD_RETRY_BASE_MS = 1000;

/** Milliseconds between two attempts to load the core, at most. */
export const LOAD_RETRY_MAX_MS = 60_000;

/** Milliseconds after which a core that does not come is asked for another way: a slow line's. */
export const CORE_LATE_MS = 5000;

/** Characters of what is posted on the express lane: browsers let 64 KB outlive the page. */
export const EXPRESS_BODY_MAX_CHARS = 20_000;

/** Milliseconds that the client waits for the express lane's answer before it sends anything. */
export const EXPRESS_WAIT_MAX_MS = 1000;

/** Milliseconds that a request by XMLHttpRequest may take, as long as the core allows one. */
export const REQUEST_MAX_MS = 30_000;

/** Characters of an answer that are read: as many as 500 rejections take, most of them long. */
export const ANSWER_CHARS_MAX = 262_144;

/** Characters of a code in an answer: the gateway's have 16 at most. */
export const CODE_CHARS_MAX = 64;

/** Codes that are told apart: the gateway has 12, and HTTP statuses begin at 100. */
export const CODES_MAX = 99;

/** Attempts of a `before` plugin per event: enough for a temporary failure. */
export const PLUGIN_ATTEMPTS_MAX = 3;

/** Milliseconds before the first retry of a `before` plugin; doubles with each retry. */
export const PLUGIN_RETRY_BASE_MS = 250;

/** Milliseconds that events wait for plugins to load: one that hangs must not block them. */
export const PLUGIN_LOAD_MAX_MS = 5000;

/** Milliseconds that sending waits for the settings of an explicit `cdnURL`. */
export const CDN_SETTINGS_MAX_MS = 1000;

/** Milliseconds that the start waits for the requested client hints. */
export const CLIENT_HINTS_MAX_MS = 1000;

/** Milliseconds from a call to its callback: the default of `analytics.timeout`. */
export const CALLBACK_DELAY_MS = 300;

/** Milliseconds that a call's promise waits for the promise that its callback returns. */
export const CALLBACK_MAX_MS = 1000;

/** Milliseconds that a tracked link or form waits by default, as in Segment's client. */
export const AUTO_TRACK_MAX_MS = 500;

/**
 * Characters that a page may leave in localStorage: 256 KB at two bytes each, as the shop needs the
 * rest.
 */
export const SPILL_CHARS_MAX = 131_072;

/** Milliseconds for which a page without its client counts as alive: a slow network's time. */
export const SPILL_ALIVE_MS = 60_000;

/** Characters above which a task starts another record: each write stores a whole record. */
export const RECORD_CHARS_MAX = 262_144;

/** Milliseconds that IndexedDB may take to open before the journal works without it. */
export const JOURNAL_OPEN_MAX_MS = 2000;

/** Milliseconds in which other tabs answer that they are alive: a message takes far less. */
export const ROLL_CALL_MS = 500;

/** Milliseconds that a tab waits for another one's takeover of closed tabs: a slow disk's time. */
export const TAKEOVER_WAIT_MAX_MS = 5000;

/** Milliseconds that held calls wait for the previous page's items, which are older. */
export const RESTORE_MAX_MS = 250;

/** Milliseconds between two failures of the core; one that fails more often stays stopped. */
export const CORE_FAILURE_MIN_MS = 60_000;

/** Sightings held until the impressions module is loaded: minutes of scrolling. */
export const SIGHTINGS_MAX = 20_000;

/**
 * Milliseconds between two requests that renew the visitor's cookies: Safari deletes them after
 * seven days, so six requests may fail.
 */
export const IDENTITY_RENEWAL_MIN_MS = 86_400_000;

/** Milliseconds that a route must last to count as a page view: longer than a redirect does. */
export const ROUTE_SETTLES_MS = 100;

/** Milliseconds between two updates of the inspector: fast enough for the eye. */
export const INSPECTOR_LOOK_MS = 500;

/** Events that the inspector lists: more than a person reads. */
export const INSPECTED_EVENTS_MAX = 50;

/** Milliseconds from the first call to `load`: many times what a page's scripts take to run. */
export const LOAD_LATE_MS = 5000;

/** Milliseconds that the server has to answer a question. */
export const PROBE_MAX_MS = 10_000;

/** Milliseconds between two looks at the delivery report. */
export const DELIVERY_LOOK_MS = 1000;

/** Looks after which something must be wrong: half a minute, in which a retry or two has failed. */
export const DELIVERY_LOOKS_MAX = 30;
