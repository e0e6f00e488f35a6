//! The TOML file, and the flags and environment variables that override it.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use ipnet::IpNet;
use serde::{Deserialize, Deserializer};

use super::commercetools::{FileCommercetools, SourceKind};
use super::plan::FilePlan;
use super::secret::SecretSource;
use super::{
    AllowedOrigins, Config, ConfigError, DestinationConfig, ForwardConfig, IdentityConfig,
    KeyConfig, KeyKind, Keys, LimitsConfig, ServeArgs, SourceConfig, StoreConfig, start,
};
use crate::store::ForwardStart;

/// The contents of the file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct FileConfig {
    listen: Option<String>,
    admin_listen: Option<String>,
    admin_token: Option<SecretSource>,
    database: Option<PathBuf>,
    default_source: Option<String>,
    static_dir: Option<PathBuf>,
    sdk_dir: Option<PathBuf>,
    sdk_path: Option<String>,
    trusted_proxies: Vec<String>,
    sources: Vec<FileSource>,
    limits: LimitsConfig,
    store: StoreConfig,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct FileSource {
    name: String,
    #[serde(default)]
    kind: SourceKind,
    #[serde(default)]
    allowed_origins: Vec<String>,
    #[serde(default)]
    pixel: bool,
    #[serde(default)]
    keys: Vec<FileKey>,
    forward: Option<FileForward>,
    #[serde(default)]
    destinations: Vec<toml::Table>,
    #[serde(default)]
    identity: IdentityConfig,
    commercetools: Option<FileCommercetools>,
    plan: Option<FilePlan>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct FileKey {
    key: SecretSource,
    kind: KeyKind,
    #[serde(default, deserialize_with = "not_after")]
    not_after: Option<i64>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct FileForward {
    #[serde(default = "default_upstream")]
    upstream: String,
    write_key: SecretSource,
    #[serde(default, deserialize_with = "start::read")]
    start: Option<ForwardStart>,
}

fn default_upstream() -> String {
    "https://api.segment.io/v1".to_owned()
}

/// Reads the end of a key: a time with its zone (RFC 3339), as a day may begin anywhere.
fn not_after<'de, D: Deserializer<'de>>(from: D) -> Result<Option<i64>, D::Error> {
    let text = String::deserialize(from)?;
    match text.parse::<jiff::Timestamp>() {
        Ok(time) => Ok(Some(time.as_millisecond())),
        Err(_) => {
            let reason = format!("`{text}` is not a time such as 2027-01-31T12:00:00Z");
            Err(serde::de::Error::custom(reason))
        }
    }
}

/// Reads the file, if one is named.
pub(super) fn read_optional(path: Option<&Path>) -> Result<FileConfig, ConfigError> {
    path.map_or_else(|| Ok(FileConfig::default()), read)
}

fn read(path: &Path) -> Result<FileConfig, ConfigError> {
    let shown = path.display().to_string();
    let text = std::fs::read_to_string(path)
        .map_err(|error| ConfigError::new(shown.clone(), error.to_string()))?;
    let table = toml::Deserializer::parse(&text)
        .map_err(|error| ConfigError::new(shown, located(&text, &error)))?;
    serde_path_to_error::deserialize(table).map_err(|error| {
        let key = error.path().to_string();
        ConfigError::new(key, located(&text, error.inner()))
    })
}

/// The error with its line, without the excerpt: that could show a key.
fn located(text: &str, error: &toml::de::Error) -> String {
    match error.span() {
        Some(span) => {
            let line = text[..span.start.min(text.len())].matches('\n').count() + 1;
            format!("{} (line {line})", error.message())
        }
        None => error.message().to_owned(),
    }
}

impl FileConfig {
    /// The database, which the command line may name.
    pub(super) fn database_or(&mut self, given: Option<&PathBuf>) -> PathBuf {
        let named = given.cloned().or(self.database.take());
        named.unwrap_or_else(|| PathBuf::from("waymark.sqlite"))
    }

    /// The configuration, with flags and environment variables in place of the file's values.
    pub(super) fn overridden_by(
        mut self,
        args: &ServeArgs,
        keys: Keys,
    ) -> Result<Config, ConfigError> {
        let address = |key: &str, given: Option<String>, default: &str| {
            let text = given.unwrap_or_else(|| default.to_owned());
            text.parse::<SocketAddr>().map_err(|_| {
                ConfigError::new(key, format!("`{text}` is not an address such as {default}"))
            })
        };
        let gateway = &args.gateway;
        let database = self.database_or(gateway.database.as_ref());
        let listen = args.listen.clone().or(self.listen);
        let admin_listen = gateway.admin_listen.clone().or(self.admin_listen);
        let admin_token = match (&gateway.admin_token, self.admin_token) {
            (Some(token), _) => Some(token.clone()),
            (None, Some(token)) => Some(token.read("admin_token")?),
            (None, None) => None,
        };
        Ok(Config {
            listen: address("listen", listen, "127.0.0.1:8080")?,
            admin_listen: address("admin_listen", admin_listen, "127.0.0.1:8081")?,
            admin_token,
            default_source: args.default_source.clone().or(self.default_source),
            static_dir: args.static_dir.clone().or(self.static_dir),
            sdk_dir: args.sdk_dir.clone().or(self.sdk_dir),
            sdk_path: args
                .sdk_path
                .clone()
                .or(self.sdk_path)
                .unwrap_or_else(|| "/sdk/".to_owned()),
            trusted_proxies: networks(&self.trusted_proxies)?,
            sources: self
                .sources
                .into_iter()
                .enumerate()
                .map(|(at, source)| source.checked(at, keys))
                .collect::<Result<_, _>>()?,
            limits: self.limits,
            store: self.store,
            database,
        })
    }
}

impl FileSource {
    fn checked(self, at: usize, keys: Keys) -> Result<SourceConfig, ConfigError> {
        let allowed_origins = AllowedOrigins::parse(&self.allowed_origins)
            .map_err(|reason| ConfigError::new(format!("sources[{at}].allowed_origins"), reason))?;
        let commercetools =
            FileCommercetools::checked(self.commercetools, self.kind, &format!("sources[{at}]"))?;
        let plan = match (self.plan, keys) {
            (Some(plan), Keys::Read) => {
                Some(plan.read(&self.name, self.kind, &format!("sources[{at}].plan"))?)
            }
            _ => None,
        };
        let read = |secret: SecretSource, name: String| match keys {
            Keys::Read => secret.read(&format!("sources[{at}].{name}")),
            Keys::Unread => Ok(String::new()),
        };
        let key_of = |(number, key): (usize, FileKey)| {
            Ok(KeyConfig {
                key: read(key.key, format!("keys[{number}].key"))?,
                kind: key.kind,
                not_after_ms: key.not_after,
            })
        };
        let forward_of = |forward: FileForward| {
            Ok(ForwardConfig {
                upstream: forward.upstream,
                write_key: read(forward.write_key, "forward.write_key".to_owned())?,
                start: forward.start,
            })
        };
        let destinations = self.destinations.into_iter().enumerate();
        let destinations = destinations
            .map(|(number, table)| {
                let key = format!("sources[{at}].destinations[{number}]");
                DestinationConfig::read(table, &key, keys)
            })
            .collect::<Result<_, _>>()?;
        Ok(SourceConfig {
            name: self.name,
            allowed_origins,
            pixel: self.pixel,
            keys: self
                .keys
                .into_iter()
                .enumerate()
                .map(key_of)
                .collect::<Result<_, _>>()?,
            forward: self.forward.map(forward_of).transpose()?,
            destinations,
            identity: self.identity,
            commercetools,
            plan,
        })
    }
}

fn networks(texts: &[String]) -> Result<Vec<IpNet>, ConfigError> {
    texts
        .iter()
        .map(|text| {
            text.parse::<IpNet>()
                .or_else(|_| text.parse::<std::net::IpAddr>().map(IpNet::from))
                .map_err(|_| {
                    let reason = format!("`{text}` is not a network such as 10.0.0.0/8");
                    ConfigError::new("trusted_proxies", reason)
                })
        })
        .collect()
}
