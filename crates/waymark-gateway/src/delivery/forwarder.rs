//! Forwards one source's events to one destination, from its own durable cursor.

use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, watch};
use tokio::time::sleep;

use super::breaker::Breaker;
use super::round::Settled;
use super::upstream::Upstream;
use crate::config::FORWARD;
use crate::limits::{
    FORWARD_BATCH_EVENTS, FORWARD_LINGER, FORWARD_SAVE_EVENTS, STORE_PROBE_INTERVAL,
};
use crate::live::LiveHub;
use crate::metrics::Metrics;
use crate::store::{
    Committer, DeadLetter, ErasedSince, EventReader, ForwardProgress, StoreError, StoredEvent,
    Totals,
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
    pub(super) route: Route,
    pub(super) upstream: Arc<Upstream>,
    reader: Arc<Mutex<EventReader>>,
    committer: Committer,
    totals: watch::Receiver<Totals>,
    pub(super) metrics: Arc<Metrics>,
    pub(super) live: LiveHub,
    hurry: Arc<Notify>,
    passed: watch::Sender<i64>,
    /// The cursor in the store.
    saved_seq: i64,
    oldest_ms: Arc<AtomicI64>,
    /// Rounds that have failed since the upstream took events.
    pub(super) n_failed: u32,
    pub(super) breaker: Breaker,
    /// Payloads beyond the cursor that have their fate.
    pub(super) settled: Settled,
}

/// Events to deliver.
#[derive(Debug)]
pub(super) struct Read {
    /// The events, without those of people who are being erased.
    pub(super) events: Vec<StoredEvent>,
    /// Tells when more people are.
    pub(super) erased: ErasedSince,
    /// The number of the last event that was looked at, if there was one.
    last_seq: Option<i64>,
}

impl Forwarder {
    /// A forwarder that continues from its cursor.
    pub(super) fn new(
        route: Route,
        upstream: Arc<Upstream>,
        reader: Arc<Mutex<EventReader>>,
        committer: Committer,
        metrics: Arc<Metrics>,
        live: LiveHub,
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
            live,
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
                Ok(read) if read.events.is_empty() => {
                    self.skip_to(read.last_seq.unwrap_or(newest)).await;
                }
                Ok(read) if self.breaker.is_open() => self.try_one(&read).await,
                Ok(read) => self.deliver(&read).await,
                Err(error) => {
                    let source = &self.route.source;
                    tracing::error!(%error, source, "could not read the events to forward");
                    sleep(STORE_PROBE_INTERVAL).await;
                }
            }
        }
    }

    /// Waits, unless a flush cuts the wait short.
    pub(super) async fn pause(&self, longest: Duration) {
        tokio::select! {
            () = sleep(longest) => {}
            () = self.hurry.notified() => {}
        }
    }

    async fn read_after(&self, seq: i64) -> Result<Read, StoreError> {
        let reader = Arc::clone(&self.reader);
        let source_id = self.route.source_id;
        let erased = self.committer.erased_since_now();
        let read = tokio::task::spawn_blocking(move || {
            let reader = reader.lock().unwrap_or_else(PoisonError::into_inner);
            let (last_seq, events) = reader
                .unerased(|reader| reader.after(seq, Some(source_id), FORWARD_BATCH_EVENTS))?;
            Ok(Read {
                events,
                erased,
                last_seq,
            })
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

    /// Every event up to this number is delivered or among the dead letters.
    pub(super) fn passed_seq(&self) -> i64 {
        *self.passed.borrow()
    }

    /// The event that holds up all others was received at this time.
    pub(super) fn note_oldest(&self, received_ms: i64) {
        self.oldest_ms.store(received_ms, Ordering::Relaxed);
    }

    /// Saves the cursor. Retries until it is saved, as the next batch depends on it.
    pub(super) async fn save(&mut self, through_seq: i64, dead_letters: Vec<DeadLetter>) {
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
