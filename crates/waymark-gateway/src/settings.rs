//! What can change while the gateway runs. A request that is under way keeps what it began with.

use std::sync::{Arc, PoisonError, RwLock};

use ipnet::IpNet;

use crate::config::Config;
use crate::rate_limit::RateLimits;
use crate::sources::Sources;

/// What is in force.
#[derive(Debug)]
pub(crate) struct Settings {
    /// Sources and their keys.
    pub(crate) sources: Sources,
    /// The rate limits.
    pub(crate) rate_limits: Arc<RateLimits>,
    /// Proxies whose word on the client's address is taken.
    pub(crate) trusted_proxies: Vec<IpNet>,
    /// The hash of the token of the admin listener, if it has one.
    pub(crate) admin_token: Option<blake3::Hash>,
}

/// The settings in force, which can be replaced.
#[derive(Debug)]
pub(crate) struct InForce(RwLock<Arc<Settings>>);

impl InForce {
    /// These are in force.
    pub(crate) fn new(settings: Settings) -> Self {
        Self(RwLock::new(Arc::new(settings)))
    }

    /// Those that are in force now.
    pub(crate) fn get(&self) -> Arc<Settings> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Puts others in force.
    pub(crate) fn replace(&self, settings: Settings) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(settings);
    }
}

impl Settings {
    /// Those of a configuration. `ids` are the sources' numbers in the store, in the same order.
    pub(crate) fn of(config: &Config, ids: &[i64], rate_limits: Arc<RateLimits>) -> Self {
        let token = config.admin_token.as_ref();
        Self {
            sources: Sources::new(config, ids),
            rate_limits,
            trusted_proxies: config.trusted_proxies.clone(),
            admin_token: token.map(|token| blake3::hash(token.as_bytes())),
        }
    }
}
