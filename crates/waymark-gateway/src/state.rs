//! The state that the handlers share.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use ipnet::IpNet;
use tokio::sync::{Semaphore, watch};

use crate::delivery::Forwarding;
use crate::erasing::Erasing;
use crate::error::ApiError;
use crate::ingest::BodyRoom;
use crate::live::LiveHub;
use crate::metrics::Metrics;
use crate::rate_limit::RateLimits;
use crate::replay::Replays;
use crate::sources::Sources;
use crate::store::{Committer, EventReader, StoreError};

/// The state behind its shared reference.
pub(crate) type SharedState = Arc<AppState>;

/// The state that the handlers share.
#[derive(Debug)]
pub(crate) struct AppState {
    /// Sources and their keys.
    pub(crate) sources: Sources,
    /// The rate limits.
    pub(crate) rate_limits: RateLimits,
    /// Proxies whose word on the client's address is taken.
    pub(crate) trusted_proxies: Vec<IpNet>,
    /// The store's file.
    pub(crate) database: PathBuf,
    /// Writes to the store.
    pub(crate) committer: Committer,
    /// Reads from the store.
    pub(crate) reader: Arc<Mutex<EventReader>>,
    /// The memory for request bodies.
    pub(crate) bodies: Arc<BodyRoom>,
    /// Bytes of memory still free for events in work.
    pub(crate) room: Arc<Semaphore>,
    /// Tells the live views of commits.
    pub(crate) live: LiveHub,
    /// The counters.
    pub(crate) metrics: Arc<Metrics>,
    /// The sources' forwarding.
    pub(crate) forwarding: Forwarding,
    /// The erasing of people.
    pub(crate) erasing: Erasing,
    /// What is sent again.
    pub(crate) replays: Replays,
    /// The token of the admin listener, if it has one.
    pub(crate) admin_token: Option<String>,
    /// The folder of a built storefront to serve.
    pub(crate) static_dir: Option<PathBuf>,
    /// The folder of the SDK's files to serve.
    pub(crate) sdk_dir: Option<PathBuf>,
    /// The path they are served under; it begins and ends with a slash.
    pub(crate) sdk_path: String,
    /// Turns true when the gateway is asked to stop.
    pub(crate) stopping: watch::Receiver<bool>,
}

impl AppState {
    /// Reads from the store on a thread that may block.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&EventReader) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, ApiError> {
        let reader = Arc::clone(&self.reader);
        let read = tokio::task::spawn_blocking(move || {
            let reader = reader.lock().unwrap_or_else(PoisonError::into_inner);
            work(&reader)
        });
        match read.await {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(error)) => {
                tracing::error!(%error, "the store cannot be read");
                Err(ApiError::StoreUnavailable)
            }
            Err(_) => Err(ApiError::Internal),
        }
    }
}
