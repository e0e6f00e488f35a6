/** Types of the delivery of events, and of its report. */

/** Whether a failed request's events are dropped or retried. */
type StatusBehavior = "drop" | "retry";

/** How rate-limited requests are retried. */
export interface RateLimitConfig {
  enabled?: boolean;
  /** 10 by default. */
  maxRetryCount?: number;
  /** The longest `Retry-After` that is honoured, in seconds, 300 by default. */
  maxRetryInterval?: number;
  /** Seconds after which events are given up. */
  maxRateLimitDuration?: number;
}

/** How requests that failed otherwise are retried. */
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
  /** Random variation of each wait, in percent, 10 by default. */
  jitterPercent?: number;
  /** `drop` by default. */
  default4xxBehavior?: StatusBehavior;
  /** `retry` by default. */
  default5xxBehavior?: StatusBehavior;
  /** By status, as text. */
  statusCodeOverrides?: Record<string, StatusBehavior>;
}

/** How failed requests are retried, and which responses count as failures. */
export interface HttpConfig {
  rateLimitConfig?: RateLimitConfig;
  backoffConfig?: BackoffConfig;
}

/** Options of every request; headers cost a preflight. */
export interface DeliveryConfig {
  credentials?: RequestCredentials;
  headers?:
    Record<string, string | (() => string)> | (() => Record<string, string>);
  keepalive?: boolean;
  priority?: "high" | "low" | "auto";
}

/** How events become requests; by default they go in Waymark's own batches. */
export type DeliveryStrategy =
  | { strategy?: "standard"; config?: DeliveryConfig }
  | {
      strategy: "batching";
      config?: DeliveryConfig & {
        /** Number of waiting events at which a batch is sent at once. */
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

/** The same, with the members that only the source's settings have. */
export type SegmentioSettings = SegmentioIntegrationInitOptions & {
  apiKey?: string;
  retryQueue?: boolean;
  [key: string]: unknown;
};

/** The delivery report of this page: `accepted + restored` is the sum of all fates. */
export interface Delivery {
  /** Calls that became events. */
  accepted: number;
  /** Events taken over from the journal of an earlier page. */
  restored: number;
  /** Events that were sent at least once. */
  sent: number;
  /** Events that the server has acknowledged. */
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
    /** Consent was withdrawn. */
    consent: number;
  };
  /** Calls that became no event, by reason. */
  refused: {
    tooLarge: number;
    held: number;
    failed: number;
    /** The visitor denied consent. */
    consent: number;
    /** Calls that extensions dropped, by the reason they gave. */
    extensions: Record<string, number>;
  };
  /** Times the core failed; after that, the other counts are the fresh core's. */
  traps: number;
}
