//! The state that the handlers share.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{Semaphore, watch};

use crate::connections::Connections;
use crate::delivery::Forwarding;
use crate::erasing::Erasing;
use crate::error::ApiError;
use crate::ingest::BodyRoom;
use crate::live::LiveHub;
use crate::metrics::Metrics;
use crate::reload::Reloading;
use crate::replay::Replays;
use crate::settings::{InForce, Settings};
use crate::sns::Sns;
use crate::store::{Committer, EventReader, StoreError};

/// The state behind its shared reference.
pub(crate) type SharedState = Arc<AppState>;

/// The state that the handlers share.
#[derive(Debug)]
pub(crate) struct AppState {
    /// What can change while the gateway runs.
    pub(crate) in_force: InForce,
    /// Asks for the configuration to be read again.
    pub(crate) reloading: Reloading,
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
    /// The connections of the public listener and of the admin listener.
    pub(crate) connections: [Arc<Connections>; 2],
    /// The way to Amazon SNS.
    pub(crate) sns: Sns,
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
    /// The settings that are in force now.
    pub(crate) fn settings(&self) -> Arc<Settings> {
        self.in_force.get()
    }

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
