//! Events that wait for a server to take them: bounded, in order, the oldest given up first.

use crate::limits;
use crate::upload::Waiting;

/// Where an event is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It waits.
    Waiting,
    /// The request of this number carries it.
    InFlight(u32),
    /// A beacon carries it, and no answer will tell whether it arrived.
    HandedOver,
}

/// How strongly the server's refusals suggest that an event is bad.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Suspicion {
    /// It was not refused alone.
    None,
    /// It was refused alone, and the server has taken no other since.
    Refused,
    /// It was refused alone, and the server has taken another since: if refused again, it is
    /// given up.
    Probable,
}

/// One event in the queue.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Its number in this client, from 1, in the order in which events came.
    pub seq: u32,
    /// Its JSON text.
    pub event: String,
    /// When it was recorded, in milliseconds since 1970.
    pub recorded_at_ms: f64,
    /// Attempts to send it that failed.
    pub attempts: u32,
    /// Whether it comes from the journal of an earlier page.
    pub restored: bool,
    /// Whether a beacon has carried it, or may have on an earlier page.
    pub carried: bool,
    /// Where it is.
    pub state: State,
    /// Whether it is under suspicion.
    pub suspicion: Suspicion,
    /// The newest request at the time when it was refused alone.
    pub refused_at: u32,
}

impl Entry {
    /// A new event that waits.
    pub fn new(seq: u32, event: String, recorded_at_ms: f64, restored: bool) -> Self {
        Self {
            seq,
            event,
            recorded_at_ms,
            attempts: 0,
            restored,
            carried: restored,
            state: State::Waiting,
            suspicion: Suspicion::None,
            refused_at: 0,
        }
    }
}

/// The events that were recorded and not yet acknowledged, oldest first.
#[derive(Debug, Default)]
pub struct Queue {
    /// Not a ring buffer: only a queue with a day's events evicts its oldest.
    entries: Vec<Entry>,
    size_bytes: usize,
}

impl Queue {
    /// Adds an event: at the end or, if it is restored, before the newer events of this page.
    /// Restored events keep the order they come in, whatever their times say.
    pub fn push(&mut self, entry: Entry) {
        self.size_bytes += entry.event.len();
        let newer = |other: &&Entry| {
            entry.restored && !other.restored && other.recorded_at_ms > entry.recorded_at_ms
        };
        let after = self.entries.iter().rev().take_while(newer).count();
        self.entries.insert(self.entries.len() - after, entry);
    }

    /// If the queue is over its limits, removes the oldest event that no request carries, and
    /// returns its number.
    pub fn evict(&mut self) -> Option<u32> {
        let full = self.entries.len() > limits::QUEUE_EVENTS_MAX
            || self.size_bytes > limits::QUEUE_SIZE_BYTES_MAX;
        let idle = |entry: &Entry| !matches!(entry.state, State::InFlight(_));
        if !full {
            return None;
        }
        let oldest = self.entries.iter().position(idle)?;
        let entry = self.entries.remove(oldest);
        self.size_bytes -= entry.event.len();
        Some(entry.seq)
    }

    /// Number of events that wait or are on their way.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is nothing left to deliver.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The events, oldest first.
    pub fn iter(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter()
    }

    /// The events, oldest first, mutable.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut Entry> {
        self.entries.iter_mut()
    }

    /// The kinds of events that wait; ordinary ones are counted up to `ordinary_max`.
    pub fn waiting(&self, ordinary_max: usize) -> Waiting {
        let mut waiting = Waiting::default();
        let entries = self.entries.iter();
        for entry in entries.filter(|entry| entry.state == State::Waiting) {
            match entry.suspicion {
                Suspicion::None => waiting.ordinary += 1,
                Suspicion::Refused => waiting.refused = true,
                Suspicion::Probable => waiting.probable = true,
            }
            if waiting.ordinary >= ordinary_max {
                break;
            }
        }
        waiting
    }

    /// Moves the events of a request to another state, and returns how many they are.
    pub fn move_on(&mut self, request: u32, state: State) -> u32 {
        let mut events = 0;
        for entry in &mut self.entries {
            if entry.state == State::InFlight(request) {
                entry.state = state;
                events += 1;
            }
        }
        events
    }

    /// Lets the events that a beacon carried wait again.
    pub fn return_handed_over(&mut self) {
        for entry in &mut self.entries {
            if entry.state == State::HandedOver {
                entry.state = State::Waiting;
                entry.carried = true;
            }
        }
    }

    /// Keeps only the events for which `stays` is true.
    pub fn retain(&mut self, stays: &mut dyn FnMut(&mut Entry) -> bool) {
        let size_bytes = &mut self.size_bytes;
        self.entries.retain_mut(|entry| {
            let keep = stays(entry);
            if !keep {
                *size_bytes -= entry.event.len();
            }
            keep
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(seq: u32, event: &str, recorded_at_ms: f64) -> Entry {
        Entry::new(seq, event.into(), recorded_at_ms, false)
    }

    fn restored(seq: u32, recorded_at_ms: f64) -> Entry {
        Entry::new(seq, String::new(), recorded_at_ms, true)
    }

    fn order(queue: &Queue) -> Vec<u32> {
        queue.iter().map(|entry| entry.seq).collect()
    }

    #[test]
    fn the_oldest_events_go_when_the_queue_is_full_but_never_one_in_flight() {
        let mut queue = Queue::default();
        for seq in 0..u32::try_from(limits::QUEUE_EVENTS_MAX).unwrap() {
            queue.push(own(seq, "", 0.0));
            assert_eq!(queue.evict(), None);
        }
        queue.iter_mut().next().unwrap().state = State::InFlight(1);
        queue.push(own(u32::MAX, "", 0.0));
        assert_eq!(queue.evict(), Some(1));
        assert_eq!(queue.evict(), None);
        assert_eq!(queue.len(), limits::QUEUE_EVENTS_MAX);
    }

    #[test]
    fn a_large_event_evicts_as_many_as_it_needs() {
        let mut queue = Queue::default();
        let third = "x".repeat(limits::QUEUE_SIZE_BYTES_MAX / 3);
        (1..=5).for_each(|seq| queue.push(own(seq, &third, 0.0)));
        assert_eq!((queue.evict(), queue.evict()), (Some(1), Some(2)));
        assert_eq!((queue.evict(), queue.len()), (None, 3));
        queue.retain(&mut |entry| entry.seq == 4);
        assert_eq!(queue.size_bytes, third.len());
    }

    #[test]
    fn restored_events_come_before_newer_ones_and_keep_their_own_order() {
        let mut queue = Queue::default();
        queue.push(own(1, "", 100.0));
        queue.push(restored(2, 50.0));
        queue.push(restored(3, 70.0));
        assert_eq!(order(&queue), [2, 3, 1]);
        // The clock was set back between these two.
        queue.push(restored(4, 200.0));
        queue.push(restored(5, 60.0));
        assert_eq!(order(&queue), [2, 3, 1, 4, 5]);
    }
}
