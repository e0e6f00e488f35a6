//! Every limit and timeout of the gateway, with its unit and its reason.

use std::time::Duration;

/// Largest event, in bytes of its JSON text: Segment's limit.
pub const EVENT_MAX_BYTES: usize = 32 * 1024;

/// Largest request body after decompression, in bytes: Segment's limit for a batch (500 KB),
/// with a little room for the envelope around the events.
pub const BODY_MAX_BYTES: usize = 512 * 1024;

/// Largest body of `POST /v1/identity`, in bytes: a write key and an id, at their longest.
pub const IDENTITY_BODY_MAX_BYTES: usize = 8 * 1024;

/// Most bytes of a refused body that are still read and thrown away, so that the client gets
/// to read the answer instead of a reset connection.
pub const DISCARD_MAX_BYTES: usize = 8 * 1024 * 1024;

/// Most events in one batch: Segment's limit.
pub const BATCH_MAX_EVENTS: usize = 2_500;

/// Longest messageId, in characters: Segment's limit.
pub const MESSAGE_ID_MAX_CHARS: usize = 100;

/// Longest user, anonymous, group or previous id, in characters. Segment gives none; this
/// keeps one broken client from filling the columns.
pub const ID_MAX_CHARS: usize = 1_024;

/// Deepest nesting of an event: what common JSON readers take without complaint
/// (`serde_json` stops at 128).
pub const EVENT_MAX_DEPTH: usize = 100;

/// Bytes of a rejected event that are kept and shown: enough to see what is wrong.
pub const REJECTED_KEPT_BYTES: usize = 2 * 1024;

/// Rejected events kept in the store; older ones go, so that a broken client cannot fill the disk.
pub const REJECTED_KEPT_ROWS: i64 = 10_000;

/// Requests that may wait for the committer; each holds at most one body.
pub const COMMIT_QUEUE_REQUESTS: usize = 256;

/// Bytes of decoded bodies that may be in work at once; bounds the memory under overload.
pub const BODIES_IN_WORK_BYTES: usize = 64 * 1024 * 1024;

/// Longest wait for room in the committer's queue before a request is answered 503.
pub const COMMIT_QUEUE_WAIT: Duration = Duration::from_secs(5);

/// Most events committed in one transaction: larger ones no longer gain, but delay the answer.
pub const COMMIT_MAX_EVENTS: usize = 8_000;

/// Longest wait for a whole request body: a stalled client must not hold its connection.
pub const BODY_READ_TIMEOUT: Duration = Duration::from_secs(30);

/// Longest wait for the head of a request, for the same reason.
pub const HEAD_READ_TIMEOUT: Duration = Duration::from_secs(30);

/// Longest time given to requests in flight when the gateway is asked to stop.
pub const DRAIN_TIMEOUT: Duration = Duration::from_secs(20);

/// Seconds a client is asked to wait when the store cannot take events.
pub const STORE_RETRY_AFTER_SECONDS: u64 = 5;

/// Seconds a client is asked to wait when the queue is full.
pub const OVERLOAD_RETRY_AFTER_SECONDS: u64 = 1;

/// How often a store that failed is tried again.
pub const STORE_PROBE_INTERVAL: Duration = Duration::from_secs(1);

/// Message ids that make a run: until then they are kept in memory (about 40 bytes each), and
/// each run costs a look at its filter for every event.
pub const RUN_IDS: usize = 256 * 1024;

/// Message ids of a run written in one transaction at most, so that no commit has to wait long.
pub const RUN_STEP_IDS: usize = 8 * 1024;

/// Days for which a repeat is known, at least. It costs 1.5 bytes of memory for each event of
/// that time. The journals of the SDK give up earlier.
pub const DEDUPE_DAYS: i64 = 7;

/// Old message ids deleted in one transaction.
pub const PRUNE_STEP_IDS: i64 = 8 * 1024;

/// SQLite's page cache, in KiB: holds what one large transaction writes.
pub const STORE_CACHE_KIB: i64 = 32 * 1024;

/// Bytes of events after which the write-ahead log is copied into the file: seldom enough that
/// pages written often are copied once, often enough that a restart has little to read.
pub const CHECKPOINT_BYTES: usize = 48 * 1024 * 1024;

/// Pages in the write-ahead log at which a commit copies it itself, should the thread that does
/// so not keep up (512 MiB at 8 KiB a page).
pub const WAL_CHECKPOINT_PAGES: i64 = 64 * 1024;

/// Size of the log, in bytes, that is kept for use again after it was copied.
pub const WAL_KEPT_BYTES: i64 = 128 * 1024 * 1024;

/// Default requests a second for one write key; Segment recommends at most 1 000.
pub const KEY_REQUESTS_PER_SECOND: u32 = 5_000;

/// Default requests a second for one address. Many shoppers can stand behind one.
pub const ADDRESS_REQUESTS_PER_SECOND: u32 = 1_000;

/// How often rate limit entries that are full again are forgotten.
pub const RATE_LIMIT_SWEEP_INTERVAL: Duration = Duration::from_secs(60);

/// Events sent upstream in one request at most.
pub const FORWARD_BATCH_EVENTS: u32 = 500;

/// Events of other sources after which a source's cursor is written down all the same, so that
/// a restart does not read through all of them again.
pub const FORWARD_SAVE_EVENTS: i64 = 50_000;

/// Bytes of events sent upstream in one request at most: Segment's 500 KB less the envelope.
pub const FORWARD_BATCH_BYTES: usize = 480 * 1024;

/// Longest wait for an upstream's answer.
pub const FORWARD_TIMEOUT: Duration = Duration::from_secs(30);

/// How long forwarding waits for more events before it sends a small batch.
pub const FORWARD_LINGER: Duration = Duration::from_millis(200);

/// First step of the backoff between attempts upstream; doubled each time, with full jitter.
pub const FORWARD_BACKOFF_FIRST: Duration = Duration::from_millis(500);

/// Longest backoff between attempts upstream.
pub const FORWARD_BACKOFF_MAX: Duration = Duration::from_secs(60);

/// Longest Retry-After of an upstream that is honoured, as Segment's own clients do.
pub const FORWARD_RETRY_AFTER_MAX: Duration = Duration::from_secs(300);

/// Bytes of an upstream's refusal kept with a dead letter.
pub const DEAD_LETTER_REASON_BYTES: usize = 500;

/// Longest time `/flush` waits for forwarding to catch up.
pub const FLUSH_TIMEOUT: Duration = Duration::from_secs(30);

/// Stored events a new live view is shown.
pub const LIVE_BACKLOG_EVENTS: u32 = 200;

/// Rejected events a new live view is shown.
pub const LIVE_BACKLOG_REJECTED: u32 = 50;

/// Messages a slow live view may lag behind before it skips some.
pub const LIVE_LAG_MESSAGES: usize = 4_096;

/// How often the live view's counters may change.
pub const LIVE_COUNTERS_INTERVAL: Duration = Duration::from_millis(500);

/// How often an idle live stream says that it is alive: proxies cut silent ones after a minute.
pub const LIVE_KEEP_ALIVE: Duration = Duration::from_secs(15);

/// Seconds a preflight may be cached: Chrome's own cap.
pub const PREFLIGHT_MAX_AGE_SECONDS: u32 = 7_200;

/// Seconds the settings document may be cached.
pub const SETTINGS_MAX_AGE_SECONDS: u32 = 300;

/// Wait after a connection could not be accepted: an empty loop would take a whole core.
pub const ACCEPT_RETRY_INTERVAL: Duration = Duration::from_millis(50);
