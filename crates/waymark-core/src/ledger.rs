//! The loss ledger: how many events came, went, and were given up, with the reason.
//!
//! `acknowledged + pending + dropped_… = accepted + restored`, always.

use crate::settlement::Fate;

/// Counters since the client started.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Ledger {
    /// Calls that became events.
    pub accepted: u32,
    /// Events taken over from the journal of an earlier page.
    pub restored: u32,
    /// Events that were put into a request or a beacon, each time counted.
    pub sent: u32,
    /// Events the server has taken.
    pub acknowledged: u32,
    /// Events whose request failed, each time counted.
    pub retried: u32,
    /// Events given up because the server refused them alone.
    pub dropped_refused: u32,
    /// Events given up, oldest first, because the queue was full.
    pub dropped_queue_full: u32,
    /// Events given up because they waited too long.
    pub dropped_too_old: u32,
    /// Calls that became no event because they were larger than any server takes.
    pub refused_too_large: u32,
}

impl Ledger {
    /// Adds `count` to a counter without overflow.
    pub fn add(counter: &mut u32, count: usize) {
        *counter = counter.saturating_add(u32::try_from(count).unwrap_or(u32::MAX));
    }

    /// Counts the fate of one event.
    pub fn count(&mut self, fate: Fate) {
        let counter = match fate {
            Fate::Acknowledged => &mut self.acknowledged,
            Fate::Refused => &mut self.dropped_refused,
            Fate::QueueFull => &mut self.dropped_queue_full,
            Fate::TooOld => &mut self.dropped_too_old,
            Fate::Retried => &mut self.retried,
            Fate::Paused => return,
        };
        Self::add(counter, 1);
    }
}
