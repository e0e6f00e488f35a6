//! Every limit and timeout of the gateway, with its unit and its reason.

use std::time::Duration;

mod delivery;
mod plans;

pub use self::delivery::*;
pub use self::plans::*;

/// Largest event, in bytes of its JSON text: Segment's limit.
pub const EVENT_MAX_BYTES: usize = 32 * 1024;

/// Largest request body after decompression, in bytes: Segment's limit for a batch (500 KB),
/// and a little more for the envelope around the events.
pub const BODY_MAX_BYTES: usize = 512 * 1024;

/// Largest body of `POST /v1/identity`, in bytes: a write key and the longest id.
pub const IDENTITY_BODY_MAX_BYTES: usize = 8 * 1024;

/// Bytes up to which a refused body is still read and thrown away, so that the client gets to
/// read the answer instead of a reset connection.
pub const DISCARD_MAX_BYTES: usize = 8 * 1024 * 1024;

/// Largest body of the express lane, in bytes, once decompressed: a page posts 20 000 characters at
/// most, of three bytes each.
pub const CALLS_BODY_MAX_BYTES: usize = 64 * 1024;

/// Most calls in a request of the express lane; the page keeps the rest. Each takes some 500 bytes.
pub const CALLS_MAX: usize = 200;

/// How many times its own bytes a batch's context and integrations may add to it: each event
/// gets a copy of them. A context of 1 KB for events of 200 bytes makes a batch grow fivefold.
pub const BATCH_GROWTH_FACTOR: usize = 10;

/// Bytes of memory that a byte of a body of commercetools may take while it is read: the tree of
/// the smallest JSON objects takes as many.
pub const COMMERCETOOLS_GROWTH_FACTOR: usize = 100;

/// Longest time after which an API extension is answered: commercetools waits for 2 s, and the
/// answer has a way to go.
pub const EXTENSION_TIMEOUT: Duration = Duration::from_millis(1_200);

/// Longest wait of an API extension until its events are durable: a customer of the shop waits,
/// too.
pub const EXTENSION_STORE_TIMEOUT: Duration = Duration::from_millis(500);

/// Longest wait for an answer of Amazon SNS, which itself waits 15 s for the gateway's.
pub const SNS_TIMEOUT: Duration = Duration::from_secs(5);

/// Requests to Amazon SNS at once: a new certificate and confirmations come one at a time.
pub const SNS_REQUESTS: usize = 4;

/// Bytes of an answer of SNS that are read: a certificate has 2 KB.
pub const SNS_ANSWER_MAX_BYTES: usize = 64 * 1024;

/// Certificates of SNS in memory: one for each region, and the one before.
pub const SNS_CERTIFICATES: usize = 16;

/// How long a certificate of SNS is kept.
pub const SNS_CERTIFICATE_KEPT: Duration = Duration::from_secs(24 * 60 * 60);

/// Most events in one batch: Segment's limit.
pub const BATCH_MAX_EVENTS: usize = 2_500;

/// Most events of a batch that are read at all, to be turned away one by one: a body of the
/// smallest valid events holds fewer.
pub const BATCH_READ_EVENTS: usize = 13_000;

/// Longest messageId, in characters: Segment's limit.
pub const MESSAGE_ID_MAX_CHARS: usize = 100;

/// Longest user, anonymous, group or previous id, in characters. Segment has no limit; this one
/// keeps a broken client from filling the columns.
pub const ID_MAX_CHARS: usize = 1_024;

/// Longest `User-Agent` that becomes part of an event, in bytes: real ones are below 1 KB, and
/// no client may fill an event by its headers.
pub const USER_AGENT_MAX_BYTES: usize = 2 * 1024;

/// Deepest nesting of an event, in levels: common JSON readers take it (`serde_json` stops at
/// 128).
pub const EVENT_MAX_DEPTH: usize = 100;

/// How far ahead of the gateway's clock the time of an event may be, in milliseconds: five
/// minutes, for clocks that run a little fast.
pub const CLOCK_AHEAD_MAX_MS: i64 = 5 * 60 * 1000;

/// How long before `sentAt` an event may have happened for its time to be corrected by it, in
/// milliseconds: a year. No queue keeps an event for longer, so a larger difference is no clock's.
pub const CORRECTED_AGE_MAX_MS: i64 = 366 * 24 * 60 * 60 * 1000;

/// Bytes of a rejected event that are kept and shown: enough to find the mistake.
pub const REJECTED_KEPT_BYTES: usize = 2 * 1024;

/// Rejected events kept in the store; older ones are deleted, so that a broken client cannot fill
/// the disk.
pub const REJECTED_KEPT_ROWS: i64 = 10_000;

/// Warnings and errors of one place in the code that the log has before it sums them up: enough to
/// see what differs between them.
pub const LOG_LINES_SHOWN: u32 = 20;

/// How often the log says how many lines were left out.
pub const LOG_SUM_INTERVAL: Duration = Duration::from_secs(60);

/// Origins of refused pages that have a counter of their own; all others share one, so that nobody
/// makes up labels.
pub const ORIGIN_LABELS_MAX: usize = 100;

/// Longest origin that has a counter of its own, in bytes: longer ones are no shop's.
pub const ORIGIN_LABEL_MAX_BYTES: usize = 100;

/// Requests that may wait for the committer; each holds at most one body.
pub const COMMIT_QUEUE_REQUESTS: usize = 256;

/// Bytes of events in work at once, of decoded bodies and of what is added to them: bounds the
/// memory under overload.
pub const IN_WORK_BYTES: usize = 64 * 1024 * 1024;

/// Longest wait for room in the committer's queue before a request is answered 503.
pub const COMMIT_QUEUE_WAIT: Duration = Duration::from_secs(5);

/// Most events committed in one transaction: more no longer raise the rate, but delay the answer.
pub const COMMIT_MAX_EVENTS: usize = 8_000;

/// Longest wait for a whole request body: a stalled client must not hold its connection.
pub const BODY_READ_TIMEOUT: Duration = Duration::from_secs(30);

/// Longest wait for the head of a request, for the same reason.
pub const HEAD_READ_TIMEOUT: Duration = Duration::from_secs(30);

/// Longest time given to requests in flight when the gateway stops: most supervisors kill it
/// after 30 s.
pub const DRAIN_TIMEOUT: Duration = Duration::from_secs(20);

/// Seconds a client is asked to wait when the store cannot take events: time to free disk space
/// or to fail over.
pub const STORE_RETRY_AFTER_SECONDS: u64 = 5;

/// Seconds a client is asked to wait when the queue is full: it empties in less.
pub const OVERLOAD_RETRY_AFTER_SECONDS: u64 = 1;

/// How often a failed store is probed: soon after it works again, it is found to.
pub const STORE_PROBE_INTERVAL: Duration = Duration::from_secs(1);

/// Longest time in which a committer that works answers: as long as a request waits for a place in
/// its queue. One that takes longer hangs in the system, and the gateway is not ready.
pub const COMMITTER_ANSWER_TIMEOUT: Duration = COMMIT_QUEUE_WAIT;

/// Message ids that make a run. More take more memory (about 40 bytes each); fewer make more
/// runs, whose filters are looked at for every event.
pub const RUN_IDS: usize = 256 * 1024;

/// Most message ids of a run written in one transaction, so that no commit has to wait long.
pub const RUN_STEP_IDS: usize = 8 * 1024;

/// Fewest message ids of a run written in one transaction, so that a run is finished soon even
/// under little load.
pub const RUN_STEP_MIN_IDS: usize = 256;

/// Message ids of a run written for each event of the transaction, so that a run is finished
/// before the next one is full.
pub const RUN_IDS_PER_EVENT: usize = 4;

/// How long a repeat is recognised, at least, in milliseconds in which the gateway ran: seven days.
/// Each event of that time costs 1.5 bytes of memory. The SDK's journal gives up earlier.
pub const DEDUPE_MS: i64 = 7 * 24 * 60 * 60 * 1000;

/// How far the clock may be ahead of the time that has passed to be believed at once, in
/// milliseconds: five minutes, for corrections and restarts.
pub const CLOCK_JUMP_MS: i64 = 5 * 60 * 1000;

/// How long a clock has to be further ahead until it is believed, in milliseconds: a day, in which
/// somebody notices. Events are deleted that much later after a stop.
pub const CLOCK_TRUST_MS: i64 = 24 * 60 * 60 * 1000;

/// How often the store's time is saved, in milliseconds: what a crash may take from the age of
/// what is stored. An idle gateway writes no more often.
pub const CLOCK_SAVE_MS: i64 = 60 * 1000;

/// Old message ids deleted in one transaction, so that no commit has to wait long.
pub const PRUNE_STEP_IDS: i64 = 8 * 1024;

/// Fewest old events looked at in one transaction: a request hardly waits for it.
pub const RETAIN_STEP_EVENTS: usize = 500;

/// Most old events looked at in one transaction, when as many are stored meanwhile.
pub const RETAIN_STEP_MAX_EVENTS: usize = 8_000;

/// Old events looked at for each event that was just stored, so that more go than come.
pub const RETAIN_PER_EVENT: usize = 2;

/// How often the store looks for old events when it has found no more of them.
pub const RETAIN_INTERVAL: Duration = Duration::from_secs(1);

/// Most dead letters and rejected events looked at in one of these transactions.
pub const RETAIN_SIDE_ROWS: i64 = 500;

/// The part of the file, one in so many bytes, that may be free: new events fill it, and giving
/// back what is needed soon would only move pages around.
pub const FREE_KEPT_SHARE: u64 = 10;

/// Free bytes of the file that are not worth giving back.
pub const FREE_KEPT_BYTES: u64 = 4 * 1024 * 1024;

/// Most bytes given back to the file system in one transaction.
pub const VACUUM_STEP_BYTES: u64 = 1024 * 1024;

/// Age below which nothing is deleted for its size while a dead destination takes the room, in
/// milliseconds: a day, so that it costs other sources no new event.
pub const HELD_KEPT_MS: i64 = 24 * 60 * 60 * 1000;

/// Smallest `max_database_size`, in bytes: less would not hold the ids of a few days.
pub const DATABASE_MIN_BYTES: u64 = 64 * 1024 * 1024;

/// Events that are looked through at once for what belongs to a person: short reads let a running
/// gateway copy its log.
pub const LOOK_EVENTS: u32 = 2_000;

/// Rows of a person deleted in one transaction: a request hardly waits for it.
pub const ERASE_STEP_ROWS: usize = 100;

/// How long erasing waits before it tries to empty the write-ahead log again, which a reader has
/// kept it from.
pub const ERASE_RETRY_INTERVAL: Duration = Duration::from_millis(100);

/// Longest time that a request to erase or replay waits for the end; then it is told how far it is.
pub const OPERATOR_WAIT: Duration = Duration::from_secs(25);

/// Default days for which an erased id is refused: browsers and servers that kept events for it
/// have sent or given them up by then.
pub const ERASED_REFUSED_DAYS: u32 = 30;

/// Largest body of an operator's request, in bytes: the longest id.
pub const OPERATOR_BODY_MAX_BYTES: usize = 8 * 1024;

/// Dead letters on a page of their list.
pub const LETTERS_LISTED: u32 = 500;

/// Dead letters sent again, or dropped, in one step.
pub const LETTERS_SENT: u32 = 100;

/// Lines of a person's export that wait for its client: bounds the memory.
pub const EXPORT_QUEUE_LINES: usize = 64;

/// Receipts that are listed.
pub const RECEIPTS_LISTED: u32 = 1_000;

/// Pages that a backup copies at once (2 MiB).
pub const BACKUP_STEP_PAGES: i32 = 256;

/// Pause between these steps: leaves the disk to the commits, and costs a backup of 100 GiB less
/// than two minutes.
pub const BACKUP_PAUSE: Duration = Duration::from_millis(2);

/// Wait of a backup for a lock on its files, which another program may hold for a moment.
pub const BACKUP_RETRY_INTERVAL: Duration = Duration::from_millis(50);

/// Most messages about a damaged file: more say nothing new.
pub const INTEGRITY_MESSAGES: u32 = 20;

/// Longest line of a file that is imported, in bytes: the largest event, and what an export says
/// of it.
pub const IMPORT_LINE_MAX_BYTES: usize = 64 * 1024;

/// Lines that are imported in one transaction: a request hardly waits for it.
pub const IMPORT_PAGE_LINES: usize = 500;

/// Bytes of lines after which an import begins another page.
pub const IMPORT_PAGE_BYTES: usize = 512 * 1024;

/// Largest body of an import's request, in bytes: a page and its last line, whose invalid bytes
/// grow threefold.
pub const IMPORT_BODY_MAX_BYTES: usize = 2 * 1024 * 1024;

/// Longest secret in a file of its own, in bytes: real ones are below 1 KB, and a path that names
/// something else is noticed.
pub const SECRET_MAX_BYTES: u64 = 16 * 1024;

/// How long before its end a write key is warned of, in milliseconds: two weeks, to bring a new
/// one to every page and server.
pub const KEY_WARNED_MS: i64 = 14 * 24 * 60 * 60 * 1000;

/// How often it is warned of.
pub const KEY_WARNING_INTERVAL: Duration = Duration::from_secs(24 * 60 * 60);

/// Reloads that may wait for another one: each reads the newest file.
pub const RELOADS_WAITING: usize = 8;

/// SQLite's page cache, in KiB: holds the pages of one large transaction.
pub const STORE_CACHE_KIB: i64 = 32 * 1024;

/// Statements that the committer keeps prepared: more than it has.
pub const STORE_STATEMENTS: usize = 64;

/// Longest wait of a reader for a lock on the file, which is only held while SQLite starts or
/// recovers its log.
pub const STORE_LOCK_WAIT: Duration = Duration::from_secs(5);

/// Events that the export reads at once: short reads let a running gateway copy its log.
pub const EXPORT_PAGE_EVENTS: u32 = 1_000;

/// Bytes of events after which the write-ahead log is copied into the file: so many that pages
/// written often are copied once, so few that a restart has little to read.
pub const CHECKPOINT_BYTES: usize = 48 * 1024 * 1024;

/// Pages in the write-ahead log at which a commit copies it, in case the copying thread does not
/// keep up (512 MiB at 8 KiB a page).
pub const WAL_CHECKPOINT_PAGES: i64 = 64 * 1024;

/// Size to which the log is cut after it was copied, in bytes: what is left is used again.
pub const WAL_KEPT_BYTES: i64 = 128 * 1024 * 1024;

/// Default most connections at once. With heads and bodies this bounds the memory of all clients.
pub const CONNECTIONS_MAX: usize = 8_192;

/// Default most connections from one address, which an office or a mobile network may share.
pub const CONNECTIONS_PER_ADDRESS_MAX: usize = 512;

/// File descriptors that are not for connections: the store's, the log's, those of forwarding.
pub const DESCRIPTORS_KEPT: usize = 64;

/// Largest head of a request, in bytes: browsers' heads with all cookies of a shop are below half
/// of it. It is memory that each connection can take.
pub const HEAD_MAX_BYTES: usize = 32 * 1024;

/// Bytes of request bodies in memory at once, from the first byte until the answer.
pub const BODIES_BYTES: usize = 64 * 1024 * 1024;

/// Bytes of request bodies in memory at once from one address: room for 32 of the largest.
pub const BODIES_PER_ADDRESS_BYTES: usize = 16 * 1024 * 1024;

/// Longest wait for the next part of a body: a client that stalls must not hold its memory.
pub const BODY_STALL_TIMEOUT: Duration = Duration::from_secs(10);

/// Longest wait for a client to take a part of an answer: who never reads must not stay.
pub const WRITE_TIMEOUT: Duration = Duration::from_secs(30);

/// Default requests a second with one write key; Segment recommends at most 1 000.
pub const KEY_REQUESTS_PER_SECOND: u32 = 5_000;

/// Default requests a second from one address, which many shoppers may share.
pub const ADDRESS_REQUESTS_PER_SECOND: u32 = 1_000;

/// How often the rate limits forget keys and addresses that are idle: bounds the memory.
pub const RATE_LIMIT_SWEEP_INTERVAL: Duration = Duration::from_secs(60);

/// Longest time `/flush` waits for forwarding to catch up: HTTP clients rarely wait longer.
pub const FLUSH_TIMEOUT: Duration = Duration::from_secs(30);

/// Stored events that a new live view is shown: a few screens.
pub const LIVE_BACKLOG_EVENTS: u32 = 200;

/// Rejected events that a new live view is shown, beside the stored ones.
pub const LIVE_BACKLOG_REJECTED: u32 = 50;

/// Events of each destination whose fate is remembered for the live view: more than it is shown.
pub const LIVE_FATES_PER_DESTINATION: usize = 1_000;

/// Messages by which a slow live view may lag before it skips some: bounds the memory.
pub const LIVE_LAG_MESSAGES: usize = 4_096;

/// How often the live view's counters may change: a person cannot read faster.
pub const LIVE_COUNTERS_INTERVAL: Duration = Duration::from_millis(500);

/// How often an idle live stream sends a comment: proxies close silent ones after a minute.
pub const LIVE_KEEP_ALIVE: Duration = Duration::from_secs(15);

/// Seconds for which a preflight may be cached: Chrome allows no more.
pub const PREFLIGHT_MAX_AGE_SECONDS: u32 = 7_200;

/// Seconds for which the settings may be cached: a change reaches all pages within five minutes.
pub const SETTINGS_MAX_AGE_SECONDS: u32 = 300;

/// Connections that may wait to be accepted: as many as Linux allows by default, so that a burst
/// of shoppers is not made to wait for a second attempt.
pub const LISTEN_BACKLOG: u32 = 4_096;

/// Most headers that a preflight may ask for. Monitoring agents add fewer than ten.
pub const PREFLIGHT_MAX_HEADERS: usize = 64;

/// Longest name of a header that a preflight may ask for, in bytes: real ones are below 40.
pub const PREFLIGHT_HEADER_MAX_BYTES: usize = 128;

/// Wait after a connection could not be accepted: a loop without it would take a whole core.
pub const ACCEPT_RETRY_INTERVAL: Duration = Duration::from_millis(50);
