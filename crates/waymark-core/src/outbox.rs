//! The outbox: the queue, the state of sending and the account of every event. It decides which
//! events are sent when, and tells the fate of each.

use crate::account::Account;
use crate::batch::Batch;
use crate::error::CallError;
use crate::in_flight::{InFlight, Request};
use crate::ledger::Ledger;
use crate::limits;
use crate::packer::{Packer, Room};
use crate::queue::{Entry, Queue, State, Suspicion};
use crate::retry::{Outcome, Verdict};
use crate::settings::Settings;
use crate::settlement::{Fate, Settlement};
use crate::suspicion;
use crate::upload::{Task, Upload};

/// Events on their way to one server.
#[derive(Debug)]
pub struct Outbox {
    packer: Packer,
    retry: bool,
    attempts_max: u32,
    queue: Queue,
    upload: Upload,
    account: Account,
    sends_ledger: bool,
    /// The ledger as far as the server has acknowledged it.
    ledger_told: Ledger,
    in_flight: InFlight,
    last_seq: u32,
    last_request: u32,
    /// Whether an event may be under suspicion.
    suspects: bool,
}

impl Outbox {
    /// An empty outbox.
    pub fn new(settings: &Settings) -> Self {
        Self {
            packer: Packer::new(settings),
            retry: settings.retry,
            attempts_max: settings.retry_count_max.unwrap_or(u32::MAX),
            queue: Queue::default(),
            upload: Upload::new(settings.flush_at, settings.flush_interval_ms),
            account: Account::default(),
            sends_ledger: settings.sends_ledger,
            ledger_told: Ledger::default(),
            in_flight: InFlight::default(),
            last_seq: 0,
            last_request: 0,
            suspects: false,
        }
    }

    /// The counters of the loss ledger.
    pub fn ledger(&self) -> Ledger {
        self.account.ledger
    }

    /// Number of events that wait or are on their way.
    pub fn pending(&self) -> usize {
        self.queue.len()
    }

    /// The number of the newest event; 0 before the first.
    pub fn last_seq(&self) -> u32 {
        self.last_seq
    }

    /// Takes an event recorded at `now_ms`, and returns its number.
    ///
    /// # Errors
    /// [`CallError::EventTooLarge`] if no server would take it; it is not queued then.
    pub fn enqueue(&mut self, event: String, now_ms: f64) -> Result<u32, CallError> {
        if event.len() > limits::EVENT_SIZE_BYTES_MAX {
            Ledger::add(&mut self.account.ledger.refused_too_large, 1);
            return Err(CallError::EventTooLarge);
        }
        Ledger::add(&mut self.account.ledger.accepted, 1);
        Ok(self.push(event, now_ms, false))
    }

    /// Takes over an event from the journal of an earlier page, recorded at `recorded_at_ms`, and
    /// returns its number in this client.
    pub fn restore(&mut self, event: String, recorded_at_ms: f64) -> u32 {
        Ledger::add(&mut self.account.ledger.restored, 1);
        self.push(event, recorded_at_ms, true)
    }

    fn push(&mut self, event: String, recorded_at_ms: f64, restored: bool) -> u32 {
        self.last_seq += 1;
        let entry = Entry::new(self.last_seq, event, recorded_at_ms, restored);
        self.queue.push(entry);
        while let Some(seq) = self.queue.evict() {
            self.account.note(seq, Fate::QueueFull, 0);
        }
        self.last_seq
    }

    /// Takes the settlements since the last call, in order.
    pub fn take_settlements(&mut self) -> Vec<Settlement> {
        self.account.take_settlements()
    }

    /// The next task of the shell, at `now_ms`.
    pub fn next(&mut self, now_ms: f64) -> Task {
        if !self.in_flight.is_empty() {
            return Task::Idle;
        }
        let waiting = self.queue.waiting(self.upload.flush_at());
        self.upload.next(waiting, now_ms)
    }

    /// The batch that [`Task::Send`] asks for, from now on in flight: report its outcome to
    /// [`Outbox::finish`]. `None` if nothing is left to send.
    pub fn start(&mut self, now_ms: f64) -> Option<Batch> {
        self.drop_old(now_ms);
        let (events_max, size_bytes_max) = self.upload.batch_max();
        let room = |events_max| Room {
            events_max,
            size_bytes_max,
            strict: false,
            uncarried: false,
        };
        let batch = if self.suspects {
            self.pack(Suspicion::Probable, room(1), now_ms)
                .or_else(|| self.pack(Suspicion::None, room(events_max), now_ms))
                .or_else(|| {
                    self.suspects = false;
                    suspicion::clear(&mut self.queue);
                    self.pack(Suspicion::None, room(events_max), now_ms)
                })
        } else {
            self.pack(Suspicion::None, room(events_max), now_ms)
        };
        if batch.is_some() {
            self.upload.sent(now_ms);
        }
        batch
    }

    /// Makes a batch for a hidden page, as [`Outbox::start`] does, but of at most
    /// `size_bytes_max` bytes, and even while a request is in flight.
    pub fn start_hidden(&mut self, size_bytes_max: usize, now_ms: f64) -> Option<Batch> {
        if !self.upload.may_overlap(now_ms) {
            return None;
        }
        let batch = self.start_leaving(size_bytes_max, now_ms);
        if batch.is_some() {
            self.upload.sent(now_ms);
        }
        batch
    }

    /// Makes a batch for a page that is being left: as many waiting events as fit a beacon of
    /// `size_bytes_max` bytes. Call [`Outbox::handed_over`] or [`Outbox::not_taken`] next.
    pub fn start_leaving(&mut self, size_bytes_max: usize, now_ms: f64) -> Option<Batch> {
        self.pack_beacon(size_bytes_max, false, now_ms)
    }

    /// Makes a batch for a beacon of a living page, if requests have no answer whichever way they
    /// go: of at most `size_bytes_max` bytes, with events that no beacon has carried. Call
    /// [`Outbox::carried`] or [`Outbox::not_taken`] next.
    pub fn start_beside(&mut self, size_bytes_max: usize, now_ms: f64) -> Option<Batch> {
        if !self.upload.is_cut_off() {
            return None;
        }
        self.pack_beacon(size_bytes_max, true, now_ms)
    }

    fn pack_beacon(
        &mut self,
        size_bytes_max: usize,
        uncarried: bool,
        now_ms: f64,
    ) -> Option<Batch> {
        self.drop_old(now_ms);
        let room = Room {
            events_max: limits::BATCH_EVENTS_MAX,
            size_bytes_max,
            strict: true,
            uncarried,
        };
        self.pack(Suspicion::None, room, now_ms)
    }

    /// Whether the next request is to avoid the page's own `fetch`, which other code may have
    /// changed so that no request of it is answered.
    pub fn detours(&self) -> bool {
        self.upload.detours()
    }

    /// Makes a request of the oldest waiting events of one kind.
    fn pack(&mut self, kind: Suspicion, room: Room, now_ms: f64) -> Option<Batch> {
        let request = self.last_request + 1;
        // A beacon has no answer, so the client would not know that the ledger arrived.
        let tells = self.sends_ledger && !room.strict;
        let told = if tells {
            self.account.ledger.since(&self.ledger_told)
        } else {
            None
        };
        let queue = &mut self.queue;
        let ledger = told.as_deref();
        let batch = self
            .packer
            .pack(queue, kind, room, request, now_ms, ledger)?;
        self.last_request = request;
        self.in_flight.add(Request {
            number: request,
            events: batch.events,
            size_bytes: batch.body.len(),
            ledger: told.map(|_| self.account.ledger),
        });
        Ledger::add(&mut self.account.ledger.sent, batch.events);
        Some(batch)
    }

    fn drop_old(&mut self, now_ms: f64) {
        let fresh = |entry: &Entry| now_ms - entry.recorded_at_ms <= limits::EVENT_AGE_MAX_MS;
        self.account.give_up(&mut self.queue, Fate::TooOld, &fresh);
    }

    /// Notes that a request has ended. An answer may take the request but turn some of its events
    /// away: `turned_away` has, at the place of each event in the request, the number that its
    /// settlement tells, or 0 for an event that was taken. Events beyond its end were taken. A
    /// request that is no longer in flight is ignored: its events are already dealt with.
    pub fn finish(
        &mut self,
        request: u32,
        outcome: Outcome,
        turned_away: &[u8],
        now_ms: f64,
        random: f64,
    ) {
        let Some(open) = self.in_flight.take(request) else {
            return;
        };
        self.upload.ended(outcome);
        let status = outcome.status();
        match outcome.verdict() {
            Verdict::Acknowledged => {
                self.upload.acknowledged();
                self.ledger_told = open.ledger.unwrap_or(self.ledger_told);
                let mut turned_away = turned_away.iter();
                self.account.settle(
                    &mut self.queue,
                    request,
                    &mut |_| match turned_away.next() {
                        Some(&number) if number > 0 => (Fate::Refused, number.into()),
                        _ => (Fate::Acknowledged, status),
                    },
                );
                if self.suspects {
                    suspicion::strengthen(&mut self.queue, request);
                }
            }
            _ if !self.retry => self
                .account
                .settle(&mut self.queue, request, &mut |_| (Fate::Refused, status)),
            Verdict::Refused if open.events > 1 => {
                self.upload
                    .refused_together(status, open.events, open.size_bytes);
                self.account
                    .settle(&mut self.queue, request, &mut |_| (Fate::Retried, status));
            }
            Verdict::Refused => self.refused_alone(request, outcome, now_ms, random),
            verdict => {
                self.upload.failed(outcome, now_ms, random);
                if verdict == Verdict::Paused {
                    self.pause(status);
                }
                let attempts_max = self.attempts_max;
                self.account.settle(&mut self.queue, request, &mut |entry| {
                    entry.attempts = entry.attempts.saturating_add(1);
                    let given_up = entry.attempts > attempts_max;
                    (
                        if given_up {
                            Fate::Refused
                        } else {
                            Fate::Retried
                        },
                        status,
                    )
                });
            }
        }
    }

    /// Notes that a request with one event was refused.
    fn refused_alone(&mut self, request: u32, outcome: Outcome, now_ms: f64, random: f64) {
        let mut given_up = false;
        let last_request = self.last_request;
        self.account.settle(&mut self.queue, request, &mut |entry| {
            given_up = suspicion::refuse(entry, last_request);
            let fate = if given_up {
                Fate::Refused
            } else {
                Fate::Retried
            };
            (fate, outcome.status())
        });
        if !given_up {
            self.suspects = true;
            if self.upload.refused_alone(outcome, now_ms, random) {
                self.pause(outcome.status());
            }
        }
    }

    fn pause(&mut self, status: u16) {
        if self.upload.pause() {
            self.account.note_pause(status);
        }
    }

    /// Notes that the page is being hidden: waiting events are sent now, in the ordinary way.
    pub fn hurry(&mut self) {
        self.upload.hurry();
    }

    /// Notes that the server can probably be reached again: waiting events are sent now.
    pub fn wake(&mut self) {
        self.upload.wake();
    }

    /// Notes that the browser refused the request, or that it dies with the page: its events
    /// wait again.
    pub fn not_taken(&mut self, request: u32) {
        self.in_flight.take(request);
        let events = self.queue.move_on(request, State::Waiting);
        let sent = &mut self.account.ledger.sent;
        *sent = sent.saturating_sub(events);
    }

    /// Notes that the browser took the request as a beacon, which has no answer. Its events stay,
    /// and are sent again only if the page returns.
    pub fn handed_over(&mut self, request: u32) {
        self.in_flight.take(request);
        self.queue.move_on(request, State::HandedOver);
    }

    /// Notes that the browser took the request of [`Outbox::start_beside`]. Its events wait for a
    /// request with an answer, and go by no other beacon while the page lives.
    pub fn carried(&mut self, request: u32) {
        self.handed_over(request);
        self.queue.return_handed_over();
    }

    /// Removes the events with these numbers (in rising order), which another page took over
    /// while this one was away. An event in a request stays: the answer settles it.
    pub fn forget(&mut self, seqs: &[u32]) {
        let own = |entry: &Entry| seqs.binary_search(&entry.seq).is_err();
        self.account.give_up(&mut self.queue, Fate::Adopted, &own);
    }

    /// Notes that the page lives on after all (it came back from the back/forward cache, or the
    /// navigation was cancelled). Events that only beacons carried are sent again; the gateway
    /// recognises those it has.
    pub fn returned(&mut self) {
        self.queue.return_handed_over();
        self.upload.wake();
    }
}

#[cfg(test)]
mod tests;
