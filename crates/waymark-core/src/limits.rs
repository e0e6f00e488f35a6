//! Every limit and timeout of the SDK, with its unit and its reason.

/// Events that wait before a batch is sent without waiting for the interval.
/// Twenty is what Segment's own SDKs use, and small enough to fit a keepalive request.
pub const FLUSH_AT: u32 = 20;

/// Milliseconds between a batch and the next one while events keep coming.
/// One second bounds what a killed tab can still owe and keeps a burst to one request.
pub const FLUSH_INTERVAL_MS: u32 = 1000;

/// Events a batch may hold. Segment takes 2500; 500 keeps one answer's worth of loss
/// and one request's encoding time small while a day's backlog drains in tens of requests.
pub const BATCH_EVENTS_MAX: usize = 500;

/// Bytes of a batch's body. Segment refuses above 500 KB; the rest is for the envelope.
pub const BATCH_SIZE_BYTES_MAX: usize = 450 * 1000;

/// Bytes that close a batch's body, reserved while it is filled: `],"sentAt":"…"}`.
pub const BATCH_TAIL_SIZE_BYTES: usize = 38;

/// Bytes reserved for the ledger in a batch: ten names with numbers of ten digits take 227.
pub const LEDGER_SIZE_BYTES_MAX: usize = 256;

/// Bytes of one event. Segment refuses above 32 KB, but analytics-next posts larger ones all the
/// same and other upstreams take them, so only what cannot fit a batch is refused here.
pub const EVENT_SIZE_BYTES_MAX: usize = BATCH_SIZE_BYTES_MAX - 1000;

/// Bytes of all requests that may be under way while the page goes: the browser's shared
/// budget for keepalive and beacons is 64 KiB, of which the page's own get a little.
pub const KEEPALIVE_SIZE_BYTES_MAX: usize = 60 * 1024;

/// Events that wait in the queue. A busy day offline is about 20 000 events.
pub const QUEUE_EVENTS_MAX: usize = 20_000;

/// Bytes that wait in the queue: 20 000 events of 1.5 KB, and no more than a tab can spare.
pub const QUEUE_SIZE_BYTES_MAX: usize = 32 * 1024 * 1024;

/// Milliseconds an event waits at the most. The gateway knows message ids for 7 days: what is
/// sent again within 6 is still recognised, with a day for clocks that are wrong.
pub const EVENT_AGE_MAX_MS: f64 = 6.0 * 24.0 * 3600.0 * 1000.0;

/// Bytes below which a 413 does not shrink batches further: Segment takes events of 32 KB, so
/// a server that refuses less refuses the event.
pub const BATCH_SIZE_BYTES_MIN: usize = 32 * 1000;

/// Different events that are refused alone, one after the other, before sending pauses: some
/// bad events in a row are possible, but this many look like a server that refuses everything.
pub const REFUSED_ALONE_MAX: u32 = 4;

/// Milliseconds a request may take: longer than any server that will still answer needs for
/// 450 KB on a slow line, and short enough that a request that hangs does not hold the rest.
pub const REQUEST_MAX_MS: u32 = 30_000;

/// Milliseconds within which a keepalive request that fails is taken to have been refused by
/// the browser, whose budget other requests of the page share: it is repeated without.
pub const KEEPALIVE_REFUSAL_MAX_MS: f64 = 100.0;

/// Milliseconds before the first retry; the usual client value, and it doubles from here.
pub const RETRY_BASE_MS: f64 = 500.0;

/// Milliseconds between two retries at the most, so that a server that is back is found
/// within minutes without a wake-up event.
pub const RETRY_MAX_MS: f64 = 5.0 * 60.0 * 1000.0;

/// Milliseconds that a server's Retry-After is followed at the most: a wrong header must
/// not silence a shop for a day.
pub const RETRY_AFTER_MAX_MS: f64 = 60.0 * 60.0 * 1000.0;

/// Seconds a cookie lives: a year, as `@segment/analytics-next` sets it (contract, §b.2).
pub const COOKIE_MAX_AGE_S: u32 = 365 * 24 * 3600;
