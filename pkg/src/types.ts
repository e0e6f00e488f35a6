/** Public types, by the names of `@segment/analytics-next`. */

/** A property bag: whatever `JSON.stringify` can write. */
export type EventProperties = Record<string, unknown>;

/** Traits of a user or a group. */
export type Traits = Record<string, unknown>;

/** An id; numbers become strings. `null` means the one already known. */
export type ID = string | number | null | undefined;

/** Options of a single call. Other keys become members of the event's context. */
export interface Options {
  context?: Record<string, unknown> | null;
  integrations?: Record<string, boolean | Record<string, unknown>>;
  timestamp?: Date | string;
  anonymousId?: string;
  userId?: string;
  messageId?: string;
  [key: string]: unknown;
}

/** Called with the event's context once the call is recorded. */
export type Callback = (context: import("./context").Context) => unknown;

/** First argument of `load`. */
export interface AnalyticsBrowserSettings {
  /** The key of the source at Segment or at the gateway. */
  writeKey: string;
}

/** Where and how events are sent; the key is the peer's name for it. */
export interface SegmentioSettings {
  /** Host and path of the API, `api.segment.io/v1` by default. */
  apiHost?: string;
  /** `https` by default. */
  protocol?: "http" | "https";
}

/** Attributes of the identity's cookies. */
export interface CookieOptions {
  /** Shared by all subdomains where the browser allows it, by default. */
  domain?: string;
  /** Days until the cookies expire, 365 by default. */
  maxage?: number;
  /** `/` by default. */
  path?: string;
  /** `Lax` by default. */
  sameSite?: string;
  /** Whether the cookies are sent over https only. */
  secure?: boolean;
}

/** Second argument of `load`. */
export interface InitOptions {
  integrations?: {
    "Segment.io"?: boolean | SegmentioSettings;
    [name: string]: unknown;
  };
  cookie?: CookieOptions;
  /**
   * `granted` (the default) records at once. With `required`, calls stay in memory, and
   * nothing touches storage, cookies or the network until `consent.update` allows it.
   */
  consent?: "granted" | "required";
  /** Events that wait before a batch goes at once, 20 by default. */
  flushAt?: number;
  /** Milliseconds between two batches while events keep coming, 1000 by default. */
  flushInterval?: number;
}

/** What became of the events of this page so far. */
export interface Delivery {
  /** Calls that became events. */
  accepted: number;
  /** Events the server has taken. */
  acknowledged: number;
  /** Events that wait or are on their way. */
  pending: number;
  /** Requests that ended without an acknowledgement. */
  retried: number;
  /** Events given up, by reason. */
  dropped: { refused: number; queueFull: number };
  /** Calls that became no event, by reason. */
  refused: { tooLarge: number; held: number };
}
