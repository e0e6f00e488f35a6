//! The TOML file, and the flags and environment variables that override it.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use ipnet::IpNet;
use serde::Deserialize;

use super::{
    AllowedOrigins, Config, ConfigError, DestinationConfig, ForwardConfig, IdentityConfig,
    KeyConfig, LimitsConfig, ServeArgs, SourceConfig, StoreConfig,
};

/// The contents of the file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct FileConfig {
    listen: Option<String>,
    admin_listen: Option<String>,
    admin_token: Option<String>,
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
    allowed_origins: Vec<String>,
    #[serde(default)]
    keys: Vec<KeyConfig>,
    forward: Option<ForwardConfig>,
    #[serde(default)]
    destinations: Vec<toml::Table>,
    #[serde(default)]
    identity: IdentityConfig,
}

/// Reads the file.
pub(super) fn read(path: &Path) -> Result<FileConfig, ConfigError> {
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
    /// The configuration, with flags and environment variables in place of the file's values.
    pub(super) fn overridden_by(self, args: &ServeArgs) -> Result<Config, ConfigError> {
        let address = |key: &str, given: Option<String>, default: &str| {
            let text = given.unwrap_or_else(|| default.to_owned());
            text.parse::<SocketAddr>().map_err(|_| {
                ConfigError::new(key, format!("`{text}` is not an address such as {default}"))
            })
        };
        let listen = args.listen.clone().or(self.listen);
        let gateway = &args.gateway;
        let admin_listen = gateway.admin_listen.clone().or(self.admin_listen);
        Ok(Config {
            listen: address("listen", listen, "127.0.0.1:8080")?,
            admin_listen: address("admin_listen", admin_listen, "127.0.0.1:8081")?,
            admin_token: gateway.admin_token.clone().or(self.admin_token),
            database: gateway
                .database
                .clone()
                .or(self.database)
                .unwrap_or_else(|| PathBuf::from("waymark.sqlite")),
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
                .map(|(at, source)| source.checked(at))
                .collect::<Result<_, _>>()?,
            limits: self.limits,
            store: self.store,
        })
    }
}

impl FileSource {
    fn checked(self, at: usize) -> Result<SourceConfig, ConfigError> {
        let allowed_origins = AllowedOrigins::parse(&self.allowed_origins)
            .map_err(|reason| ConfigError::new(format!("sources[{at}].allowed_origins"), reason))?;
        let destinations = self.destinations.into_iter().enumerate();
        let destinations = destinations
            .map(|(number, table)| {
                let key = format!("sources[{at}].destinations[{number}]");
                DestinationConfig::read(table, &key)
            })
            .collect::<Result<_, _>>()?;
        Ok(SourceConfig {
            name: self.name,
            allowed_origins,
            keys: self.keys,
            forward: self.forward,
            destinations,
            identity: self.identity,
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
