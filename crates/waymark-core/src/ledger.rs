//! The loss ledger: how many events came, went, and were given up, with the reason.

/// Counters since the client started.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Ledger {
    /// Calls that became events.
    pub accepted: u32,
    /// Events the server has taken.
    pub acknowledged: u32,
    /// Requests that ended without an acknowledgement.
    pub retried: u32,
    /// Events given up because the server refused them alone.
    pub dropped_refused: u32,
    /// Events given up, oldest first, because the queue was full.
    pub dropped_queue_full: u32,
    /// Calls that became no event because they were larger than any server takes.
    pub refused_too_large: u32,
}

impl Ledger {
    /// Adds `count` to a counter without overflow.
    pub fn add(counter: &mut u32, count: usize) {
        *counter = counter.saturating_add(u32::try_from(count).unwrap_or(u32::MAX));
    }
}
