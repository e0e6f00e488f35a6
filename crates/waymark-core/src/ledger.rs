//! The loss ledger: how many events came, went, and were given up, with the reason.
//!
//! `acknowledged + pending + dropped_… + adopted = accepted + restored`, always.

use crate::settlement::Fate;

/// Counters since the client started.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Ledger {
    /// Calls that became events.
    pub accepted: u32,
    /// Events taken over from the journal of an earlier page.
    pub restored: u32,
    /// Events put into a request or a beacon, counted each time.
    pub sent: u32,
    /// Events the server has taken.
    pub acknowledged: u32,
    /// Events whose request failed, counted each time.
    pub retried: u32,
    /// Events given up because the server refused them.
    pub dropped_refused: u32,
    /// Events given up, oldest first, because the queue was full.
    pub dropped_queue_full: u32,
    /// Events given up because they waited too long.
    pub dropped_too_old: u32,
    /// Events that another page took over while this one was away.
    pub adopted: u32,
    /// Events not accepted because they are larger than any server takes.
    pub refused_too_large: u32,
}

impl Ledger {
    /// Adds `count` to a counter without overflow.
    pub fn add(counter: &mut u32, count: usize) {
        *counter = counter.saturating_add(u32::try_from(count).unwrap_or(u32::MAX));
    }

    /// The increase of each counter since `told`, as a JSON object: `{"accepted":2,"sent":1}`.
    /// `None` if no counter has changed.
    pub fn since(&self, told: &Self) -> Option<String> {
        let mut text = String::new();
        for ((name, count), (_, before)) in self.counts(0).into_iter().zip(told.counts(0)) {
            let more = count.saturating_sub(before);
            if more > 0 {
                text.push_str(if text.is_empty() { "{\"" } else { ",\"" });
                text.push_str(name);
                text.push_str("\":");
                push_number(&mut text, more);
            }
        }
        text.push('}');
        (text.len() > 1).then_some(text)
    }

    /// The delivery report: every counter by its name on the wire, and the pending events. The
    /// facade reads them by position; `tests/generated.rs` holds the positions in
    /// `pkg/src/core/counts.ts` to this order.
    pub fn counts(&self, pending: usize) -> [(&'static str, u32); 11] {
        [
            ("accepted", self.accepted),
            ("acknowledged", self.acknowledged),
            ("pending", u32::try_from(pending).unwrap_or(u32::MAX)),
            ("retried", self.retried),
            ("refused", self.dropped_refused),
            ("queueFull", self.dropped_queue_full),
            ("tooLarge", self.refused_too_large),
            ("restored", self.restored),
            ("tooOld", self.dropped_too_old),
            ("sent", self.sent),
            ("adopted", self.adopted),
        ]
    }

    /// Counts the fate of one event.
    pub fn count(&mut self, fate: Fate) {
        let counter = match fate {
            Fate::Acknowledged => &mut self.acknowledged,
            Fate::Refused => &mut self.dropped_refused,
            Fate::QueueFull => &mut self.dropped_queue_full,
            Fate::TooOld => &mut self.dropped_too_old,
            Fate::Adopted => &mut self.adopted,
            Fate::Retried => &mut self.retried,
            Fate::Paused => return,
        };
        Self::add(counter, 1);
    }
}

/// Writes a number in decimal digits; the standard library's way costs more in the wasm.
fn push_number(out: &mut String, number: u32) {
    if number >= 10 {
        push_number(out, number / 10);
    }
    out.push(char::from(b'0' + (number % 10) as u8));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_counters_that_changed_are_written() {
        let mut ledger = Ledger {
            accepted: 7,
            ..Ledger::default()
        };
        let told = ledger;
        assert_eq!(ledger.since(&told), None);
        ledger.accepted = 1017;
        ledger.count(Fate::QueueFull);
        assert_eq!(
            ledger.since(&told).as_deref(),
            Some(r#"{"accepted":1010,"queueFull":1}"#)
        );
        assert_eq!(
            told.since(&Ledger::default()).as_deref(),
            Some(r#"{"accepted":7}"#)
        );
    }
}
