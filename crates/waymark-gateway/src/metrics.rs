//! The gateway's counters, for Prometheus. No write key, event name or address is a label.

mod commercetools;
mod key_ends;
mod labels;
mod plan;
mod process;
mod refused;
mod stored_events;

use std::sync::atomic::AtomicU64;
use std::time::Duration;

use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::Registry;

use self::commercetools::CommercetoolsCounts;
use self::key_ends::KeyEnds;
use self::labels::{ReasonLabels, RequestLabels, RouteLabels, SkipLabels, labels};
use self::plan::PlanCounts;
pub(crate) use self::process::AtWork;
use self::process::ProcessGauges;
use self::refused::RefusedRequests;
use self::stored_events::StoredEvents;
use crate::client_ledger::ClientLedger;
use crate::delivery::Route;
use crate::sources::EndingKey;
use crate::store::{DiskUsage, Retained};

/// All counters.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    requests: Family<RequestLabels, Counter>,
    retried_requests: Counter,
    refused_requests: RefusedRequests,
    process: ProcessGauges,
    request_seconds: Histogram,
    stored: Counter,
    duplicates: Counter,
    superseding: Counter,
    rejected: Family<ReasonLabels, Counter>,
    pub(crate) commercetools: CommercetoolsCounts,
    pub(crate) plans: PlanCounts,
    commit_seconds: Histogram,
    commit_events: Histogram,
    forwarded: Family<RouteLabels, Counter>,
    refused: Family<RouteLabels, Counter>,
    skipped: Family<SkipLabels, Counter>,
    forward_failures: Family<RouteLabels, Counter>,
    forward_lag: Family<RouteLabels, Gauge>,
    undelivered_age: Family<RouteLabels, Gauge>,
    forward_paused: Family<RouteLabels, Gauge>,
    dead_letters: Family<RouteLabels, Gauge>,
    cursors_beyond: Gauge,
    stored_events: StoredEvents,
    reload_refused: Gauge,
    key_ends: KeyEnds,
    store_ready: Gauge<i64, std::sync::atomic::AtomicI64>,
    live_lost: Counter<u64, AtomicU64>,
    client_ledger: ClientLedger,
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

impl Metrics {
    /// All counters at zero.
    #[must_use]
    pub fn new() -> Self {
        let mut registry = Registry::with_prefix("waymark");
        let seconds = || Histogram::new(exponential_buckets(0.000_5, 2.0, 15));
        let metrics = Self {
            requests: Family::default(),
            retried_requests: Counter::default(),
            refused_requests: RefusedRequests::default(),
            process: ProcessGauges::default(),
            request_seconds: seconds(),
            stored: Counter::default(),
            duplicates: Counter::default(),
            superseding: Counter::default(),
            rejected: Family::default(),
            commercetools: CommercetoolsCounts::default(),
            plans: PlanCounts::default(),
            commit_seconds: seconds(),
            commit_events: Histogram::new(exponential_buckets(1.0, 4.0, 8)),
            forwarded: Family::default(),
            refused: Family::default(),
            skipped: Family::default(),
            forward_failures: Family::default(),
            forward_lag: Family::default(),
            undelivered_age: Family::default(),
            forward_paused: Family::default(),
            dead_letters: Family::default(),
            cursors_beyond: Gauge::default(),
            stored_events: StoredEvents::default(),
            reload_refused: Gauge::default(),
            key_ends: KeyEnds::default(),
            store_ready: Gauge::default(),
            live_lost: Counter::default(),
            client_ledger: ClientLedger::default(),
            registry: Registry::default(),
        };
        metrics.register(&mut registry);
        Self {
            registry,
            ..metrics
        }
    }

    fn register(&self, to: &mut Registry) {
        to.register(
            "requests",
            "Requests by route and status",
            self.requests.clone(),
        );
        to.register(
            "retried_requests",
            "Requests that the client marked as retries",
            self.retried_requests.clone(),
        );
        to.register(
            "request_seconds",
            "Time from a request's head to its answer",
            self.request_seconds.clone(),
        );
        to.register("events_stored", "Events stored", self.stored.clone());
        to.register(
            "events_duplicate",
            "Events acknowledged because they were stored before",
            self.duplicates.clone(),
        );
        to.register(
            "events_superseding",
            "Stored events of servers that superseded a browser's",
            self.superseding.clone(),
        );
        to.register(
            "events_rejected",
            "Events turned away",
            self.rejected.clone(),
        );
        to.register(
            "commit_seconds",
            "Time of a transaction",
            self.commit_seconds.clone(),
        );
        to.register(
            "commit_events",
            "Events in a transaction",
            self.commit_events.clone(),
        );
        to.register(
            "events_forwarded",
            "Events an upstream took",
            self.forwarded.clone(),
        );
        to.register(
            "events_refused",
            "Events an upstream refused for good since the gateway started",
            self.refused.clone(),
        );
        to.register(
            "events_skipped",
            "Events that become nothing at a destination",
            self.skipped.clone(),
        );
        to.register(
            "forward_failures",
            "Failed requests to an upstream that will be retried",
            self.forward_failures.clone(),
        );
        to.register(
            "forward_lag_events",
            "Stored events, of any source, that forwarding has not passed yet",
            self.forward_lag.clone(),
        );
        to.register(
            "oldest_undelivered_age_seconds",
            "Age of the oldest event that the source's destination has not taken",
            self.undelivered_age.clone(),
        );
        to.register(
            "forward_paused",
            "Whether the source's upstream is paused, as it refuses everything: an alarm",
            self.forward_paused.clone(),
        );
        to.register(
            "forward_cursors_beyond_newest",
            "Forwarding cursors beyond the newest event when the gateway started: an alarm",
            self.cursors_beyond.clone(),
        );
        to.register(
            "dead_letters",
            "Events an upstream refused for good",
            self.dead_letters.clone(),
        );
        to.register(
            "reload_refused",
            "Whether the last reload of the configuration was refused: an alarm",
            self.reload_refused.clone(),
        );
        self.key_ends.register(to);
        self.commercetools.register(to);
        self.plans.register(to);
        self.refused_requests.register(to);
        self.process.register(to);
        to.register(
            "store_ready",
            "Whether the store can be written",
            self.store_ready.clone(),
        );
        self.stored_events.register(to);
        to.register(
            "live_lost",
            "Messages that slow live views skipped",
            self.live_lost.clone(),
        );
        self.client_ledger.register(to);
    }

    /// A request was answered.
    pub(crate) fn note_request(&self, route: &str, status: u16, took: Duration) {
        let labels = RequestLabels {
            route: route.to_owned(),
            status,
        };
        self.requests.get_or_create(&labels).inc();
        self.request_seconds.observe(took.as_secs_f64());
    }

    /// A request was marked as a retry.
    pub(crate) fn note_retried_request(&self) {
        self.retried_requests.inc();
    }

    /// A request was refused for this reason, or for its page's origin.
    pub(crate) fn note_refused_request<'a>(
        &self,
        reason: &'static str,
        origin: Option<&'a str>,
    ) -> Option<&'a str> {
        self.refused_requests.note(reason, origin)
    }

    /// What is at work, as of now.
    pub(crate) fn note_at_work(&self, at_work: AtWork) {
        self.process.note(at_work);
    }

    /// Events of a request were stored or acknowledged.
    pub(crate) fn note_events(&self, n_stored: usize, n_duplicates: usize, n_superseding: usize) {
        self.stored.inc_by(n_stored as u64);
        self.duplicates.inc_by(n_duplicates as u64);
        self.superseding.inc_by(n_superseding as u64);
    }

    /// An event was turned away.
    pub(crate) fn note_rejected(&self, code: &str) {
        let labels = ReasonLabels {
            code: code.to_owned(),
        };
        self.rejected.get_or_create(&labels).inc();
    }

    /// A transaction was committed.
    pub(crate) fn note_commit(&self, took: Duration, n_events: usize) {
        self.commit_seconds.observe(took.as_secs_f64());
        self.commit_events.observe(n_events as f64);
    }

    /// Whether the store works, as of now.
    pub(crate) fn note_store_ready(&self, ready: bool) {
        self.store_ready.set(i64::from(ready));
    }

    /// A destination took events of a source.
    pub(crate) fn note_forwarded(&self, route: &Route, n_events: usize) {
        let counter = self.forwarded.get_or_create(&labels(route));
        counter.inc_by(n_events as u64);
    }

    /// A destination refused events of a source for good.
    pub(crate) fn note_refused(&self, route: &Route, n_events: usize) {
        let counter = self.refused.get_or_create(&labels(route));
        counter.inc_by(n_events as u64);
    }

    /// An event became nothing at a destination.
    pub(crate) fn note_skipped(&self, route: &Route, reason: &'static str) {
        let labels = SkipLabels {
            source: route.source.clone(),
            destination: route.destination.clone(),
            reason,
        };
        self.skipped.get_or_create(&labels).inc();
    }

    /// A request to a destination failed and will be retried.
    pub(crate) fn note_forward_failure(&self, route: &Route) {
        self.forward_failures.get_or_create(&labels(route)).inc();
    }

    /// How far behind a destination is.
    pub(crate) fn note_forward_lag(&self, route: &Route, lag_events: i64) {
        let gauge = self.forward_lag.get_or_create(&labels(route));
        gauge.set(lag_events);
    }

    /// Whether a destination is paused.
    pub(crate) fn note_forward_paused(&self, route: &Route, paused: bool) {
        let gauge = self.forward_paused.get_or_create(&labels(route));
        gauge.set(i64::from(paused));
    }

    /// How old the oldest event is that a destination has not taken, in milliseconds.
    pub(crate) fn note_undelivered_age(&self, route: &Route, age_ms: i64) {
        let gauge = self.undelivered_age.get_or_create(&labels(route));
        gauge.set(age_ms / 1000);
    }

    /// How many dead letters a destination has, as of now.
    pub(crate) fn note_dead_letters(&self, source: &str, destination: &str, n_letters: i64) {
        let labels = RouteLabels {
            source: source.to_owned(),
            destination: destination.to_owned(),
        };
        self.dead_letters.get_or_create(&labels).set(n_letters);
    }

    /// Events were deleted for their age or for the size.
    pub(crate) fn note_deleted(&self, done: &Retained) {
        self.stored_events.note_deleted(done);
    }

    /// So many cursors were beyond the newest event when the gateway started.
    pub(crate) fn note_cursors_beyond(&self, n_cursors: usize) {
        self.cursors_beyond
            .set(i64::try_from(n_cursors).unwrap_or(i64::MAX));
    }

    /// The sizes of the database's files and the room beside them, as of now.
    pub(crate) fn note_disk(&self, usage: DiskUsage) {
        self.stored_events.note_disk(usage);
    }

    /// The age of the oldest event, as of now.
    pub(crate) fn note_oldest_event(&self, age_ms: i64) {
        self.stored_events.note_oldest(age_ms);
    }

    /// The configuration was reloaded, or not.
    pub(crate) fn note_reload(&self, done: bool) {
        self.reload_refused.set(i64::from(!done));
    }

    /// When the write keys end that do, as of now.
    pub(crate) fn note_key_ends(&self, keys: &[EndingKey], now_ms: i64) {
        self.key_ends.note(keys, now_ms);
    }

    /// A slow live view skipped messages.
    pub(crate) fn note_live_lost(&self, n_messages: u64) {
        self.live_lost.inc_by(n_messages);
    }

    /// The sums of what clients count about their own events.
    pub(crate) fn client_ledger(&self) -> &ClientLedger {
        &self.client_ledger
    }

    /// All counters in Prometheus' text format.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        // Writing into a String cannot fail.
        let _ = encode(&mut text, &self.registry);
        text
    }
}
