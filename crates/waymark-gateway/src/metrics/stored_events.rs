//! The room that stored events take, and how old they are.

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

use crate::store::{DiskUsage, Retained};

/// The gauges of the database's files.
#[derive(Debug, Default)]
pub(super) struct StoredEvents {
    deleted: Counter,
    database_bytes: Gauge,
    wal_bytes: Gauge,
    disk_free_bytes: Gauge,
    oldest_age: Gauge,
}

impl StoredEvents {
    pub(super) fn register(&self, to: &mut Registry) {
        to.register(
            "events_deleted",
            "Events deleted for their age, or for the database's size",
            self.deleted.clone(),
        );
        for (name, help, gauge) in [
            (
                "database_bytes",
                "Size of the database",
                &self.database_bytes,
            ),
            ("wal_bytes", "Size of its write-ahead log", &self.wal_bytes),
            (
                "disk_free_bytes",
                "Bytes that are free where the database is",
                &self.disk_free_bytes,
            ),
            (
                "oldest_event_age_seconds",
                "Age of the oldest event in the database",
                &self.oldest_age,
            ),
        ] {
            to.register(name, help, gauge.clone());
        }
    }

    pub(super) fn note_deleted(&self, done: &Retained) {
        self.deleted.inc_by(done.n_events as u64);
    }

    pub(super) fn note_disk(&self, usage: DiskUsage) {
        let bytes = |n_bytes: u64| i64::try_from(n_bytes).unwrap_or(i64::MAX);
        self.database_bytes.set(bytes(usage.database_bytes));
        self.wal_bytes.set(bytes(usage.wal_bytes));
        self.disk_free_bytes.set(bytes(usage.free_bytes));
    }

    pub(super) fn note_oldest(&self, age_ms: i64) {
        self.oldest_age.set(age_ms / 1000);
    }
}
