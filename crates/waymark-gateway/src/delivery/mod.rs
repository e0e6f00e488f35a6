//! Forwards stored events to their destinations, each at its own pace: a dead destination delays
//! neither the collection of events nor another destination.

mod apart;
mod backoff;
mod breaker;
mod forwarder;
mod round;
mod sending;
mod upstream;

use std::path::Path;
use std::sync::{Arc, Mutex};

use tokio::task::JoinSet;
use waymark_destinations::SettingsError;

pub(crate) use self::apart::Sent;
pub(crate) use self::forwarder::Route;
use self::forwarder::{Forwarder, Handle};
use self::upstream::Upstream;
use crate::config::Config;
use crate::live::LiveHub;
use crate::metrics::Metrics;
use crate::store::{Committer, ErasedSince, EventReader, StoreError, StoredEvent};

/// Why forwarding could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum SetUpError {
    /// The store cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The HTTP client could not be set up, for want of root certificates perhaps.
    #[error("could not set up an HTTP client: {0}")]
    Client(#[from] reqwest::Error),
    /// A destination's configuration cannot work.
    #[error(transparent)]
    Settings(#[from] SettingsError),
}

/// The forwarding of all sources.
#[derive(Debug, Clone, Default)]
pub struct Forwarding {
    handles: Vec<Handle>,
}

impl Forwarding {
    /// Starts a task for each destination of each source. `ids` are the sources' numbers in the
    /// store, in the order of the configuration.
    ///
    /// # Errors
    /// When the store cannot be read or a destination cannot be set up.
    pub(crate) fn start(
        config: &Config,
        ids: &[i64],
        committer: &Committer,
        metrics: &Arc<Metrics>,
        live: &LiveHub,
        tasks: &mut JoinSet<()>,
    ) -> Result<Self, SetUpError> {
        let mut handles = Vec::new();
        for (source, id) in config.sources.iter().zip(ids) {
            for destination in source.all_destinations()? {
                let route = Route {
                    source: source.name.clone(),
                    source_id: *id,
                    destination: destination.name.clone(),
                };
                let (forwarder, handle) = Forwarder::new(
                    route,
                    Arc::new(Upstream::new(&destination)?),
                    reader(&config.database)?,
                    committer.clone(),
                    Arc::clone(metrics),
                    live.clone(),
                )?;
                tasks.spawn(forwarder.run());
                handles.push(handle);
            }
        }
        Ok(Self { handles })
    }

    /// The age of the oldest event that each destination has not taken, in milliseconds.
    pub(crate) fn undelivered_ages(&self, now_ms: i64) -> impl Iterator<Item = (&Route, i64)> {
        self.handles.iter().map(move |handle| {
            let age_ms = handle.oldest_ms().map_or(0, |oldest_ms| now_ms - oldest_ms);
            (handle.route(), age_ms.max(0))
        })
    }

    fn handle(&self, source_id: i64, destination: &str) -> Option<&Handle> {
        self.handles.iter().find(|handle| {
            let route = handle.route();
            route.source_id == source_id && route.destination == destination
        })
    }

    /// Every event of a source up to this number is delivered or among the dead letters. `None` if
    /// the source has no such destination.
    pub(crate) fn passed_seq(&self, source_id: i64, destination: &str) -> Option<i64> {
        let handle = self.handle(source_id, destination)?;
        Some(handle.passed_seq())
    }

    /// How many stored events, of any source, each destination has not passed yet.
    pub(crate) fn lags(&self, stored: i64) -> impl Iterator<Item = (&Route, i64)> {
        let handles = self.handles.iter();
        handles.map(move |handle| (handle.route(), (stored - handle.passed_seq()).max(0)))
    }

    /// Whether each destination is paused, as it refuses everything.
    pub(crate) fn paused(&self) -> impl Iterator<Item = (&Route, bool)> {
        let handles = self.handles.iter();
        handles.map(|handle| (handle.route(), handle.is_paused()))
    }

    /// Every destination, with the number of the last event that it has passed.
    pub(crate) fn passed(&self) -> impl Iterator<Item = (&Route, i64)> {
        let handles = self.handles.iter();
        handles.map(|handle| (handle.route(), handle.passed_seq()))
    }

    /// Sends events of a source apart from the regular flow. `erased` is of a moment before they
    /// were read. `None` if the source has no such destination.
    pub(crate) async fn send_apart(
        &self,
        source_id: i64,
        destination: &str,
        events: &[StoredEvent],
        erased: &ErasedSince,
    ) -> Option<Sent> {
        let handle = self.handle(source_id, destination)?;
        Some(apart::send(handle.upstream(), events, erased).await)
    }

    /// Returns when every event up to this number is delivered or among the dead letters. Waits
    /// between attempts are cut short.
    pub(crate) async fn flush(&self, through_seq: i64) {
        for handle in &self.handles {
            handle.hurry();
        }
        for handle in &self.handles {
            handle.passed(through_seq).await;
        }
    }
}

fn reader(database: &Path) -> Result<Arc<Mutex<EventReader>>, StoreError> {
    Ok(Arc::new(Mutex::new(EventReader::open(database)?)))
}
