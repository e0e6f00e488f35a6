//! The sources by their write keys.

use std::collections::HashMap;
use std::sync::Arc;

use crate::config::{AllowedOrigins, Config, IdentityConfig, KeyKind};

/// A configured source.
#[derive(Debug)]
pub(crate) struct Source {
    /// Its number in the store.
    pub(crate) id: i64,
    /// Its name.
    pub(crate) name: String,
    /// Pages that may send to it.
    pub(crate) allowed_origins: AllowedOrigins,
    /// How `POST /v1/identity` sets its visitors' cookies.
    pub(crate) identity: IdentityConfig,
}

/// A source and the kind of key that named it.
#[derive(Debug, Clone)]
pub(crate) struct Keyholder {
    /// The source.
    pub(crate) source: Arc<Source>,
    /// The kind of key.
    pub(crate) kind: KeyKind,
    /// The number of the key, for the rate limit.
    pub(crate) key_number: usize,
}

/// All sources. Keys are kept as hashes, so that neither the time of a lookup nor a dump of the
/// memory reveals one.
#[derive(Debug)]
pub(crate) struct Sources {
    by_key: HashMap<[u8; 32], Keyholder>,
    default: Option<Keyholder>,
    all: Vec<Arc<Source>>,
}

impl Sources {
    /// The configured sources. `ids` are their numbers in the store, in the same order.
    pub(crate) fn new(config: &Config, ids: &[i64]) -> Self {
        let mut sources = Self {
            by_key: HashMap::new(),
            default: None,
            all: Vec::new(),
        };
        for (configured, id) in config.sources.iter().zip(ids) {
            let source = Arc::new(Source {
                id: *id,
                name: configured.name.clone(),
                allowed_origins: configured.allowed_origins.clone(),
                identity: configured.identity,
            });
            for key in &configured.keys {
                let holder = Keyholder {
                    source: Arc::clone(&source),
                    kind: key.kind,
                    key_number: sources.by_key.len(),
                };
                sources.by_key.insert(hash(&key.key), holder);
            }
            if config.default_source.as_ref() == Some(&source.name) {
                sources.default = Some(Keyholder {
                    source: Arc::clone(&source),
                    kind: KeyKind::Browser,
                    key_number: usize::MAX,
                });
            }
            sources.all.push(source);
        }
        sources
    }

    /// The holder of this key.
    pub(crate) fn by_key(&self, write_key: &str) -> Option<&Keyholder> {
        self.by_key.get(&hash(write_key))
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
