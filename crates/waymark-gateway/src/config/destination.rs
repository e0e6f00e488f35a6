//! The destinations of a source: `[[sources.destinations]]`.

use waymark_destinations::{Rules, Secret, Settings, SettingsError};

use super::secret::SecretSource;
use super::{ConfigError, ForwardConfig, Keys, SourceConfig, start};
use crate::limits::{FORWARD_REQUESTS_AT_ONCE, FORWARD_REQUESTS_AT_ONCE_MAX};
use crate::store::ForwardStart;

/// The name of the destination that `[sources.forward]` is.
pub(crate) const FORWARD: &str = "forward";

/// A place that a source's events go to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DestinationConfig {
    /// Its name, unique in the source.
    pub name: String,
    /// Where it begins, when it does so for the first time.
    pub start: Option<ForwardStart>,
    /// Which events it gets.
    pub rules: Rules,
    /// Most requests to it that are under way at once.
    pub requests_at_once: usize,
    /// What it is, and how to reach it.
    pub settings: Settings,
}

/// The keys that all destinations have.
#[derive(Debug, serde::Deserialize)]
struct Common {
    name: Option<String>,
    #[serde(default, deserialize_with = "start::read")]
    start: Option<ForwardStart>,
    #[serde(default = "requests_at_once")]
    requests_at_once: usize,
}

const fn requests_at_once() -> usize {
    FORWARD_REQUESTS_AT_ONCE
}

/// The keys of [`Rules`].
const RULES: [&str; 7] = [
    "types",
    "exclude_types",
    "events",
    "exclude_events",
    "rename",
    "consent",
    "without_consent_answer",
];

impl DestinationConfig {
    /// Reads an entry of the list. `key` is the entry's name in errors; `keys` says whether its
    /// credentials are read from where they are.
    pub(super) fn read(mut table: toml::Table, key: &str, keys: Keys) -> Result<Self, ConfigError> {
        let mut taken = |names: &[&str]| {
            let members = names.iter().filter_map(|name| table.remove_entry(*name));
            toml::Value::Table(members.collect())
        };
        let common = taken(&["name", "start", "requests_at_once"]);
        let rules = taken(&RULES);
        let kind = table.get("kind").and_then(toml::Value::as_str);
        let known = kind.is_some_and(|kind| Settings::KINDS.contains(&kind));
        if !known {
            let reason = format!("must be one of {}", Settings::KINDS.join(", "));
            return Err(ConfigError::new(format!("{key}.kind"), reason));
        }
        let wrong = |error: &toml::de::Error| ConfigError::new(key, error.message());
        for (name, value) in &mut table {
            // What is left has no tables but the places of secrets.
            if !value.is_table() {
                continue;
            }
            let place: SecretSource = value.clone().try_into().map_err(|error| wrong(&error))?;
            *value = toml::Value::String(match keys {
                Keys::Read => place.read(&format!("{key}.{name}"))?,
                // Who runs a command may not be allowed to read secrets, which it hides anyway. What
                // is no secret has to be there.
                Keys::Unread => place.read(&format!("{key}.{name}")).unwrap_or_default(),
            });
        }
        let common: Common = common.try_into().map_err(|error| wrong(&error))?;
        let mut rules: Rules = rules.try_into().map_err(|error| wrong(&error))?;
        let settings: Settings = toml::Value::Table(table)
            .try_into()
            .map_err(|error| wrong(&error))?;
        let name = common.name.unwrap_or_else(|| settings.kind().to_owned());
        rules.own_name.clone_from(&name);
        Ok(Self {
            name,
            start: common.start,
            rules,
            requests_at_once: common.requests_at_once,
            settings,
        })
    }

    /// The destination of `[sources.forward]`.
    ///
    /// # Errors
    /// When a value cannot work.
    pub(super) fn of_forward(forward: &ForwardConfig) -> Result<Self, SettingsError> {
        let settings = waymark_destinations::settings::segment(
            forward.upstream.clone(),
            Secret::new(forward.write_key.clone()),
        );
        settings.destination()?;
        Ok(Self {
            name: FORWARD.to_owned(),
            start: forward.start,
            rules: Rules::default(),
            // All events keep one order, as they did before there were windows.
            requests_at_once: 1,
            settings,
        })
    }
}

impl SourceConfig {
    /// All its destinations: that of `forward`, then the list.
    ///
    /// # Errors
    /// When one of `forward`'s values cannot work.
    pub fn all_destinations(&self) -> Result<Vec<DestinationConfig>, SettingsError> {
        let forward = self.forward.as_ref().map(DestinationConfig::of_forward);
        let forward = forward.transpose()?.into_iter();
        Ok(forward.chain(self.destinations.iter().cloned()).collect())
    }
}

/// Refuses destinations that cannot work.
pub(super) fn check(at: usize, source: &SourceConfig) -> Result<(), ConfigError> {
    let mut names = std::collections::HashSet::new();
    for (number, destination) in source.destinations.iter().enumerate() {
        let key = |name: &str| format!("sources[{at}].destinations[{number}].{name}");
        let name = destination.name.as_str();
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        if name.is_empty() || !name.bytes().all(plain) {
            let reason = "must have letters, digits, dashes, dots and underscores only";
            return Err(ConfigError::new(key("name"), reason));
        }
        if name == FORWARD || !names.insert(name) {
            let reason = format!("`{name}` is the name of another destination of the source");
            return Err(ConfigError::new(key("name"), reason));
        }
        if !(1..=FORWARD_REQUESTS_AT_ONCE_MAX).contains(&destination.requests_at_once) {
            let reason = format!("must be from 1 to {FORWARD_REQUESTS_AT_ONCE_MAX}");
            return Err(ConfigError::new(key("requests_at_once"), reason));
        }
        if let Err(error) = destination.settings.destination() {
            return Err(ConfigError::new(key(error.key), error.reason));
        }
    }
    Ok(())
}
