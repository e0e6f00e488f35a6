//! The outbox: the queue, the state of sending and the ledger put together. It says which
//! events go when, and tells what became of each.

use crate::batch::Batch;
use crate::error::CallError;
use crate::ledger::Ledger;
use crate::limits;
use crate::packer::{Packer, Room};
use crate::queue::{Entry, Queue, State, Suspicion};
use crate::retry::{Outcome, Verdict};
use crate::settings::Settings;
use crate::settlement::{Fate, Settlement, Settlements};
use crate::upload::{Task, Upload, Waiting};

/// A request that is under way.
#[derive(Debug)]
struct Open {
    request: u32,
    events: usize,
    size_bytes: usize,
    /// The ledger as of this request, if that carries it.
    ledger: Option<Ledger>,
}

/// Events on their way to one server.
#[derive(Debug)]
pub struct Outbox {
    packer: Packer,
    retry: bool,
    attempts_max: u32,
    queue: Queue,
    upload: Upload,
    ledger: Ledger,
    sends_ledger: bool,
    /// The ledger as the server knows it.
    ledger_told: Ledger,
    open: Vec<Open>,
    last_seq: u32,
    last_request: u32,
    suspects: bool,
    settlements: Settlements,
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
            ledger: Ledger::default(),
            sends_ledger: settings.sends_ledger,
            ledger_told: Ledger::default(),
            open: Vec::new(),
            last_seq: 0,
            last_request: 0,
            suspects: false,
            settlements: Settlements::default(),
        }
    }

    /// The counters of the loss ledger.
    pub fn ledger(&self) -> Ledger {
        self.ledger
    }

    /// Number of events that wait or are on their way.
    pub fn pending(&self) -> usize {
        self.queue.len()
    }

    /// The number of the newest event; 0 where there was none yet.
    pub fn last_seq(&self) -> u32 {
        self.last_seq
    }

    /// Takes an event recorded at `now_ms`, and gives its number.
    ///
    /// # Errors
    /// [`CallError::EventTooLarge`] where no server would take it; it is not queued then.
    pub fn enqueue(&mut self, event: String, now_ms: f64) -> Result<u32, CallError> {
        if event.len() > limits::EVENT_SIZE_BYTES_MAX {
            Ledger::add(&mut self.ledger.refused_too_large, 1);
            return Err(CallError::EventTooLarge);
        }
        Ledger::add(&mut self.ledger.accepted, 1);
        Ok(self.push(event, now_ms, false))
    }

    /// Takes over an event from the journal of an earlier page, recorded at `recorded_at_ms`,
    /// and gives its number in this client.
    pub fn restore(&mut self, event: String, recorded_at_ms: f64) -> u32 {
        Ledger::add(&mut self.ledger.restored, 1);
        self.push(event, recorded_at_ms, true)
    }

    fn push(&mut self, event: String, recorded_at_ms: f64, restored: bool) -> u32 {
        self.last_seq += 1;
        let entry = Entry::new(self.last_seq, event, recorded_at_ms, restored);
        self.queue.push(entry);
        while let Some(seq) = self.queue.evict() {
            self.ledger.count(Fate::QueueFull);
            self.settlements.push(seq, Fate::QueueFull, 0);
        }
        self.last_seq
    }

    /// What became of events since this was last asked, in order.
    pub fn take_settlements(&mut self) -> Vec<Settlement> {
        self.settlements.take()
    }

    /// What the shell is to do at `now_ms`.
    pub fn next(&mut self, now_ms: f64) -> Task {
        if !self.open.is_empty() {
            return Task::Idle;
        }
        let waiting = self.waiting();
        self.upload.next(waiting, now_ms)
    }

    fn waiting(&self) -> Waiting {
        let mut waiting = Waiting::default();
        let entries = self.queue.iter();
        for entry in entries.filter(|entry| entry.state == State::Waiting) {
            match entry.suspicion {
                Suspicion::None => waiting.ordinary += 1,
                Suspicion::Refused => waiting.refused = true,
                Suspicion::Probable => waiting.probable = true,
            }
            if waiting.ordinary >= self.upload.flush_at() {
                break;
            }
        }
        waiting
    }

    /// The batch that [`Task::Send`] asked for, taken as sent; its outcome is to be reported to
    /// [`Outbox::finish`]. Nothing where nothing is left to send.
    pub fn start(&mut self, now_ms: f64) -> Option<Batch> {
        self.drop_old(now_ms);
        let (events_max, size_bytes_max) = self.upload.batch_max();
        let room = |events_max| Room {
            events_max,
            size_bytes_max,
            strict: false,
        };
        let batch = if self.suspects {
            self.pack(Suspicion::Probable, room(1), now_ms)
                .or_else(|| self.pack(Suspicion::None, room(events_max), now_ms))
                .or_else(|| {
                    self.clear_suspects();
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

    /// The page is hidden: a request, like that of [`Outbox::start`] but of at most
    /// `size_bytes_max` bytes, that may go even beside one that is under way.
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

    /// The page is being left: what a beacon of at most `size_bytes_max` bytes can carry of the
    /// events that nothing carries yet. To be followed by [`Outbox::handed_over`] or
    /// [`Outbox::not_taken`].
    pub fn start_leaving(&mut self, size_bytes_max: usize, now_ms: f64) -> Option<Batch> {
        self.drop_old(now_ms);
        let room = Room {
            events_max: limits::BATCH_EVENTS_MAX,
            size_bytes_max,
            strict: true,
        };
        self.pack(Suspicion::None, room, now_ms)
    }

    /// Makes a request of the oldest waiting events of one kind.
    fn pack(&mut self, kind: Suspicion, room: Room, now_ms: f64) -> Option<Batch> {
        let request = self.last_request + 1;
        // A beacon has no answer, so nobody would know that the ledger arrived.
        let tells = self.sends_ledger && !room.strict;
        let told = if tells {
            self.ledger.since(&self.ledger_told)
        } else {
            None
        };
        let queue = &mut self.queue;
        let ledger = told.as_deref();
        let batch = self
            .packer
            .pack(queue, kind, room, request, now_ms, ledger)?;
        self.last_request = request;
        self.open.push(Open {
            request,
            events: batch.events,
            size_bytes: batch.body.len(),
            ledger: told.map(|_| self.ledger),
        });
        Ledger::add(&mut self.ledger.sent, batch.events);
        Some(batch)
    }

    fn drop_old(&mut self, now_ms: f64) {
        let (ledger, settlements) = (&mut self.ledger, &mut self.settlements);
        self.queue.retain(&mut |entry| {
            let in_flight = matches!(entry.state, State::InFlight(_));
            let stays = in_flight || now_ms - entry.recorded_at_ms <= limits::EVENT_AGE_MAX_MS;
            if !stays {
                ledger.count(Fate::TooOld);
                settlements.push(entry.seq, Fate::TooOld, 0);
            }
            stays
        });
    }

    /// A request came to an end. One that is not under way any more is none of our business:
    /// its events went another way.
    pub fn finish(&mut self, request: u32, outcome: Outcome, now_ms: f64, random: f64) {
        let Some(open) = self.close(request) else {
            return;
        };
        let status = outcome.status();
        match outcome.verdict() {
            Verdict::Acknowledged => {
                self.upload.acknowledged();
                self.ledger_told = open.ledger.unwrap_or(self.ledger_told);
                self.settle(request, status, &mut |_| Fate::Acknowledged);
                self.suspect_more(request);
            }
            _ if !self.retry => self.settle(request, status, &mut |_| Fate::Refused),
            Verdict::Refused if open.events > 1 => {
                self.upload
                    .refused_together(status, open.events, open.size_bytes);
                self.settle(request, status, &mut |_| Fate::Retried);
            }
            Verdict::Refused => self.refused_alone(request, outcome, now_ms, random),
            verdict => {
                self.upload.failed(outcome, now_ms, random);
                if verdict == Verdict::Paused {
                    self.pause(status);
                }
                let attempts_max = self.attempts_max;
                self.settle(request, status, &mut |entry| {
                    entry.attempts = entry.attempts.saturating_add(1);
                    if entry.attempts > attempts_max {
                        Fate::Refused
                    } else {
                        Fate::Retried
                    }
                });
            }
        }
    }

    fn close(&mut self, request: u32) -> Option<Open> {
        let at = self.open.iter().position(|open| open.request == request)?;
        Some(self.open.swap_remove(at))
    }

    /// Gives each event of a request its fate.
    fn settle(&mut self, request: u32, status: u16, fate_of: &mut dyn FnMut(&mut Entry) -> Fate) {
        let (ledger, settlements) = (&mut self.ledger, &mut self.settlements);
        self.queue.retain(&mut |entry| {
            if entry.state != State::InFlight(request) {
                return true;
            }
            let fate = fate_of(entry);
            ledger.count(fate);
            settlements.push(entry.seq, fate, status);
            entry.state = State::Waiting;
            fate == Fate::Retried
        });
    }

    /// An event is given up when the server refused it, took another, and refused it again.
    fn refused_alone(&mut self, request: u32, outcome: Outcome, now_ms: f64, random: f64) {
        let mut given_up = false;
        let last_request = self.last_request;
        self.settle(request, outcome.status(), &mut |entry| {
            given_up = entry.suspicion == Suspicion::Probable;
            entry.suspicion = Suspicion::Refused;
            entry.refused_at = last_request;
            if given_up {
                Fate::Refused
            } else {
                Fate::Retried
            }
        });
        if !given_up {
            self.suspects = true;
            if self.upload.refused_alone(outcome, now_ms, random) {
                self.pause(outcome.status());
            }
        }
    }

    /// The server has taken this request: what it refused before that was made may really be
    /// bad.
    fn suspect_more(&mut self, request: u32) {
        if self.suspects {
            let entries = self.queue.iter_mut();
            entries
                .filter(|entry| entry.suspicion != Suspicion::None && request > entry.refused_at)
                .for_each(|entry| entry.suspicion = Suspicion::Probable);
        }
    }

    /// There is nothing but refused events, and the server has taken none since: all anew.
    fn clear_suspects(&mut self) {
        self.suspects = false;
        for entry in self.queue.iter_mut() {
            entry.suspicion = Suspicion::None;
        }
    }

    fn pause(&mut self, status: u16) {
        if self.upload.pause() {
            self.settlements.pause(status);
        }
    }

    /// The page is being hidden: what waits goes now, in the ordinary way.
    pub fn hurry(&mut self) {
        self.upload.hurry();
    }

    /// There is reason to believe that the server can be reached again.
    pub fn wake(&mut self) {
        self.upload.wake();
    }

    /// This request dies with the page, or was never taken by the browser: its events wait
    /// again.
    pub fn not_taken(&mut self, request: u32) {
        let events = self.move_on(request, State::Waiting);
        self.ledger.sent = self.ledger.sent.saturating_sub(events);
    }

    /// The browser took the request as a beacon, which has no answer: its events stay, and go
    /// again only if the page returns.
    pub fn handed_over(&mut self, request: u32) {
        self.move_on(request, State::HandedOver);
    }

    fn move_on(&mut self, request: u32, state: State) -> u32 {
        self.close(request);
        let mut events = 0;
        for entry in self.queue.iter_mut() {
            if entry.state == State::InFlight(request) {
                entry.state = state;
                events += 1;
            }
        }
        events
    }

    /// Another page took the events of these numbers, in rising order, over while this one was away. What a request carries
    /// stays: its answer settles it.
    pub fn forget(&mut self, seqs: &[u32]) {
        let (ledger, settlements) = (&mut self.ledger, &mut self.settlements);
        self.queue.retain(&mut |entry| {
            let in_flight = matches!(entry.state, State::InFlight(_));
            let stays = in_flight || seqs.binary_search(&entry.seq).is_err();
            if !stays {
                ledger.count(Fate::Adopted);
                settlements.push(entry.seq, Fate::Adopted, 0);
            }
            stays
        });
    }

    /// The page lives on after all (restored from the back/forward cache, or the navigation
    /// was called off): what only beacons carried is sent again, and the gateway knows it.
    pub fn returned(&mut self) {
        for entry in self.queue.iter_mut() {
            if entry.state == State::HandedOver {
                entry.state = State::Waiting;
            }
        }
        self.upload.wake();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// An event that names its number.
    fn event(n: usize) -> String {
        format!("{{\"type\":\"track\",\"n\":{n}}}")
    }

    fn outbox_with(settings: &str) -> Outbox {
        Outbox::new(&Settings::from_json(settings))
    }

    fn filled(events: usize) -> Outbox {
        let mut outbox = outbox_with("{}");
        (0..events).for_each(|n| _ = outbox.enqueue(event(n), 0.0).unwrap());
        outbox
    }

    fn numbers(batch: &Batch) -> Vec<usize> {
        let body: serde_json::Value = serde_json::from_str(&batch.body).unwrap();
        let events = body["batch"].as_array().unwrap();
        let number = |event: &serde_json::Value| event["n"].as_u64().unwrap();
        let numbers = events.iter().map(number);
        numbers.map(|n| usize::try_from(n).unwrap()).collect()
    }

    fn answered(status: u16) -> Outcome {
        Outcome::Answered {
            status,
            retry_after_ms: None,
            foreign: false,
        }
    }

    /// Sends at `now_ms`, answers with what `server` says to the events, and gives the time at
    /// which the next batch is due, if there is one.
    fn exchange(
        outbox: &mut Outbox,
        now_ms: f64,
        server: &mut dyn FnMut(&[usize]) -> u16,
    ) -> Option<f64> {
        match outbox.next(now_ms) {
            Task::Send => {
                let batch = outbox.start(now_ms).unwrap();
                let status = server(&numbers(&batch));
                outbox.finish(batch.request, answered(status), now_ms, 0.5);
                Some(now_ms)
            }
            Task::Wait { delay_ms } => Some(now_ms + delay_ms),
            Task::Idle => None,
        }
    }

    /// Lets the outbox work with a server until nothing is left to do or time is up.
    fn run(
        outbox: &mut Outbox,
        from_ms: f64,
        until_ms: f64,
        server: &mut dyn FnMut(&[usize]) -> u16,
    ) {
        let mut now_ms = from_ms;
        while now_ms < until_ms {
            match exchange(outbox, now_ms, server) {
                Some(next_ms) => now_ms = next_ms,
                None => return,
            }
        }
    }

    fn fates(outbox: &mut Outbox, fate: Fate) -> Vec<u32> {
        let settlements = outbox.take_settlements().into_iter();
        let of_it = settlements.filter(|settlement| settlement.fate == fate);
        of_it.flat_map(|settlement| settlement.seqs).collect()
    }

    fn pauses(outbox: &mut Outbox) -> Vec<u16> {
        let settlements = outbox.take_settlements().into_iter();
        let pauses = settlements.filter(|settlement| settlement.fate == Fate::Paused);
        pauses.map(|settlement| settlement.status).collect()
    }

    #[test]
    fn bad_events_are_given_up_alone_and_their_neighbours_arrive_in_order() {
        let mut outbox = filled(40);
        let bad = [0, 1, 2, 3, 4, 5, 17, 39];
        let mut taken = Vec::new();
        run(&mut outbox, 0.0, 3.6e6, &mut |events| {
            if events.iter().any(|n| bad.contains(n)) {
                return 400;
            }
            taken.extend_from_slice(events);
            200
        });
        let good: Vec<usize> = (0..40).filter(|n| !bad.contains(n)).collect();
        assert_eq!(taken, good);
        // The last one was refused, but nothing was taken since.
        assert_eq!(outbox.pending(), 1);
        outbox.enqueue(event(40), 3.6e6).unwrap();
        run(&mut outbox, 3.6e6, 7.2e6, &mut |events| {
            if events == [39] { 422 } else { 200 }
        });
        let given_up: Vec<usize> = fates(&mut outbox, Fate::Refused)
            .into_iter()
            .map(|seq| usize::try_from(seq).unwrap() - 1)
            .collect();
        assert_eq!(given_up, bad);
        assert_eq!(outbox.pending(), 0);
    }

    #[test]
    fn a_server_that_refuses_everything_for_a_while_costs_nothing() {
        let mut outbox = filled(30);
        let mut requests = 0;
        run(&mut outbox, 0.0, 3.6e6, &mut |_| {
            requests += 1;
            400
        });
        assert!(requests < 60, "{requests}");
        assert_eq!(pauses(&mut outbox), [400]);
        let mut taken = Vec::new();
        run(&mut outbox, 3.6e6, 7.2e6, &mut |events| {
            taken.extend_from_slice(events);
            200
        });
        taken.sort_unstable();
        assert_eq!(taken, (0..30).collect::<Vec<_>>());
        assert_eq!(outbox.ledger().dropped_refused, 0);
    }

    #[test]
    fn what_is_no_answer_of_the_api_pauses_and_is_told_once() {
        for status in [301, 304, 401, 403, 404, 405] {
            let mut outbox = filled(3);
            run(&mut outbox, 0.0, 3.6e6, &mut |_| status);
            assert_eq!((pauses(&mut outbox), outbox.pending()), (vec![status], 3));
        }
        for status in [408, 410, 429, 500, 503, 599] {
            let mut outbox = filled(3);
            run(&mut outbox, 0.0, 3.6e6, &mut |_| status);
            assert_eq!((pauses(&mut outbox), outbox.pending()), (vec![], 3));
        }
    }

    #[test]
    fn a_batch_that_is_too_large_for_the_server_is_made_smaller_for_good() {
        let mut outbox = outbox_with("{}");
        for _ in 0..100 {
            outbox.enqueue("x".repeat(4000), 0.0).unwrap();
        }
        let (mut now_ms, mut refused) = (0.0, 0);
        while outbox.pending() > 0 {
            match outbox.next(now_ms) {
                Task::Send => {
                    let batch = outbox.start(now_ms).unwrap();
                    let status = if batch.body.len() > 100_000 { 413 } else { 200 };
                    refused += u32::from(status == 413);
                    outbox.finish(batch.request, answered(status), now_ms, 0.5);
                }
                Task::Wait { delay_ms } => now_ms += delay_ms,
                Task::Idle => break,
            }
        }
        assert_eq!((outbox.pending(), outbox.ledger().acknowledged), (0, 100));
        assert_eq!(refused, 2, "400 and 200 KB");
    }

    #[test]
    fn without_retry_a_failed_attempt_is_the_last() {
        let mut outbox = outbox_with(r#"{"retry":false}"#);
        outbox.enqueue(event(0), 0.0).unwrap();
        outbox.enqueue(event(1), 0.0).unwrap();
        let batch = outbox.start(0.0).unwrap();
        outbox.finish(batch.request, Outcome::Unanswered, 0.0, 0.5);
        assert_eq!(fates(&mut outbox, Fate::Refused), [1, 2]);
        let mut outbox = outbox_with(r#"{"retryCountMax":2}"#);
        outbox.enqueue(event(0), 0.0).unwrap();
        let mut requests = 0;
        run(&mut outbox, 0.0, 3.6e6, &mut |_| {
            requests += 1;
            500
        });
        assert_eq!((requests, outbox.pending()), (3, 0));
    }

    #[test]
    fn each_event_has_its_own_request_where_that_is_wanted() {
        let mut outbox = outbox_with(
            r#"{"oneEventPerRequest":true,"endpoint":"https://h/v1/b","writeKey":"k"}"#,
        );
        outbox.enqueue(r#"{"type":"page"}"#.into(), 0.0).unwrap();
        outbox.enqueue(event(1), 0.0).unwrap();
        let batch = outbox.start(0.0).unwrap();
        assert_eq!(
            (batch.endpoint.as_str(), batch.events),
            ("https://h/v1/p", 1)
        );
        assert_eq!(
            batch.body,
            r#"{"type":"page","writeKey":"k","sentAt":"1970-01-01T00:00:00.000Z"}"#
        );
        outbox.finish(batch.request, answered(200), 0.0, 0.0);
        assert_eq!(fates(&mut outbox, Fate::Acknowledged), [1]);
    }

    #[test]
    fn a_gateway_is_told_the_ledger_until_it_has_acknowledged_it() {
        let mut outbox = outbox_with(r#"{"sendsLedger":true}"#);
        let ledger = |batch: &Batch| {
            let body: serde_json::Value = serde_json::from_str(&batch.body).unwrap();
            body["ledger"].to_string()
        };
        outbox.enqueue(event(0), 0.0).unwrap();
        let batch = outbox.start(0.0).unwrap();
        assert_eq!(ledger(&batch), r#"{"accepted":1}"#);
        outbox.finish(batch.request, Outcome::Unanswered, 0.0, 0.0);
        outbox.enqueue(event(1), 0.0).unwrap();
        let batch = outbox.start(0.0).unwrap();
        assert_eq!(ledger(&batch), r#"{"accepted":2,"retried":1,"sent":1}"#);
        outbox.finish(batch.request, answered(200), 0.0, 0.0);
        outbox.enqueue(event(2), 0.0).unwrap();
        let batch = outbox.start(0.0).unwrap();
        assert_eq!(
            ledger(&batch),
            r#"{"accepted":1,"acknowledged":2,"sent":2}"#
        );
        let mut to_segment = filled(1);
        assert_eq!(ledger(&to_segment.start(0.0).unwrap()), "null");
    }

    #[test]
    fn what_waited_too_long_is_counted_and_not_sent() {
        let mut outbox = outbox_with("{}");
        outbox.restore(event(0), 0.0);
        outbox.enqueue(event(1), limits::EVENT_AGE_MAX_MS).unwrap();
        let batch = outbox.start(limits::EVENT_AGE_MAX_MS + 1.0).unwrap();
        assert_eq!(numbers(&batch), [1]);
        assert_eq!(fates(&mut outbox, Fate::TooOld), [1]);
        assert_eq!(outbox.ledger().dropped_too_old, 1);
    }

    #[test]
    fn what_the_page_leaves_behind_is_carried_once_and_again_if_it_returns() {
        let mut outbox = filled(4);
        let in_flight = outbox.start(0.0).unwrap();
        (4..10).for_each(|n| _ = outbox.enqueue(event(n), 0.0).unwrap());
        let batch = outbox.start_leaving(usize::MAX, 0.0).unwrap();
        assert_eq!(numbers(&batch), [4, 5, 6, 7, 8, 9]);
        outbox.not_taken(batch.request);
        let batch = outbox.start_leaving(usize::MAX, 0.0).unwrap();
        outbox.handed_over(batch.request);
        assert_eq!(outbox.start_leaving(usize::MAX, 0.0), None);
        outbox.finish(in_flight.request, answered(200), 0.0, 0.0);
        assert_eq!((outbox.pending(), outbox.ledger().acknowledged), (6, 4));
        outbox.finish(batch.request, answered(200), 0.0, 0.0);
        assert_eq!(outbox.pending(), 6, "a beacon has no answer");
        outbox.returned();
        assert_eq!(numbers(&outbox.start(0.0).unwrap()), [4, 5, 6, 7, 8, 9]);
    }

    #[test]
    fn what_another_page_took_over_is_forgotten_but_not_what_is_on_its_way() {
        let mut outbox = filled(2);
        let batch = outbox.start(0.0).unwrap();
        (2..5).for_each(|n| _ = outbox.enqueue(event(n), 0.0).unwrap());
        outbox.forget(&[1, 3, 4]);
        assert_eq!(fates(&mut outbox, Fate::Adopted), [3, 4]);
        outbox.finish(batch.request, answered(200), 0.0, 0.0);
        assert_eq!((outbox.ledger().adopted, outbox.pending()), (2, 1));
    }

    #[test]
    fn a_request_that_dies_with_the_page_is_carried_too_and_its_late_answer_ignored() {
        let mut outbox = filled(3);
        let dying = outbox.start(0.0).unwrap();
        outbox.not_taken(dying.request);
        let batch = outbox.start_leaving(usize::MAX, 0.0).unwrap();
        assert_eq!(numbers(&batch), [0, 1, 2]);
        outbox.finish(dying.request, answered(400), 0.0, 0.0);
        assert_eq!((outbox.pending(), outbox.take_settlements().len()), (3, 0));
    }

    #[test]
    fn a_large_event_at_the_head_does_not_keep_small_ones_off_the_beacon() {
        let mut outbox = outbox_with("{}");
        outbox.enqueue("x".repeat(70_000), 0.0).unwrap();
        outbox.enqueue(event(1), 0.0).unwrap();
        let batch = outbox.start_leaving(60_000, 0.0).unwrap();
        assert_eq!(numbers(&batch), [1]);
    }

    #[test]
    fn hiding_sends_beside_a_request_but_not_while_the_server_wants_time() {
        let mut outbox = filled(2);
        let first = outbox.start(0.0).unwrap();
        outbox.enqueue(event(2), 0.0).unwrap();
        let beside = outbox.start_hidden(60_000, 0.0).unwrap();
        assert_eq!(numbers(&beside), [2]);
        assert_eq!(outbox.start_hidden(60_000, 0.0), None);
        outbox.finish(first.request, Outcome::Unanswered, 0.0, 0.0);
        assert_eq!(outbox.start_hidden(60_000, 0.0), None);
        outbox.finish(beside.request, answered(200), 0.0, 0.0);
        assert_eq!(outbox.pending(), 2);
    }

    #[test]
    fn events_that_go_during_a_request_are_not_mistaken_for_its_own() {
        let mut outbox = filled(3);
        let batch = outbox.start(0.0).unwrap();
        for n in 3..=limits::QUEUE_EVENTS_MAX {
            outbox.enqueue(event(n), 0.0).unwrap();
        }
        assert_eq!(fates(&mut outbox, Fate::QueueFull), [4]);
        outbox.finish(batch.request, answered(200), 0.0, 0.0);
        assert_eq!(fates(&mut outbox, Fate::Acknowledged), [1, 2, 3]);
    }

    /// What happens to the outbox, one step after the other.
    #[derive(Debug, Clone)]
    enum Step {
        Record,
        Restore(f64),
        Send,
        Hide,
        Leave(bool),
        Return,
        Answer(u16),
        NoAnswer,
    }

    fn any_step() -> impl Strategy<Value = Step> {
        prop_oneof![
            4 => Just(Step::Record),
            1 => (0.0..1e9).prop_map(Step::Restore),
            3 => Just(Step::Send),
            1 => Just(Step::Hide),
            1 => any::<bool>().prop_map(Step::Leave),
            1 => Just(Step::Return),
            2 => Just(Step::Answer(200)),
            1 => prop::sample::select(vec![400, 401, 413, 429, 500, 503]).prop_map(Step::Answer),
            1 => Just(Step::NoAnswer),
        ]
    }

    proptest! {
        #[test]
        fn whatever_happens_events_are_acknowledged_pending_or_counted_as_dropped(
            steps in prop::collection::vec(any_step(), 1..200),
        ) {
            let mut outbox = outbox_with("{}");
            let (mut made, mut now_ms, mut open) = (0, 0.0, Vec::new());
            for step in steps {
                now_ms += 400_000.0;
                match step {
                    Step::Record => {
                        outbox.enqueue(event(made), now_ms).unwrap();
                        made += 1;
                    }
                    Step::Restore(at_ms) => {
                        outbox.restore(event(made), at_ms);
                        made += 1;
                    }
                    Step::Send => {
                        if outbox.next(now_ms) == Task::Send {
                            open.extend(outbox.start(now_ms));
                        }
                    }
                    Step::Hide => open.extend(outbox.start_hidden(300, now_ms)),
                    Step::Leave(taken) => {
                        if let Some(batch) = outbox.start_leaving(200, now_ms) {
                            if taken {
                                outbox.handed_over(batch.request);
                            } else {
                                outbox.not_taken(batch.request);
                            }
                        }
                    }
                    Step::Return => outbox.returned(),
                    Step::Answer(status) => {
                        if let Some(batch) = open.pop() {
                            outbox.finish(batch.request, answered(status), now_ms, 0.5);
                        }
                    }
                    Step::NoAnswer => {
                        if let Some(batch) = open.pop() {
                            outbox.finish(batch.request, Outcome::Unanswered, now_ms, 0.5);
                        }
                    }
                }
                let ledger = outbox.ledger();
                let dropped = ledger.dropped_refused + ledger.dropped_queue_full + ledger.dropped_too_old;
                let pending = u32::try_from(outbox.pending()).unwrap();
                prop_assert_eq!(
                    ledger.accepted + ledger.restored,
                    ledger.acknowledged + dropped + pending
                );
            }
            let mut gone: Vec<u32> = outbox
                .take_settlements()
                .into_iter()
                .filter(|settlement| settlement.fate != Fate::Retried)
                .flat_map(|settlement| settlement.seqs)
                .collect();
            let settled = gone.len();
            gone.sort_unstable();
            gone.dedup();
            prop_assert_eq!(gone.len(), settled, "each event has one fate");
        }
    }
}
