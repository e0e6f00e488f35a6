//! The sources by their write keys.

use std::collections::HashMap;
use std::sync::Arc;

use crate::config::{
    AllowedOrigins, CommercetoolsConfig, Config, IdentityConfig, KeyKind, SourcePlan,
};
use crate::error::ApiError;
use crate::limits::KEY_WARNED_MS;
use crate::store::iso_time;

/// A configured source.
#[derive(Debug)]
pub(crate) struct Source {
    /// Its number in the store.
    pub(crate) id: i64,
    /// Its name.
    pub(crate) name: String,
    /// Pages that may send to it.
    pub(crate) allowed_origins: AllowedOrigins,
    /// Whether it takes events by images.
    pub(crate) pixel: bool,
    /// How `POST /v1/identity` sets its visitors' cookies.
    pub(crate) identity: IdentityConfig,
    /// How it takes what commercetools sends, if it does.
    pub(crate) commercetools: Option<Box<CommercetoolsConfig>>,
    /// The tracking plan that its events are judged by.
    pub(crate) plan: Option<Arc<SourcePlan>>,
}

/// A source and the kind of key that named it.
#[derive(Debug, Clone)]
pub(crate) struct Keyholder {
    /// The source.
    pub(crate) source: Arc<Source>,
    /// The kind of key.
    pub(crate) kind: KeyKind,
    /// A number that stands for the key in the rate limit, also after a reload.
    pub(crate) key_number: u64,
    /// The last moment in which the key is taken, in milliseconds since 1970.
    not_after_ms: Option<i64>,
}

/// A key that will not be taken for ever.
#[derive(Debug, Clone)]
pub(crate) struct EndingKey {
    /// The name of its source.
    pub(crate) source: String,
    /// The kind of key.
    pub(crate) kind: KeyKind,
    /// Its place among the source's keys, from 0 on.
    pub(crate) place: usize,
    /// The last moment in which it is taken, in milliseconds since 1970.
    pub(crate) not_after_ms: i64,
}

/// All sources. Keys are kept as hashes, so that neither the time of a lookup nor a dump of the
/// memory reveals one.
#[derive(Debug)]
pub(crate) struct Sources {
    by_key: HashMap<[u8; 32], Keyholder>,
    default: Option<Keyholder>,
    all: Vec<Arc<Source>>,
    ending: Vec<EndingKey>,
}

impl Sources {
    /// The configured sources. `ids` are their numbers in the store, in the same order.
    pub(crate) fn new(config: &Config, ids: &[i64]) -> Self {
        let mut sources = Self {
            by_key: HashMap::new(),
            default: None,
            all: Vec::new(),
            ending: Vec::new(),
        };
        for (configured, id) in config.sources.iter().zip(ids) {
            let source = Arc::new(Source {
                id: *id,
                name: configured.name.clone(),
                allowed_origins: configured.allowed_origins.clone(),
                pixel: configured.pixel,
                identity: configured.identity,
                commercetools: configured.commercetools.clone().map(Box::new),
                plan: configured.plan.clone(),
            });
            for (place, key) in configured.keys.iter().enumerate() {
                sources
                    .ending
                    .extend(key.not_after_ms.map(|not_after_ms| EndingKey {
                        source: source.name.clone(),
                        kind: key.kind,
                        place,
                        not_after_ms,
                    }));
                let hash = hash(&key.key);
                let [a, b, c, d, e, f, g, h, ..] = hash;
                let holder = Keyholder {
                    source: Arc::clone(&source),
                    kind: key.kind,
                    key_number: u64::from_le_bytes([a, b, c, d, e, f, g, h]),
                    not_after_ms: key.not_after_ms,
                };
                sources.by_key.insert(hash, holder);
            }
            if config.default_source.as_ref() == Some(&source.name) {
                sources.default = Some(Keyholder {
                    source: Arc::clone(&source),
                    kind: KeyKind::Browser,
                    key_number: u64::MAX,
                    not_after_ms: None,
                });
            }
            sources.all.push(source);
        }
        sources
    }

    /// The holder of this key.
    ///
    /// # Errors
    /// `UnknownWriteKey`, or `ExpiredWriteKey` after its end.
    pub(crate) fn by_key(&self, write_key: &str) -> Result<&Keyholder, ApiError> {
        let holder = self.by_key.get(&hash(write_key));
        let holder = holder.ok_or(ApiError::UnknownWriteKey)?;
        match holder.not_after_ms {
            Some(not_after_ms) if crate::now_ms() > not_after_ms => Err(ApiError::ExpiredWriteKey),
            _ => Ok(holder),
        }
    }

    /// The keys that have an end.
    pub(crate) fn ending(&self) -> &[EndingKey] {
        &self.ending
    }

    /// Logs which keys end soon or have ended.
    pub(crate) fn warn_of_ends(&self) {
        let now_ms = crate::now_ms();
        for key in &self.ending {
            let (source, kind, place) = (&key.source, key.kind.name(), key.place);
            let not_after = iso_time(key.not_after_ms);
            if now_ms > key.not_after_ms {
                let message = "a write key is not taken any more";
                tracing::warn!(source, kind, place, not_after, message);
            } else if now_ms > key.not_after_ms - KEY_WARNED_MS {
                let message = "a write key will soon not be taken any more";
                tracing::warn!(source, kind, place, not_after, message);
            }
        }
    }

    /// Logs which plans block nothing although they were to.
    pub(crate) fn warn_of_plans(&self) {
        let plans = self.all.iter().filter_map(|source| source.plan.as_ref());
        for plan in plans.filter(|plan| plan.softened) {
            let source = &plan.source;
            let message = "the plan only warns instead of blocking: commercetools would not send \
                           again what is turned away";
            tracing::warn!(source, message);
        }
    }

    /// The tracking plan of a source, by the source's number.
    pub(crate) fn plan_of(&self, source_id: i64) -> Option<&Arc<SourcePlan>> {
        let source = self.all.iter().find(|source| source.id == source_id)?;
        source.plan.as_ref()
    }

    /// The holder assumed for plain requests without a key.
    pub(crate) fn default_source(&self) -> Option<&Keyholder> {
        self.default.as_ref()
    }

    /// Whether any source takes events from pages of this origin.
    pub(crate) fn any_allows(&self, origin: &str) -> bool {
        self.all
            .iter()
            .any(|source| source.allowed_origins.allows(origin))
    }

    /// Whether any source lists this exact origin.
    pub(crate) fn any_lists(&self, origin: &str) -> bool {
        self.all
            .iter()
            .any(|source| source.allowed_origins.lists(origin))
    }
}

fn hash(write_key: &str) -> [u8; 32] {
    *blake3::hash(write_key.as_bytes()).as_bytes()
}
