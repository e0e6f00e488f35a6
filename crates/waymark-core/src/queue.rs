//! Events that wait for a server to take them: bounded, in order, the oldest given up first.

use std::collections::VecDeque;

use crate::limits;

/// The events that were recorded and not yet acknowledged, oldest first, as JSON text.
#[derive(Debug, Default)]
pub struct Queue {
    events: VecDeque<String>,
    size_bytes: usize,
}

impl Queue {
    /// Appends an event; gives the number of old ones that had to go for it.
    pub fn push(&mut self, event: String) -> usize {
        self.size_bytes += event.len();
        self.events.push_back(event);
        let mut evicted = 0;
        while self.events.len() > limits::QUEUE_EVENTS_MAX
            || self.size_bytes > limits::QUEUE_SIZE_BYTES_MAX
        {
            self.remove_front(1);
            evicted += 1;
        }
        evicted
    }

    /// Number of events that wait.
    pub fn len(&self) -> usize {
        self.events.len()
    }

    /// Whether nothing waits.
    pub fn is_empty(&self) -> bool {
        self.events.is_empty()
    }

    /// Removes the oldest `count` events.
    pub fn remove_front(&mut self, count: usize) {
        for event in self.events.drain(..count.min(self.events.len())) {
            self.size_bytes -= event.len();
        }
    }

    /// The events from position `start` on, oldest first.
    pub fn iter_from(&self, start: usize) -> impl Iterator<Item = &str> {
        self.events.iter().skip(start).map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_events_go_when_the_queue_is_full() {
        let mut queue = Queue::default();
        for n in 0..limits::QUEUE_EVENTS_MAX {
            assert_eq!(queue.push(n.to_string()), 0);
        }
        assert_eq!(queue.push("new".into()), 1);
        assert_eq!(queue.iter_from(0).next(), Some("1"));
        assert_eq!(queue.len(), limits::QUEUE_EVENTS_MAX);
    }

    #[test]
    fn a_large_event_pushes_out_as_many_as_it_needs() {
        let mut queue = Queue::default();
        let third = "x".repeat(limits::QUEUE_SIZE_BYTES_MAX / 3);
        let evicted: usize = (0..5).map(|_| queue.push(third.clone())).sum();
        assert_eq!((evicted, queue.len()), (2, 3));
    }
}
