/** Types of how events are sent, and of what became of them. */

/** How a failed request is treated, by its answer's status. */
type StatusBehavior = "drop" | "retry";

/** How requests that were too many are tried again. */
export interface RateLimitConfig {
  enabled?: boolean;
  /** 10 by default. */
  maxRetryCount?: number;
  /** The longest `Retry-After` that is kept to, in seconds, 300 by default. */
  maxRetryInterval?: number;
  /** Seconds after which events are given up. */
  maxRateLimitDuration?: number;
}

/** How requests that failed otherwise are tried again. */
export interface BackoffConfig {
  enabled?: boolean;
  /** 10 by default. */
  maxRetryCount?: number;
  /** The first wait, in seconds, 0.5 by default. */
  baseBackoffInterval?: number;
  /** The longest wait, in seconds, 60 by default. */
  maxBackoffInterval?: number;
  /** Seconds after which events are given up. */
  maxTotalBackoffDuration?: number;
  /** Percent by which a wait is longer or shorter than it should be, 10 by default. */
  jitterPercent?: number;
  /** `drop` by default. */
  default4xxBehavior?: StatusBehavior;
  /** `retry` by default. */
  default5xxBehavior?: StatusBehavior;
  /** By status, as text. */
  statusCodeOverrides?: Record<string, StatusBehavior>;
}

/** How a request that failed is tried again, and which answers count as failures. */
export interface HttpConfig {
  rateLimitConfig?: RateLimitConfig;
  backoffConfig?: BackoffConfig;
}

/** Members of every request; they cost a preflight where they are headers. */
export interface DeliveryConfig {
  credentials?: RequestCredentials;
  headers?:
    Record<string, string | (() => string)> | (() => Record<string, string>);
  keepalive?: boolean;
  priority?: "high" | "low" | "auto";
}

/** How events become requests; without it they go in batches of our own making. */
export type DeliveryStrategy =
  | { strategy?: "standard"; config?: DeliveryConfig }
  | {
      strategy: "batching";
      config?: DeliveryConfig & {
        /** Events that wait before a batch goes at once. */
        size?: number;
        /** Milliseconds between two batches. */
        timeout?: number;
        maxRetries?: number;
      };
    };

/** Where and how events are sent. */
export type SegmentioIntegrationInitOptions = {
  /** Host and path of the API, `api.segment.io/v1` by default. */
  apiHost?: string;
  /** `https` by default. */
  protocol?: "http" | "https";
  deliveryStrategy?: DeliveryStrategy;
  httpConfig?: HttpConfig;
};

/** The same with what only the source's own settings say. */
export type SegmentioSettings = SegmentioIntegrationInitOptions & {
  apiKey?: string;
  retryQueue?: boolean;
  [key: string]: unknown;
};

/** The delivery report of this page: `accepted + restored` is the sum of all the rest. */
export interface Delivery {
  /** Calls that became events. */
  accepted: number;
  /** Events taken over from the journal of an earlier page. */
  restored: number;
  /** Events that were sent at least once. */
  sent: number;
  /** Events the server has taken. */
  acknowledged: number;
  /** Events that wait or are on their way. */
  pending: number;
  /** Events that another page took over while this one was in the back/forward cache. */
  adopted: number;
  /** Requests that ended without an acknowledgement. */
  retried: number;
  /** Events given up, by reason. */
  dropped: {
    refused: number;
    queueFull: number;
    tooOld: number;
    /** Consent was taken back. */
    consent: number;
  };
  /** Calls that became no event, by reason. */
  refused: {
    tooLarge: number;
    held: number;
    failed: number;
    /** The visitor said no. */
    consent: number;
    /** Those that extensions dropped, by the reason they gave. */
    extensions: Record<string, number>;
  };
  /** Times the core failed; after the first, the other counts are those of the fresh one. */
  traps: number;
}
