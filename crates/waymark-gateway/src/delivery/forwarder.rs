//! Forwards one source's events to one destination, from its own durable cursor.

use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, watch};
use tokio::time::sleep;
use waymark_destinations::{Fate, PlannedPayload};

use super::backoff;
use super::breaker::Breaker;
use super::round::{Next, Round, Settled};
use super::upstream::Upstream;
use crate::config::FORWARD;
use crate::limits::{
    BREAKER_INTERVAL, FORWARD_BATCH_EVENTS, FORWARD_LINGER, FORWARD_SAVE_EVENTS,
    STORE_PROBE_INTERVAL,
};
use crate::metrics::Metrics;
use crate::store::{
    Committer, DeadLetter, EventReader, ForwardProgress, StoreError, StoredEvent, Totals,
};

/// In place of the oldest event's time.
const NONE_WAITS: i64 = i64::MIN;

/// From where to where events go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Route {
    /// The source's name.
    pub(crate) source: String,
    /// The source's number in the store.
    pub(crate) source_id: i64,
    /// The destination's name, unique in the source.
    pub(crate) destination: String,
}

impl std::fmt::Display for Route {
    /// `source/destination`; the one of `[sources.forward]` by its source alone, as before there
    /// were others.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.destination == FORWARD {
            return f.write_str(&self.source);
        }
        write!(f, "{}/{}", self.source, self.destination)
    }
}

/// Access to a running forwarder.
#[derive(Debug, Clone)]
pub(super) struct Handle {
    route: Route,
    upstream: Arc<Upstream>,
    oldest_ms: Arc<AtomicI64>,
    hurry: Arc<Notify>,
    passed: watch::Receiver<i64>,
    paused: Arc<AtomicBool>,
}

impl Handle {
    /// From where to where.
    pub(super) fn route(&self) -> &Route {
        &self.route
    }

    /// Where its events go.
    pub(super) fn upstream(&self) -> &Upstream {
        &self.upstream
    }

    /// When the oldest event that waits was received, in milliseconds since 1970, if one waits.
    pub(super) fn oldest_ms(&self) -> Option<i64> {
        match self.oldest_ms.load(Ordering::Relaxed) {
            NONE_WAITS => None,
            oldest_ms => Some(oldest_ms),
        }
    }

    /// Every event up to this number is delivered or among the dead letters.
    pub(super) fn passed_seq(&self) -> i64 {
        *self.passed.borrow()
    }

    /// Whether its upstream is paused, as it refuses everything.
    pub(super) fn is_paused(&self) -> bool {
        self.paused.load(Ordering::Relaxed)
    }

    /// Cuts its current wait short.
    pub(super) fn hurry(&self) {
        self.hurry.notify_one();
    }

    /// Waits until its events up to this number are delivered or among the dead letters.
    pub(super) async fn passed(&self, through_seq: i64) {
        let mut passed = self.passed.clone();
        // An error means that the gateway is stopping and forwards no more.
        let _ = passed.wait_for(|seq| *seq >= through_seq).await;
    }
}

/// Forwards the events of one source to one destination.
#[derive(Debug)]
pub(super) struct Forwarder {
    route: Route,
    upstream: Arc<Upstream>,
    reader: Arc<Mutex<EventReader>>,
    committer: Committer,
    totals: watch::Receiver<Totals>,
    metrics: Arc<Metrics>,
    hurry: Arc<Notify>,
    passed: watch::Sender<i64>,
    /// The cursor in the store.
    saved_seq: i64,
    oldest_ms: Arc<AtomicI64>,
    /// Attempts that have failed since the upstream took events.
    n_failed: u32,
    breaker: Breaker,
    /// Payloads beyond the cursor that have their fate.
    settled: Settled,
}

impl Forwarder {
    /// A forwarder that continues from its cursor.
    pub(super) fn new(
        route: Route,
        upstream: Arc<Upstream>,
        reader: Arc<Mutex<EventReader>>,
        committer: Committer,
        metrics: Arc<Metrics>,
    ) -> Result<(Self, Handle), StoreError> {
        let saved_seq = {
            let reader = reader.lock().unwrap_or_else(PoisonError::into_inner);
            reader.forwarded_through(route.source_id, &route.destination)?
        };
        let (passed, seen) = watch::channel(saved_seq);
        let hurry = Arc::new(Notify::new());
        let oldest_ms = Arc::new(AtomicI64::new(NONE_WAITS));
        let breaker = Breaker::default();
        let handle = Handle {
            route: route.clone(),
            upstream: Arc::clone(&upstream),
            oldest_ms: Arc::clone(&oldest_ms),
            hurry: Arc::clone(&hurry),
            passed: seen,
            paused: breaker.paused(),
        };
        let totals = committer.totals();
        let forwarder = Self {
            route,
            upstream,
            reader,
            committer,
            totals,
            metrics,
            hurry,
            passed,
            saved_seq,
            oldest_ms,
            n_failed: 0,
            breaker,
            settled: Settled::new(),
        };
        Ok((forwarder, handle))
    }

    /// Forwards events as they are stored, until the gateway stops.
    pub(super) async fn run(mut self) {
        loop {
            let cursor = *self.passed.borrow();
            let newest = self.totals.borrow_and_update().stored;
            if newest <= cursor {
                self.oldest_ms.store(NONE_WAITS, Ordering::Relaxed);
                if self.totals.changed().await.is_err() {
                    return;
                }
                continue;
            }
            if newest - cursor < FORWARD_BATCH_EVENTS.into() {
                self.pause(FORWARD_LINGER).await;
            }
            match self.read_after(cursor).await {
                Ok(events) if events.is_empty() => self.skip_to(newest).await,
                Ok(events) if self.breaker.is_open() => self.try_one(&events).await,
                Ok(events) => self.deliver(&events).await,
                Err(error) => {
                    let source = &self.route.source;
                    tracing::error!(%error, source, "could not read the events to forward");
                    sleep(STORE_PROBE_INTERVAL).await;
                }
            }
        }
    }

    /// Waits, unless a flush cuts the wait short.
    async fn pause(&self, longest: Duration) {
        tokio::select! {
            () = sleep(longest) => {}
            () = self.hurry.notified() => {}
        }
    }

    async fn read_after(&self, seq: i64) -> Result<Vec<StoredEvent>, StoreError> {
        let reader = Arc::clone(&self.reader);
        let source_id = self.route.source_id;
        let read = tokio::task::spawn_blocking(move || {
            let reader = reader.lock().unwrap_or_else(PoisonError::into_inner);
            reader.after(seq, Some(source_id), FORWARD_BATCH_EVENTS)
        });
        match read.await {
            Ok(read) => read,
            Err(error) => Err(StoreError::File(std::io::Error::other(error))),
        }
    }

    /// Moves past events of other sources. The cursor is saved only now and then.
    async fn skip_to(&mut self, seq: i64) {
        if seq - self.saved_seq >= FORWARD_SAVE_EVENTS {
            self.save(seq, Vec::new()).await;
        }
        self.passed.send_replace(seq);
    }

    /// Sends events until each is taken or refused for good, or an attempt fails: after the wait
    /// they are read again, as some may be erased by then. A refused request is halved until the
    /// payload that causes it stands alone.
    async fn deliver(&mut self, events: &[StoredEvent]) {
        let settled = std::mem::take(&mut self.settled);
        let mut round = Round::new(events, self.upstream.plan(events, crate::now_ms()), settled);
        self.pass(&mut round).await;
        while let Some(request) = round.next() {
            self.note_oldest(&round);
            let lane = request.lane.clone();
            let answered = self.upstream.send(&request, crate::now_ms()).await;
            let status = answered.status;
            let wait = match round.read(request, answered) {
                Next::Fates(fates) => match self.settle(&mut round, status, fates) {
                    Ok(again) => {
                        round.again(lane, again);
                        None
                    }
                    Err(wait) => Some(wait),
                },
                Next::Halved => None,
                Next::Later { retry_after, why } => Some(self.failed(retry_after, &why)),
            };
            self.pass(&mut round).await;
            if let Some(wait) = wait {
                self.pause(wait).await;
                break;
            }
        }
        self.keep_settled(round);
    }

    /// Keeps the fates of payloads whose events are not done yet.
    fn keep_settled(&mut self, round: Round<'_>) {
        let passed_seq = *self.passed.borrow();
        self.settled = round.into_settled();
        self.settled.retain(|(seq, _), _| *seq > passed_seq);
    }

    /// Notes the fates of payloads. Returns those to send again, or the wait of a destination that
    /// refuses everything.
    fn settle(
        &mut self,
        round: &mut Round<'_>,
        status: u16,
        fates: Vec<(PlannedPayload, Fate)>,
    ) -> Result<Vec<PlannedPayload>, Duration> {
        let mut again = Vec::new();
        for (one, fate) in fates {
            match fate {
                Fate::Taken => {
                    if self.n_failed > 0 {
                        let source = &self.route.source;
                        tracing::info!(source, "the upstream takes events again");
                    }
                    self.n_failed = 0;
                    self.breaker.taken(&self.route);
                    round.taken(&one);
                }
                Fate::Refused(reason) => {
                    if !self.breaker.refused(&self.route, status) {
                        self.metrics.note_forward_failure(&self.route);
                        return Err(BREAKER_INTERVAL);
                    }
                    tracing::warn!(
                        source = self.route.source,
                        destination = self.route.destination,
                        status,
                        "an event was refused upstream"
                    );
                    round.refused(&one, status, reason);
                }
                Fate::Again => again.push(one),
            }
        }
        Ok(again)
    }

    /// An attempt failed. Returns the wait until the next.
    fn failed(&mut self, retry_after: Option<Duration>, why: &str) -> Duration {
        self.n_failed += 1;
        self.metrics.note_forward_failure(&self.route);
        if self.n_failed == 1 {
            tracing::warn!(
                source = self.route.source,
                destination = self.route.destination,
                why,
                "forwarding failed and will be retried"
            );
        }
        backoff::wait(self.n_failed, retry_after)
    }

    /// Moves the cursor past the events that are done.
    async fn pass(&mut self, round: &mut Round<'_>) {
        let Some(done) = round.done() else {
            return;
        };
        self.metrics.note_forwarded(&self.route, done.taken.len());
        for skip in &done.skipped {
            self.metrics.note_skipped(&self.route, skip.code());
        }
        self.save(done.through_seq, done.refused).await;
    }

    fn note_oldest(&self, round: &Round<'_>) {
        if let Some(first) = round.first_waiting() {
            self.oldest_ms.store(first.received_ms, Ordering::Relaxed);
        }
    }

    /// Tries one payload at a destination that refuses everything: any one, as the first may be
    /// spoiled. If it is taken, the regular flow goes on with the first.
    async fn try_one(&mut self, events: &[StoredEvent]) {
        let settled = std::mem::take(&mut self.settled);
        let mut round = Round::new(events, self.upstream.plan(events, crate::now_ms()), settled);
        self.pass(&mut round).await;
        self.note_oldest(&round);
        if let Some(one) = round.any_one(|below| rand::random_range(0..below)) {
            let answered = self.upstream.send(&one, crate::now_ms()).await;
            let taken = match round.read(one, answered) {
                Next::Fates(fates) => fates.into_iter().find(|(_, fate)| *fate == Fate::Taken),
                Next::Halved | Next::Later { .. } => None,
            };
            match taken {
                Some((one, _)) => {
                    self.breaker.taken(&self.route);
                    round.taken(&one);
                    self.pass(&mut round).await;
                }
                None => {
                    self.metrics.note_forward_failure(&self.route);
                    self.pause(BREAKER_INTERVAL).await;
                }
            }
        }
        self.keep_settled(round);
    }

    /// Saves the cursor. Retries until it is saved, as the next batch depends on it.
    async fn save(&mut self, through_seq: i64, dead_letters: Vec<DeadLetter>) {
        let progress = ForwardProgress {
            source_id: self.route.source_id,
            destination: self.route.destination.clone(),
            through_seq,
            dead_letters,
        };
        while self.committer.progress(progress.clone()).await.is_err() {
            sleep(STORE_PROBE_INTERVAL).await;
        }
        self.saved_seq = through_seq;
        self.passed.send_replace(through_seq);
    }
}
