//! Every limit and timeout of the SDK, with its unit and its reason.

/// Events that wait before a batch is sent without waiting for the interval. Segment's own SDKs
/// use 20 too, and so many fit a keepalive request.
pub const FLUSH_AT: u32 = 20;

/// Milliseconds between a batch and the next one while events keep coming.
/// One second limits what a killed tab leaves unsent, and keeps a burst to one request.
pub const FLUSH_INTERVAL_MS: u32 = 1000;

/// Events a batch may hold. Segment takes 2500. 500 keeps the loss by one bad answer and the
/// encoding time of one request small, and still sends a day's backlog in tens of requests.
pub const BATCH_EVENTS_MAX: usize = 500;

/// Bytes of a batch's body. Segment refuses more than 500 KB; the rest is for the envelope.
pub const BATCH_SIZE_BYTES_MAX: usize = 450 * 1000;

/// Bytes that close a batch's body, reserved while it is filled: `],"sentAt":"…"}`.
pub const BATCH_TAIL_SIZE_BYTES: usize = 38;

/// Bytes reserved for the ledger in a batch: ten names with numbers of ten digits take 227.
pub const LEDGER_SIZE_BYTES_MAX: usize = 256;

/// Bytes of one event. Segment refuses more than 32 KB, but analytics-next posts larger events
/// too, and other servers take them, so only an event that cannot fit a batch is refused here.
pub const EVENT_SIZE_BYTES_MAX: usize = BATCH_SIZE_BYTES_MAX - 1000;

/// Bytes of all requests in flight while the page is being left: the browser's shared budget for
/// keepalive requests and beacons is 64 KiB, and the page's own requests need a little of it.
pub const KEEPALIVE_SIZE_BYTES_MAX: usize = 60 * 1024;

/// Bytes of a message id: Segment's limit, and the gateway's.
pub const MESSAGE_ID_SIZE_BYTES_MAX: usize = 100;

/// Events that wait in the queue. A busy day offline is about 20 000 events.
pub const QUEUE_EVENTS_MAX: usize = 20_000;

/// Bytes that wait in the queue: 20 000 events of 1.5 KB, and no more than a tab can spare.
pub const QUEUE_SIZE_BYTES_MAX: usize = 32 * 1024 * 1024;

/// The most milliseconds an event waits. The gateway knows message ids for 7 days, so an event
/// sent again within 6 is still recognised, with a day to spare for wrong clocks.
pub const EVENT_AGE_MAX_MS: f64 = 6.0 * 24.0 * 3600.0 * 1000.0;

/// Bytes below which a 413 does not shrink batches further: Segment takes events of 32 KB, so a
/// server that refuses a smaller batch refuses the event itself.
pub const BATCH_SIZE_BYTES_MIN: usize = 32 * 1000;

/// Different events refused alone, one after the other, before sending pauses: a few bad events
/// in a row are possible, but this many suggest a server that refuses everything.
pub const REFUSED_ALONE_MAX: u32 = 4;

/// Requests without an answer, one after the other, before the next goes another way: one is the
/// network's fault as a rule, but code of the page may keep every request from being answered.
pub const UNANSWERED_MAX: u32 = 2;

/// Milliseconds a request may take: enough for 450 KB on a slow line, and short enough that a
/// request that hangs does not hold up the rest.
pub const REQUEST_MAX_MS: u32 = 30_000;

/// A keepalive request that fails within this many milliseconds was probably refused by the
/// browser, because other requests used up the budget. It is repeated without keepalive.
pub const KEEPALIVE_REFUSAL_MAX_MS: f64 = 100.0;

/// Milliseconds before the first retry, the usual value in clients. It doubles from here.
pub const RETRY_BASE_MS: f64 = 500.0;

/// The most milliseconds between two retries, so that a server that is back is found within
/// minutes even without a wake-up event.
pub const RETRY_MAX_MS: f64 = 5.0 * 60.0 * 1000.0;

/// The most milliseconds that a server's Retry-After is followed: a wrong header must not silence
/// a shop for a day.
pub const RETRY_AFTER_MAX_MS: f64 = 60.0 * 60.0 * 1000.0;

/// Seconds a cookie lives: a year, as `@segment/analytics-next` sets it (contract, §b.2).
pub const COOKIE_MAX_AGE_S: u32 = 365 * 24 * 3600;

/// Dots in the name of an option: each is a level of the event's context, of which the gateway takes
/// 100, and a level of recursion here.
pub const PATH_DOTS_MAX: usize = 100;
