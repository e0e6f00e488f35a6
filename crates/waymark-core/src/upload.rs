//! Decides when to send. The shell sends and reports back.

use crate::limits;
use crate::retry::{Outcome, backoff_ms};

/// The next task of the shell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Task {
    /// Send a batch.
    Send,
    /// Ask again after this many milliseconds.
    Wait {
        /// Milliseconds to wait.
        delay_ms: f64,
    },
    /// Do not ask again before the next event or outcome.
    Idle,
}

/// A wait. It keeps the moment it was set, because clocks can be set back.
#[derive(Debug, Clone, Copy, Default)]
struct Wait {
    set_at_ms: f64,
    delay_ms: f64,
}

impl Wait {
    /// Milliseconds left. If the clock was set back, the wait starts again: it ends late, but not
    /// by a day.
    fn left_ms(&mut self, now_ms: f64) -> f64 {
        if now_ms < self.set_at_ms {
            self.set_at_ms = now_ms;
        }
        self.set_at_ms + self.delay_ms - now_ms
    }
}

/// The events that wait to be sent.
#[derive(Debug, Clone, Copy, Default)]
pub struct Waiting {
    /// Events that are not under suspicion, counted up to a maximum.
    pub ordinary: usize,
    /// Whether an event is to be sent once more before it is given up.
    pub probable: bool,
    /// Whether an event waits that was refused alone.
    pub refused: bool,
}

/// The state of sending.
#[derive(Debug)]
pub struct Upload {
    flush_at: usize,
    interval_ms: f64,
    /// Until the interval since the last batch is over.
    interval: Wait,
    /// Until the next attempt after a failure.
    backoff: Wait,
    /// Until the time that the server asked for (`Retry-After`) is over.
    asked: Wait,
    /// Until events refused alone are sent again, if no others wait.
    second_look: Wait,
    failures: u32,
    refused_alone: u32,
    /// Requests in a row that had no answer.
    unanswered: u32,
    detours: bool,
    events_max: usize,
    size_bytes_max: usize,
    paused: bool,
}

impl Upload {
    /// The state before the first request. The first event is sent at once.
    pub fn new(flush_at: u32, interval_ms: f64) -> Self {
        Self {
            flush_at: usize::try_from(flush_at).unwrap_or(usize::MAX).max(1),
            interval_ms: interval_ms.max(0.0),
            interval: Wait::default(),
            backoff: Wait::default(),
            asked: Wait::default(),
            second_look: Wait::default(),
            failures: 0,
            refused_alone: 0,
            unanswered: 0,
            detours: false,
            events_max: limits::BATCH_EVENTS_MAX,
            size_bytes_max: limits::BATCH_SIZE_BYTES_MAX,
            paused: false,
        }
    }

    /// The number of waiting events that triggers a batch.
    pub fn flush_at(&self) -> usize {
        self.flush_at
    }

    /// The most events and bytes the next batch may have.
    pub fn batch_max(&self) -> (usize, usize) {
        (self.events_max, self.size_bytes_max)
    }

    /// The next task while no request is in flight.
    pub fn next(&mut self, waiting: Waiting, now_ms: f64) -> Task {
        let held_ms = self.held_ms(now_ms);
        let left_ms = if waiting.probable || waiting.ordinary >= self.flush_at {
            held_ms
        } else if waiting.ordinary > 0 {
            held_ms.max(self.interval.left_ms(now_ms))
        } else if waiting.refused {
            held_ms.max(self.second_look.left_ms(now_ms))
        } else {
            return Task::Idle;
        };
        if left_ms <= 0.0 {
            Task::Send
        } else {
            Task::Wait { delay_ms: left_ms }
        }
    }

    /// Milliseconds until anything may be sent.
    fn held_ms(&mut self, now_ms: f64) -> f64 {
        self.backoff.left_ms(now_ms).max(self.asked.left_ms(now_ms))
    }

    /// Whether a second request may be sent while one is in flight. Not after a failure, not while
    /// the server asks for time, and not while batches are smaller after a refusal.
    pub fn may_overlap(&mut self, now_ms: f64) -> bool {
        self.held_ms(now_ms) <= 0.0 && self.events_max == limits::BATCH_EVENTS_MAX
    }

    /// Lets the next batch be sent without waiting for the interval.
    pub fn hurry(&mut self) {
        self.interval = Wait::default();
    }

    /// Lets the next batch be sent at once, as the server is probably back. A server that asked
    /// for time still gets it.
    pub fn wake(&mut self) {
        self.hurry();
        self.backoff = Wait::default();
        self.second_look = Wait::default();
    }

    /// Notes that a batch was sent.
    pub fn sent(&mut self, now_ms: f64) {
        self.interval = Wait {
            set_at_ms: now_ms,
            delay_ms: self.interval_ms,
        };
    }

    /// Notes how a request ended. After several without an answer, each goes another way than the
    /// one before; a way that brings an answer is kept.
    pub fn ended(&mut self, outcome: Outcome) {
        if outcome != Outcome::Unanswered {
            self.unanswered = 0;
            return;
        }
        self.unanswered = self.unanswered.saturating_add(1);
        if self.unanswered >= limits::UNANSWERED_MAX {
            self.detours = !self.detours;
        }
    }

    /// Whether requests avoid the page's own `fetch`, which other code may have changed.
    pub fn detours(&self) -> bool {
        self.detours
    }

    /// Whether no answer came, whichever way the requests went.
    pub fn is_cut_off(&self) -> bool {
        self.unanswered > limits::UNANSWERED_MAX
    }

    /// Notes that the server took a batch.
    pub fn acknowledged(&mut self) {
        self.failures = 0;
        self.refused_alone = 0;
        self.paused = false;
        self.backoff = Wait::default();
        self.asked = Wait::default();
        self.events_max = (self.events_max * 2).min(limits::BATCH_EVENTS_MAX);
    }

    /// Notes that a request failed: sending waits, longer with each failure in a row. `random`
    /// (0 to 1) spreads the retries.
    pub fn failed(&mut self, outcome: Outcome, now_ms: f64, random: f64) {
        self.failures = self.failures.saturating_add(1);
        let wait = |delay_ms| Wait {
            set_at_ms: now_ms,
            delay_ms,
        };
        self.backoff = wait(backoff_ms(self.failures, random));
        self.asked = wait(outcome.retry_after_ms());
    }

    /// Notes that a batch of `events` with `size_bytes` was refused: a smaller one is sent at once.
    pub fn refused_together(&mut self, status: u16, events: usize, size_bytes: usize) {
        if status == 413 {
            self.size_bytes_max = (size_bytes / 2).max(limits::BATCH_SIZE_BYTES_MIN);
        }
        self.events_max = (events / 2).max(1);
        self.hurry();
    }

    /// Notes that an event was refused alone. The next one is sent at once, also alone. If so many
    /// were refused that the server is the likely cause, sending waits, and this returns true.
    pub fn refused_alone(&mut self, outcome: Outcome, now_ms: f64, random: f64) -> bool {
        self.refused_alone = self.refused_alone.saturating_add(1);
        self.events_max = 1;
        self.hurry();
        if self.refused_alone >= limits::REFUSED_ALONE_MAX {
            self.failed(outcome, now_ms, random);
            return true;
        }
        self.second_look = Wait {
            set_at_ms: now_ms,
            delay_ms: backoff_ms(self.refused_alone, random),
        };
        false
    }

    /// Notes that sending has paused. True if this is the first time since an acknowledgement.
    pub fn pause(&mut self) -> bool {
        !core::mem::replace(&mut self.paused, true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ordinary(ordinary: usize) -> Waiting {
        Waiting {
            ordinary,
            ..Waiting::default()
        }
    }

    fn upload() -> Upload {
        Upload::new(20, 1000.0)
    }

    #[test]
    fn the_first_event_goes_at_once_and_the_next_waits_for_the_interval() {
        let mut upload = upload();
        assert_eq!(upload.next(ordinary(1), 5000.0), Task::Send);
        upload.sent(5000.0);
        upload.acknowledged();
        assert_eq!(
            upload.next(ordinary(4), 5100.0),
            Task::Wait { delay_ms: 900.0 }
        );
        assert_eq!(upload.next(ordinary(20), 5100.0), Task::Send);
        assert_eq!(upload.next(ordinary(4), 6000.0), Task::Send);
        assert_eq!(upload.next(ordinary(0), 6000.0), Task::Idle);
    }

    #[test]
    fn a_server_that_asks_for_time_gets_it_whatever_is_queued() {
        let mut upload = upload();
        let busy = Outcome::Answered {
            status: 429,
            retry_after_ms: Some(7000.0),
            foreign: false,
        };
        upload.failed(busy, 100.0, 0.0);
        upload.wake();
        assert_eq!(
            upload.next(ordinary(100), 100.0),
            Task::Wait { delay_ms: 7000.0 }
        );
        assert!(!upload.may_overlap(100.0));
        assert_eq!(upload.next(ordinary(100), 7100.0), Task::Send);
    }

    #[test]
    fn a_sign_that_the_server_is_back_ends_the_backoff() {
        let mut upload = upload();
        (0..10).for_each(|_| upload.failed(Outcome::Unanswered, 0.0, 1.0));
        assert_eq!(
            upload.next(ordinary(1), 0.0),
            Task::Wait {
                delay_ms: limits::RETRY_MAX_MS
            }
        );
        upload.wake();
        assert_eq!(upload.next(ordinary(1), 0.0), Task::Send);
    }

    #[test]
    fn requests_without_an_answer_go_another_way_and_one_with_an_answer_is_kept() {
        let mut upload = upload();
        let mut ways = Vec::new();
        for _ in 0..5 {
            ways.push((upload.detours(), upload.is_cut_off()));
            upload.ended(Outcome::Unanswered);
        }
        let expected = [
            (false, false),
            (false, false),
            (true, false),
            (false, true),
            (true, true),
        ];
        assert_eq!(ways, expected);
        upload.ended(Outcome::Unanswered);
        let answer = Outcome::Answered {
            status: 500,
            retry_after_ms: None,
            foreign: false,
        };
        upload.ended(answer);
        upload.ended(Outcome::Unanswered);
        assert!(upload.detours() && !upload.is_cut_off());
    }

    #[test]
    fn a_clock_that_jumps_back_a_day_costs_one_wait_and_no_more() {
        let day_ms = 86_400_000.0;
        let mut upload = upload();
        upload.sent(1e12);
        upload.failed(Outcome::Unanswered, 1e12, 1.0);
        let now_ms = 1e12 - day_ms;
        assert_eq!(
            upload.next(ordinary(1), now_ms),
            Task::Wait { delay_ms: 1000.0 }
        );
        assert_eq!(upload.next(ordinary(1), now_ms + 1000.0), Task::Send);
    }
}
