//! The limits of tracking plans.

use std::time::Duration;

/// Largest tracking plan, in bytes: some ten thousand events.
pub const PLAN_MAX_BYTES: u64 = 4 * 1024 * 1024;

/// Bytes of an event's problems with its plan that are told and shown: the first ones are enough.
pub const PLAN_PROBLEMS_MAX_BYTES: usize = 500;

/// Events of a request whose problems are put into words: the first ones show what is wrong, and the
/// words of all could be more bytes than the request.
pub const PLAN_WORDED_MAX: u64 = 50;

/// Places of plans that have a counter of their own; all others share one. A plan whose schemas
/// refer to each other has more places than lines.
pub const PLAN_SERIES_MAX: usize = 1_000;

/// How often the log says what violated the plans since.
pub const PLAN_TOLD_INTERVAL: Duration = Duration::from_secs(60);

/// Places of a plan in such a line: those with the most events.
pub const PLAN_TOLD_MAX: usize = 10;
