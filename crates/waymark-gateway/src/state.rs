//! What the handlers share.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use ipnet::IpNet;
use tokio::sync::{Semaphore, watch};

use crate::delivery::Forwarding;
use crate::error::ApiError;
use crate::live::LiveHub;
use crate::metrics::Metrics;
use crate::rate_limit::RateLimits;
use crate::sources::Sources;
use crate::store::{Committer, EventReader, StoreError};

/// The state, shared by reference.
pub(crate) type SharedState = Arc<AppState>;

/// What the handlers share.
#[derive(Debug)]
pub(crate) struct AppState {
    /// Sources and their keys.
    pub(crate) sources: Sources,
    /// How many requests are taken.
    pub(crate) rate_limits: RateLimits,
    /// Networks whose `X-Forwarded-For` is believed.
    pub(crate) trusted_proxies: Vec<IpNet>,
    /// The way to the store.
    pub(crate) committer: Committer,
    /// The way from the store.
    pub(crate) reader: Arc<Mutex<EventReader>>,
    /// Bytes of bodies that may still be taken into work.
    pub(crate) body_room: Arc<Semaphore>,
    /// Where live views listen.
    pub(crate) live: LiveHub,
    /// What is counted.
    pub(crate) metrics: Arc<Metrics>,
    /// The passing on of events.
    pub(crate) forwarding: Forwarding,
    /// What the admin listener asks for.
    pub(crate) admin_token: Option<String>,
    /// A built storefront to serve.
    pub(crate) static_dir: Option<PathBuf>,
    /// The SDK's files, to serve.
    pub(crate) sdk_dir: Option<PathBuf>,
    /// Under which path; it begins and ends with a slash.
    pub(crate) sdk_path: String,
    /// Turns true when the gateway is asked to stop.
    pub(crate) stopping: watch::Receiver<bool>,
}

impl AppState {
    /// Reads from the store without holding up the event loop.
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
