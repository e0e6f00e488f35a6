//! The limits of delivery to destinations.

use std::time::Duration;

/// Most events that a destination reads at once.
pub const FORWARD_BATCH_EVENTS: u32 = 500;

/// Requests to a destination that are under way at once, unless it is configured: hides the way to
/// a vendor on another continent, and stays far below what any of them calls abuse.
pub const FORWARD_REQUESTS_AT_ONCE: usize = 4;

/// Most requests to a destination under way at once that can be configured: each holds up to a few
/// megabytes.
pub const FORWARD_REQUESTS_AT_ONCE_MAX: usize = 32;

/// Events of other sources after which a source's cursor is saved all the same, so that a restart
/// does not read through all of them again.
pub const FORWARD_SAVE_EVENTS: i64 = 50_000;

/// Longest wait for an upstream's answer: a stalled upstream must not hold up its source.
pub const FORWARD_TIMEOUT: Duration = Duration::from_secs(30);

/// How long forwarding waits for more events before it sends a small batch: saves requests, and
/// hardly delays an event.
pub const FORWARD_LINGER: Duration = Duration::from_millis(200);

/// First step of the backoff between attempts upstream: it doubles each time, with full jitter.
pub const FORWARD_BACKOFF_FIRST: Duration = Duration::from_millis(500);

/// Longest backoff between attempts upstream: an upstream that recovers is found within a minute.
pub const FORWARD_BACKOFF_MAX: Duration = Duration::from_secs(60);

/// Longest Retry-After of an upstream that is honoured; Segment's own clients have the same limit.
pub const FORWARD_RETRY_AFTER_MAX: Duration = Duration::from_secs(300);

/// Events refused for good, one after the other and none taken between, after which an upstream
/// is believed to refuse everything: fewer may be a page with one mistake.
pub const BREAKER_EVENTS: u32 = 20;

/// Wait between attempts at an upstream that refuses everything.
pub const BREAKER_INTERVAL: Duration = Duration::from_secs(60);

/// Wait before a replay is tried again where the upstream did not answer.
pub const REPLAY_RETRY_INTERVAL: Duration = Duration::from_secs(5);

/// Bytes of an upstream's answer that are read: enough to name each event of a request.
pub const UPSTREAM_ANSWER_BYTES: usize = 256 * 1024;

/// Bytes of an upstream's answer kept with a dead letter: enough for an error message.
pub const DEAD_LETTER_REASON_BYTES: usize = 500;
