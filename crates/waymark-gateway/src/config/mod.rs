//! The gateway's configuration: defaults, then a TOML file, then environment, then flags.

mod check;
mod cli;
mod file;
mod origins;

use std::net::SocketAddr;
use std::path::PathBuf;

use ipnet::IpNet;

pub use self::cli::{Cli, Command, ExportArgs, ServeArgs};
pub use self::origins::AllowedOrigins;

/// What is wrong with the configuration: the key, and why. One line, for the person starting it.
#[derive(Debug, thiserror::Error)]
#[error("{key}: {reason}")]
pub struct ConfigError {
    /// The key, flag or file that is wrong, such as `sources[0].keys[1].kind`.
    pub key: String,
    /// Why, in words.
    pub reason: String,
}

impl ConfigError {
    pub(crate) fn new(key: impl Into<String>, reason: impl Into<String>) -> Self {
        let reason = reason
            .into()
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ");
        Self {
            key: key.into(),
            reason,
        }
    }
}

/// Who holds a write key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum KeyKind {
    /// Shipped in a page, so public: its events carry the visitor's address as the gateway saw it.
    Browser,
    /// Kept secret on a server, so trusted: may name another address.
    Server,
}

impl KeyKind {
    /// The word in configuration and export.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Browser => "browser",
            Self::Server => "server",
        }
    }
}

/// A checked configuration, ready to serve.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where the public API listens.
    pub listen: SocketAddr,
    /// Where live view, metrics and flush listen.
    pub admin_listen: SocketAddr,
    /// What the admin listener asks for, if anything.
    pub admin_token: Option<String>,
    /// The SQLite file.
    pub database: PathBuf,
    /// The source of plain requests without a key; for demos.
    pub default_source: Option<String>,
    /// A built storefront to serve.
    pub static_dir: Option<PathBuf>,
    /// The SDK's files (the package's `dist`), to serve.
    pub sdk_dir: Option<PathBuf>,
    /// Under which path; it begins and ends with a slash.
    pub sdk_path: String,
    /// Networks whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// Where events come from.
    pub sources: Vec<SourceConfig>,
    /// How many requests are taken.
    pub limits: LimitsConfig,
}

/// One source: a shop, say.
#[derive(Debug, Clone)]
pub struct SourceConfig {
    /// Its name in the store, unique.
    pub name: String,
    /// Pages that may send to it.
    pub allowed_origins: AllowedOrigins,
    /// Its write keys.
    pub keys: Vec<KeyConfig>,
    /// Where its events are passed on to, if anywhere.
    pub forward: Option<ForwardConfig>,
    /// How its visitors' cookies are set again.
    pub identity: IdentityConfig,
}

/// How `POST /v1/identity` sets cookies.
#[derive(Debug, Clone, Copy, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct IdentityConfig {
    /// Which hosts share them.
    pub cookie_scope: CookieScope,
    /// Whether scripts may not read them. The SDK then has the ids from localStorage alone.
    pub http_only: bool,
}

/// Which hosts share the visitor's cookies.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CookieScope {
    /// All hosts of the registrable domain, as the SDK's own cookies.
    #[default]
    Site,
    /// The gateway's host alone: for a gateway behind the shop's own host.
    Host,
}

/// One write key.
#[derive(Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyConfig {
    /// The key itself.
    pub key: String,
    /// Who holds it.
    pub kind: KeyKind,
}

impl std::fmt::Debug for KeyConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeyConfig")
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

/// A Segment-compatible API that a source's events are passed on to.
#[derive(Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ForwardConfig {
    /// Its base address, such as `https://api.segment.io/v1`; `/batch` is added.
    #[serde(default = "default_upstream")]
    pub upstream: String,
    /// The write key to use there.
    pub write_key: String,
}

impl std::fmt::Debug for ForwardConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ForwardConfig")
            .field("upstream", &self.upstream)
            .finish_non_exhaustive()
    }
}

fn default_upstream() -> String {
    "https://api.segment.io/v1".to_owned()
}

/// Requests a second. A burst may be as large as one second's worth.
#[derive(Debug, Clone, Copy, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LimitsConfig {
    /// For one write key.
    pub requests_per_second_per_key: u32,
    /// For one address (IPv6: one /64 network).
    pub requests_per_second_per_address: u32,
}

impl Default for LimitsConfig {
    fn default() -> Self {
        Self {
            requests_per_second_per_key: crate::limits::KEY_REQUESTS_PER_SECOND,
            requests_per_second_per_address: crate::limits::ADDRESS_REQUESTS_PER_SECOND,
        }
    }
}

impl Config {
    /// Reads the file that `args` names, lets flags and environment win, and checks it all.
    ///
    /// # Errors
    /// When a key is unknown, a value does not fit or values contradict each other.
    pub fn load(args: &ServeArgs) -> Result<Self, ConfigError> {
        let file = match &args.config {
            Some(path) => file::read(path)?,
            None => file::FileConfig::default(),
        };
        let config = file.overridden_by(args)?;
        check::check(&config)?;
        Ok(config)
    }
}
