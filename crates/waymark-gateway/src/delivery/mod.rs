//! Passes stored events on to Segment or an upstream like it, at its own pace: a dead upstream
//! never delays taking events, and one source's never another's.

mod backoff;
mod batch;
mod forwarder;
mod upstream;

use std::path::Path;
use std::sync::{Arc, Mutex};

use tokio::task::JoinSet;

use self::forwarder::{Forwarder, Handle};
use self::upstream::Upstream;
use crate::config::Config;
use crate::metrics::Metrics;
use crate::store::{Committer, EventReader, StoreError};

/// Why forwarding could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum ForwardingError {
    /// The store cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// There is no HTTP client to be had, for want of root certificates say.
    #[error("could not make an HTTP client: {0}")]
    Client(#[from] reqwest::Error),
}

/// All sources' forwarding.
#[derive(Debug, Clone, Default)]
pub struct Forwarding {
    handles: Vec<Handle>,
}

impl Forwarding {
    /// Starts a task for each source that has an upstream. `ids` are the sources' numbers in
    /// the store, in the order of the configuration.
    ///
    /// # Errors
    /// When the store cannot be read or there is no HTTP client.
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
                Upstream::new(forward)?,
                reader,
                committer.clone(),
                Arc::clone(metrics),
            )?;
            tasks.spawn(forwarder.run());
            handles.push(handle);
        }
        Ok(Self { handles })
    }

    /// Comes back when every event up to this number is passed on or among the dead letters.
    /// Waits in backoff are cut short.
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
