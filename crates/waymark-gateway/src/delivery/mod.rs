//! Forwards stored events to Segment or a compatible upstream, each source at its own pace: a
//! dead upstream delays neither the collection of events nor another source.

mod apart;
mod backoff;
mod batch;
mod breaker;
mod forwarder;
mod upstream;

use std::path::Path;
use std::sync::{Arc, Mutex};

use tokio::task::JoinSet;

pub(crate) use self::apart::Sent;
use self::forwarder::{Forwarder, Handle};
use self::upstream::Upstream;
use crate::config::Config;
use crate::metrics::Metrics;
use crate::store::{Committer, EventReader, StoreError, StoredEvent};

/// Why forwarding could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum ForwardingError {
    /// The store cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The HTTP client could not be set up, for want of root certificates perhaps.
    #[error("could not set up an HTTP client: {0}")]
    Client(#[from] reqwest::Error),
}

/// The forwarding of all sources.
#[derive(Debug, Clone, Default)]
pub struct Forwarding {
    handles: Vec<Handle>,
}

impl Forwarding {
    /// Starts a task for each source that has an upstream. `ids` are the sources' numbers in
    /// the store, in the order of the configuration.
    ///
    /// # Errors
    /// When the store cannot be read or the HTTP client cannot be set up.
    pub(crate) fn start(
        config: &Config,
        ids: &[i64],
        committer: &Committer,
        metrics: &Arc<Metrics>,
        tasks: &mut JoinSet<()>,
    ) -> Result<Self, ForwardingError> {
        let mut handles = Vec::new();
        for (source, id) in config.sources.iter().zip(ids) {
            let Some(forward) = &source.forward else {
                continue;
            };
            let reader = reader(&config.database)?;
            let (forwarder, handle) = Forwarder::new(
                source.name.clone(),
                *id,
                Arc::new(Upstream::new(forward)?),
                reader,
                committer.clone(),
                Arc::clone(metrics),
            )?;
            tasks.spawn(forwarder.run());
            handles.push(handle);
        }
        Ok(Self { handles })
    }

    /// The age of the oldest event that each source's destination has not taken, in milliseconds.
    pub(crate) fn undelivered_ages(&self, now_ms: i64) -> impl Iterator<Item = (&str, i64)> {
        self.handles.iter().map(move |handle| {
            let age_ms = handle.oldest_ms().map_or(0, |oldest_ms| now_ms - oldest_ms);
            (handle.source(), age_ms.max(0))
        })
    }

    /// Every event of a source up to this number is delivered or among the dead letters. `None` if
    /// the source is not forwarded.
    pub(crate) fn passed_seq(&self, source_id: i64) -> Option<i64> {
        let mut handles = self.handles.iter();
        let handle = handles.find(|handle| handle.source_id() == source_id)?;
        Some(handle.passed_seq())
    }

    /// How many stored events, of any source, each source's forwarding has not passed yet.
    pub(crate) fn lags(&self, stored: i64) -> impl Iterator<Item = (&str, i64)> {
        let handles = self.handles.iter();
        handles.map(move |handle| (handle.source(), (stored - handle.passed_seq()).max(0)))
    }

    /// Whether each source's upstream is paused, as it refuses everything.
    pub(crate) fn paused(&self) -> impl Iterator<Item = (&str, bool)> {
        let handles = self.handles.iter();
        handles.map(|handle| (handle.source(), handle.is_paused()))
    }

    /// Sends events of a source apart from the regular flow. `None` if it is not forwarded.
    pub(crate) async fn send_apart(&self, source_id: i64, events: &[StoredEvent]) -> Option<Sent> {
        let mut handles = self.handles.iter();
        let handle = handles.find(|handle| handle.source_id() == source_id)?;
        Some(apart::send(handle.upstream(), events).await)
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
