//! Forwards one source's events, from its own durable cursor.

use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, watch};
use tokio::time::sleep;

use super::backoff;
use super::batch::{body, n_fitting};
use super::breaker::Breaker;
use super::upstream::{Outcome, Upstream};
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

/// Access to a running forwarder.
#[derive(Debug, Clone)]
pub(super) struct Handle {
    source: String,
    source_id: i64,
    upstream: Arc<Upstream>,
    oldest_ms: Arc<AtomicI64>,
    hurry: Arc<Notify>,
    passed: watch::Receiver<i64>,
    paused: Arc<AtomicBool>,
}

impl Handle {
    /// The source's name.
    pub(super) fn source(&self) -> &str {
        &self.source
    }

    /// The source's number in the store.
    pub(super) fn source_id(&self) -> i64 {
        self.source_id
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

/// Forwards the events of one source.
#[derive(Debug)]
pub(super) struct Forwarder {
    source: String,
    source_id: i64,
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
}

impl Forwarder {
    /// A forwarder that continues from its source's cursor.
    pub(super) fn new(
        source: String,
        source_id: i64,
        upstream: Arc<Upstream>,
        reader: Arc<Mutex<EventReader>>,
        committer: Committer,
        metrics: Arc<Metrics>,
    ) -> Result<(Self, Handle), StoreError> {
        let saved_seq = {
            let reader = reader.lock().unwrap_or_else(PoisonError::into_inner);
            reader.forwarded_through(source_id)?
        };
        let (passed, seen) = watch::channel(saved_seq);
        let hurry = Arc::new(Notify::new());
        let oldest_ms = Arc::new(AtomicI64::new(NONE_WAITS));
        let breaker = Breaker::default();
        let handle = Handle {
            source: source.clone(),
            source_id,
            upstream: Arc::clone(&upstream),
            oldest_ms: Arc::clone(&oldest_ms),
            hurry: Arc::clone(&hurry),
            passed: seen,
            paused: breaker.paused(),
        };
        let totals = committer.totals();
        let forwarder = Self {
            source,
            source_id,
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
                Ok(events) => self.deliver(&events[..n_fitting(&events)]).await,
                Err(error) => {
                    let source = &self.source;
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
        let source_id = self.source_id;
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
    /// they are read again, as some may be erased by then. A refused batch is halved until the
    /// event that causes it stands alone.
    async fn deliver(&mut self, events: &[StoredEvent]) {
        let mut waiting = vec![events];
        while let Some(part) = waiting.pop() {
            let (Some(first), Some(last)) = (part.first(), part.last()) else {
                continue;
            };
            self.oldest_ms.store(first.received_ms, Ordering::Relaxed);
            match self.upstream.send(body(part, crate::now_ms())).await {
                Outcome::Taken => {
                    if self.n_failed > 0 {
                        tracing::info!(source = self.source, "the upstream takes events again");
                    }
                    self.n_failed = 0;
                    self.breaker.taken(&self.source);
                    self.metrics.note_forwarded(&self.source, part.len());
                    self.save(last.seq, Vec::new()).await;
                }
                Outcome::Refused { status, reason } if part.len() == 1 => {
                    if !self.breaker.refused(&self.source, status) {
                        self.metrics.note_forward_failure(&self.source);
                        self.pause(BREAKER_INTERVAL).await;
                        return;
                    }
                    tracing::warn!(
                        source = self.source,
                        status,
                        "an event was refused upstream"
                    );
                    let letter = DeadLetter {
                        seq: last.seq,
                        status,
                        reason,
                    };
                    self.save(last.seq, vec![letter]).await;
                }
                Outcome::Refused { .. } => {
                    let (first, second) = part.split_at(part.len() / 2);
                    waiting.push(second);
                    waiting.push(first);
                }
                Outcome::TryAgain { retry_after, why } => {
                    self.n_failed += 1;
                    self.metrics.note_forward_failure(&self.source);
                    if self.n_failed == 1 {
                        tracing::warn!(
                            source = self.source,
                            why,
                            "forwarding failed and will be retried"
                        );
                    }
                    self.pause(backoff::wait(self.n_failed, retry_after)).await;
                    return;
                }
            }
        }
    }

    /// Tries one of the events at an upstream that refuses everything: any one, as the first may
    /// be spoiled. If it is taken, the regular flow goes on with the first.
    async fn try_one(&mut self, events: &[StoredEvent]) {
        let at = rand::random_range(0..events.len());
        if let Some(first) = events.first() {
            self.oldest_ms.store(first.received_ms, Ordering::Relaxed);
        }
        let one = &events[at..=at];
        match self.upstream.send(body(one, crate::now_ms())).await {
            Outcome::Taken => self.breaker.taken(&self.source),
            Outcome::Refused { .. } | Outcome::TryAgain { .. } => {
                self.metrics.note_forward_failure(&self.source);
                self.pause(BREAKER_INTERVAL).await;
            }
        }
    }

    /// Saves the cursor. Retries until it is saved, as the next batch depends on it.
    async fn save(&mut self, through_seq: i64, dead_letters: Vec<DeadLetter>) {
        let progress = ForwardProgress {
            source_id: self.source_id,
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
