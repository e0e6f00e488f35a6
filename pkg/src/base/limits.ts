/** Limits of the facade, each with its unit and its reason. The core's are in its `limits.rs`. */

/** Calls held before the core is there or consent is given: a busy page makes fewer. */
export const HELD_CALLS_MAX = 1000;

/** Milliseconds before a core that failed to load is fetched again; doubles from here. */
export const LOAD_RETRY_BASE_MS = 1000;

/** Milliseconds between two attempts to load the core at the most. */
export const LOAD_RETRY_MAX_MS = 60_000;

/** Times a `before` plugin is tried for an event: enough for a failure that passes. */
export const PLUGIN_ATTEMPTS_MAX = 3;

/** Milliseconds before a `before` plugin is tried again; doubles from here. */
export const PLUGIN_RETRY_BASE_MS = 250;

/** Milliseconds that events wait for plugins to load: one that hangs must not hold them for ever. */
export const PLUGIN_LOAD_MAX_MS = 5000;

/** Milliseconds that sending waits for the settings of an explicit `cdnURL`. */
export const CDN_SETTINGS_MAX_MS = 1000;

/** Milliseconds that the start waits for the client hints that were asked for. */
export const CLIENT_HINTS_MAX_MS = 1000;

/** Milliseconds from a call to its callback, as `analytics.timeout` has it by default. */
export const CALLBACK_DELAY_MS = 300;

/** Milliseconds that a call's promise waits for a callback that is a promise itself. */
export const CALLBACK_MAX_MS = 1000;

/** Milliseconds a visitor waits for a tracked link or form where the client names none, as the peer. */
export const AUTO_TRACK_MAX_MS = 500;

/**
 * Characters that a page may leave in localStorage, two bytes each: half of 256 KB, as the rest
 * of localStorage is the shop's.
 */
export const SPILL_CHARS_MAX = 131_072;

/** Characters after which a task's events go into another record: it is rewritten as a whole. */
export const RECORD_CHARS_MAX = 262_144;

/** Milliseconds that IndexedDB may take to open before the journal does without it. */
export const JOURNAL_OPEN_MAX_MS = 2000;

/** Milliseconds that other tabs have to say that they are alive: far more than a message takes. */
export const ROLL_CALL_MS = 500;

/** Milliseconds that a tab waits while another takes over what dead ones left: a slow disk's time. */
export const TAKEOVER_WAIT_MAX_MS = 5000;

/** Milliseconds that held calls wait for what the page before them left, as it is older. */
export const RESTORE_MAX_MS = 250;

/** Milliseconds between two failures of the core: one that fails more often is not started again. */
export const CORE_FAILURE_MIN_MS = 60_000;

/** What impressions may hold until their module is there: what a visitor scrolls past in minutes. */
export const SIGHTINGS_MAX = 20_000;

/** Milliseconds between two requests that the visitor's cookies be set again: Safari's seven days leave room for six that fail. */
export const IDENTITY_RENEWAL_MIN_MS = 86_400_000;

/** Milliseconds that a route has to last to be a page view: more than a redirect takes to render. */
export const ROUTE_SETTLES_MS = 100;

/** Milliseconds between two looks of the inspector: soon enough for an eye. */
export const INSPECTOR_LOOK_MS = 500;

/** Events that the inspector lists: more than somebody reads. */
export const INSPECTED_EVENTS_MAX = 50;
