//! Reads the configuration again while the gateway runs. All of it that can change comes into
//! force at once, or nothing does; what needs a restart is told.

use std::sync::Arc;

use serde_json::{Value, json};
use tokio::sync::{mpsc, oneshot};
use waymark_destinations::SettingsError;

use crate::config::{Config, ConfigError, ServeArgs, SourceConfig};
use crate::connections::Connections;
use crate::error::ApiError;
use crate::gateway::connections_that_fit;
use crate::limits::RELOADS_WAITING;
use crate::rate_limit::RateLimits;
use crate::settings::Settings;
use crate::state::SharedState;
use crate::store::{NewSource, StoreUnavailable};

/// Why the configuration before stays in force.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ReloadError {
    /// The configuration is wrong.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The sources could not be stored.
    #[error(transparent)]
    Store(#[from] StoreUnavailable),
}

impl From<ReloadError> for ApiError {
    fn from(error: ReloadError) -> Self {
        match error {
            ReloadError::Config(error) => Self::InvalidConfiguration(error.to_string()),
            ReloadError::Store(StoreUnavailable) => Self::StoreUnavailable,
        }
    }
}

/// A configuration that came into force.
#[derive(Debug)]
pub(crate) struct Reloaded {
    /// The keys whose new values wait for a restart.
    waiting: Vec<String>,
}

impl Reloaded {
    /// What was done, as a JSON object.
    pub(crate) fn to_json(&self) -> Value {
        json!({ "reloaded": true, "restartNeeded": self.waiting })
    }
}

type Reply = oneshot::Sender<Result<Reloaded, ReloadError>>;

/// Asks for the configuration to be read again.
#[derive(Debug, Clone)]
pub(crate) struct Reloading(mpsc::Sender<Option<Reply>>);

impl Reloading {
    /// A way to ask, and what hears it.
    pub(crate) fn new() -> (Self, mpsc::Receiver<Option<Reply>>) {
        let (asked, inbox) = mpsc::channel(RELOADS_WAITING);
        (Self(asked), inbox)
    }

    /// Asks, and waits for the end.
    ///
    /// # Errors
    /// When the configuration before stays in force.
    pub(crate) async fn reload(&self) -> Result<Reloaded, ApiError> {
        let (reply, answer) = oneshot::channel();
        let sent = self.0.send(Some(reply)).await;
        sent.map_err(|_| ApiError::Internal)?;
        Ok(answer.await.map_err(|_| ApiError::Internal)??)
    }

    /// Asks; the log has what came of it.
    pub(crate) fn ask(&self) {
        // Where others wait already, they see the newest file.
        let _ = self.0.try_send(None);
    }
}

/// What reads the configuration again.
#[derive(Debug)]
pub(crate) struct Reloader {
    /// How the configuration is found.
    pub(crate) args: ServeArgs,
    /// What is in force.
    pub(crate) config: Config,
    /// The handlers' state.
    pub(crate) state: SharedState,
    /// The listeners' connections.
    pub(crate) connections: Vec<Arc<Connections>>,
}

impl Reloader {
    /// Reads it whenever it is asked to. Never returns while the gateway runs.
    pub(crate) async fn run(mut self, mut inbox: mpsc::Receiver<Option<Reply>>) {
        while let Some(reply) = inbox.recv().await {
            let done = self.reload().await;
            match &done {
                Ok(done) => {
                    let restart_needed = done.waiting.join(", ");
                    tracing::info!(restart_needed, "the configuration was reloaded");
                }
                Err(error) => {
                    let message = "the configuration was not reloaded; the one before stays";
                    tracing::error!(%error, message);
                }
            }
            self.state.metrics.note_reload(done.is_ok());
            if let Some(reply) = reply {
                // Who asked may be gone.
                let _ = reply.send(done);
            }
        }
    }

    async fn reload(&mut self) -> Result<Reloaded, ReloadError> {
        let args = self.args.clone();
        let read = tokio::task::spawn_blocking(move || Config::load(&args)).await;
        let wanted = read.map_err(|error| ConfigError::new("reload", error.to_string()))??;
        let (config, waiting) = wanted.as_far_as_without_restart(&self.config)?;
        let ids = self.store_sources(&wanted).await?;
        let names = config.sources.iter().map(|source| source.name.clone());
        self.state.live.name_sources(ids.iter().copied().zip(names));
        for connections in &self.connections {
            connections.bound_by(
                config.limits.connections.min(connections_that_fit()),
                config.limits.connections_per_address,
                config.trusted_proxies.clone(),
            );
        }
        let rate_limits = if config.limits == self.config.limits {
            Arc::clone(&self.state.settings().rate_limits)
        } else {
            Arc::new(RateLimits::new(config.limits))
        };
        let settings = Settings::of(&config, &ids, rate_limits);
        settings.sources.warn_of_ends();
        settings.sources.warn_of_plans();
        self.state.in_force.replace(settings);
        self.config = config;
        Ok(Reloaded { waiting })
    }

    /// Gives new sources their numbers, and new destinations their cursors: events that come before
    /// the restart wait for it.
    async fn store_sources(&self, wanted: &Config) -> Result<Vec<i64>, ReloadError> {
        let new_source = |source: &SourceConfig| {
            let all = source.all_destinations()?.into_iter();
            Ok(NewSource {
                name: source.name.clone(),
                destinations: all.map(|one| (one.name, one.start)).collect(),
            })
        };
        let sources: Result<_, SettingsError> = wanted.sources.iter().map(new_source).collect();
        let sources = sources.map_err(|error| ConfigError::new(error.key, error.reason))?;
        Ok(self.state.committer.add_sources(sources).await?)
    }
}
