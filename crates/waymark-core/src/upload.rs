//! What to send next and when, as data: the shell does it and reports back.

use crate::limits;
use crate::retry::{Outcome, Verdict, backoff_ms};

/// What the shell is to do now.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Task {
    /// Send a batch of at most this many of the oldest events.
    Send {
        /// The most events the batch may hold.
        events_max: usize,
    },
    /// Ask again after this many milliseconds.
    Wait {
        /// Milliseconds to wait.
        delay_ms: f64,
    },
    /// Nothing to do until something happens.
    Idle,
}

/// What an outcome means for the oldest events of the queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settled {
    /// So many of them were taken by the server.
    Acknowledged(usize),
    /// The oldest was refused alone and is given up.
    Dropped,
    /// All stay.
    Kept,
}

/// The state of sending: one batch in flight at a time, in order.
#[derive(Debug)]
pub struct Upload {
    flush_at: usize,
    flush_interval_ms: f64,
    in_flight: Option<usize>,
    last_sent_ms: f64,
    not_before_ms: f64,
    failures: u32,
    events_max: usize,
}

impl Upload {
    /// Nothing sent yet: the first event goes at once.
    pub fn new(flush_at: u32, flush_interval_ms: f64) -> Self {
        Self {
            flush_at: usize::try_from(flush_at).unwrap_or(usize::MAX).max(1),
            flush_interval_ms: flush_interval_ms.max(0.0),
            in_flight: None,
            last_sent_ms: f64::NEG_INFINITY,
            not_before_ms: f64::NEG_INFINITY,
            failures: 0,
            events_max: limits::BATCH_EVENTS_MAX,
        }
    }

    /// What to do with `waiting` events in the queue, those in flight among them.
    pub fn next(&self, waiting: usize, now_ms: f64) -> Task {
        if self.in_flight.is_some() || waiting == 0 {
            return Task::Idle;
        }
        let due_ms = if waiting >= self.flush_at {
            self.not_before_ms
        } else {
            self.not_before_ms
                .max(self.last_sent_ms + self.flush_interval_ms)
        };
        // A clock that was set back must not hold events until it has caught up.
        let wait_ms = due_ms - now_ms;
        if wait_ms <= 0.0 || wait_ms > limits::RETRY_AFTER_MAX_MS {
            return Task::Send {
                events_max: self.events_max,
            };
        }
        Task::Wait { delay_ms: wait_ms }
    }

    /// Lets the next batch go without waiting for the interval; a server that asked for time
    /// still gets it.
    pub fn hurry(&mut self) {
        self.last_sent_ms = f64::NEG_INFINITY;
    }

    /// Lets the next batch go at once, for a reason to believe that the server is back.
    pub fn wake(&mut self) {
        self.hurry();
        self.not_before_ms = f64::NEG_INFINITY;
    }

    /// A batch of `events` is on its way.
    pub fn sent(&mut self, events: usize, now_ms: f64) {
        self.in_flight = Some(events);
        self.last_sent_ms = now_ms;
    }

    /// Number of the oldest events that are on their way.
    pub fn in_flight(&self) -> usize {
        self.in_flight.unwrap_or(0)
    }

    /// The oldest `count` events left the queue for another reason than this upload.
    pub fn forget(&mut self, count: usize) {
        self.in_flight = self.in_flight.map(|events| events.saturating_sub(count));
    }

    /// The batch in flight came to an end. `random` (0 to 1) spreads the retries.
    pub fn settle(&mut self, outcome: Outcome, now_ms: f64, random: f64) -> Settled {
        let events = self.in_flight.take().unwrap_or(0);
        match outcome.verdict() {
            Verdict::Acknowledged => {
                self.failures = 0;
                self.not_before_ms = f64::NEG_INFINITY;
                self.events_max = self
                    .events_max
                    .saturating_mul(2)
                    .min(limits::BATCH_EVENTS_MAX);
                Settled::Acknowledged(events)
            }
            Verdict::Refused => {
                self.events_max = (events / 2).max(1);
                self.hurry();
                if events == 1 {
                    Settled::Dropped
                } else {
                    Settled::Kept
                }
            }
            Verdict::Retry => {
                self.failures += 1;
                let asked_ms = outcome.retry_after_ms().unwrap_or(0.0);
                let wait_ms = asked_ms.max(backoff_ms(self.failures, random));
                self.not_before_ms = now_ms + wait_ms;
                Settled::Kept
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(status: u16, retry_after_ms: Option<f64>) -> Outcome {
        Outcome::Answered {
            status,
            retry_after_ms,
            foreign: false,
        }
    }

    const ALL: Task = Task::Send {
        events_max: limits::BATCH_EVENTS_MAX,
    };

    #[test]
    fn the_first_event_goes_at_once_and_the_next_waits_for_the_interval() {
        let mut upload = Upload::new(20, 1000.0);
        assert_eq!(upload.next(1, 5000.0), ALL);
        upload.sent(1, 5000.0);
        assert_eq!(upload.next(5, 5001.0), Task::Idle);
        assert_eq!(
            upload.settle(answered(200, None), 5100.0, 0.0),
            Settled::Acknowledged(1)
        );
        assert_eq!(upload.next(4, 5100.0), Task::Wait { delay_ms: 900.0 });
        assert_eq!(upload.next(20, 5100.0), ALL);
        assert_eq!(upload.next(4, 6000.0), ALL);
        assert_eq!(upload.next(0, 6000.0), Task::Idle);
    }

    #[test]
    fn a_server_that_asks_for_time_gets_it_whatever_waits() {
        let mut upload = Upload::new(20, 1000.0);
        upload.sent(1, 0.0);
        assert_eq!(
            upload.settle(answered(429, Some(7000.0)), 100.0, 0.0),
            Settled::Kept
        );
        upload.hurry();
        assert_eq!(upload.next(100, 100.0), Task::Wait { delay_ms: 7000.0 });
        upload.wake();
        assert_eq!(upload.next(100, 100.0), ALL);
    }

    #[test]
    fn a_refused_batch_is_halved_until_one_event_is_refused_alone() {
        let mut upload = Upload::new(20, 1000.0);
        let mut sizes = Vec::new();
        for now in 0..4 {
            let Task::Send { events_max } = upload.next(8, f64::from(now)) else {
                panic!("a batch is due")
            };
            let events = events_max.min(8);
            sizes.push(events);
            upload.sent(events, f64::from(now));
            let settled = upload.settle(answered(400, None), f64::from(now), 0.0);
            assert_eq!(settled == Settled::Dropped, events == 1);
        }
        assert_eq!(sizes, [8, 4, 2, 1]);
    }

    #[test]
    fn a_clock_that_jumps_back_a_day_holds_nothing_up() {
        let mut upload = Upload::new(20, 1000.0);
        upload.sent(1, 1e12);
        upload.settle(answered(200, None), 1e12, 0.0);
        assert_eq!(upload.next(1, 1e12 - 86_400_000.0), ALL);
    }
}
