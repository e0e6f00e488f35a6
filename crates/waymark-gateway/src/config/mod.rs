//! The gateway's configuration: defaults, overridden by a TOML file, by environment variables
//! and by flags, in this order.

mod check;
mod cli;
mod commercetools;
mod destination;
mod file;
mod origins;
mod plan;
mod restart;
mod secret;
mod start;
mod store;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use ipnet::IpNet;

use crate::store::ForwardStart;

pub use self::cli::{
    Cli, Command, CopyArgs, DatabaseArgs, DeadLetters, EraseArgs, ExportArgs, GatewayArgs,
    ImportArgs, InitArgs, LetterArgs, ReplayArgs, ServeArgs, TestArgs, TryArgs,
};
pub use self::commercetools::CommercetoolsConfig;
pub use self::destination::DestinationConfig;
pub(crate) use self::destination::FORWARD;
pub use self::origins::AllowedOrigins;
pub use self::plan::{PlanMode, SourcePlan};
pub(crate) use self::start::time_ms;
pub use self::store::{ByteSize, StoreConfig};

/// A mistake in the configuration. Shown on one line to whoever starts the gateway.
#[derive(Debug, thiserror::Error)]
#[error("{key}: {reason}")]
pub struct ConfigError {
    /// The key, flag or file that is wrong, such as `sources[0].keys[1].kind`.
    pub key: String,
    /// The mistake, and how to mend it.
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
    /// Shipped in a page, so public: its events get the client address that the gateway saw.
    Browser,
    /// Kept secret on a server, so trusted: its events may name a visitor's address.
    Server,
}

impl KeyKind {
    /// The name in configuration and export.
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
    /// The address of the public API.
    pub listen: SocketAddr,
    /// The address of live view, metrics and flush.
    pub admin_listen: SocketAddr,
    /// The token that the admin listener asks for, if it has one.
    pub admin_token: Option<String>,
    /// The SQLite file.
    pub database: PathBuf,
    /// The source of plain requests without a key; for demos.
    pub default_source: Option<String>,
    /// The folder of a built storefront to serve.
    pub static_dir: Option<PathBuf>,
    /// The folder of the SDK's files (the package's `dist`) to serve.
    pub sdk_dir: Option<PathBuf>,
    /// The path they are served under; it begins and ends with a slash.
    pub sdk_path: String,
    /// Proxies whose word on the client's address is taken.
    pub trusted_proxies: Vec<IpNet>,
    /// The sources of events.
    pub sources: Vec<SourceConfig>,
    /// The rate limits.
    pub limits: LimitsConfig,
    /// How long events are kept.
    pub store: StoreConfig,
}

/// One source: a shop, say.
#[derive(Debug, Clone)]
pub struct SourceConfig {
    /// Its name in the store, unique.
    pub name: String,
    /// Pages that may send to it.
    pub allowed_origins: AllowedOrigins,
    /// Whether it takes events by images, which no list of origins can keep out.
    pub pixel: bool,
    /// Its write keys.
    pub keys: Vec<KeyConfig>,
    /// Where its events are forwarded to, if anywhere.
    pub forward: Option<ForwardConfig>,
    /// Where else they go.
    pub destinations: Vec<DestinationConfig>,
    /// How `POST /v1/identity` sets its visitors' cookies.
    pub identity: IdentityConfig,
    /// How it takes what commercetools sends, if it does.
    pub commercetools: Option<CommercetoolsConfig>,
    /// The tracking plan that its events are judged by.
    pub plan: Option<Arc<SourcePlan>>,
}

/// How `POST /v1/identity` sets cookies.
#[derive(Debug, Clone, Copy, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct IdentityConfig {
    /// The hosts that share them.
    pub cookie_scope: CookieScope,
    /// Whether they are hidden from scripts. The SDK then knows the ids from localStorage alone.
    pub http_only: bool,
}

/// The hosts that share a visitor's cookies.
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
#[derive(Clone)]
pub struct KeyConfig {
    /// The key itself.
    pub key: String,
    /// Who holds it.
    pub kind: KeyKind,
    /// The last moment in which it is taken, in milliseconds since 1970, if it has one.
    pub not_after_ms: Option<i64>,
}

impl std::fmt::Debug for KeyConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeyConfig")
            .field("kind", &self.kind)
            .field("not_after_ms", &self.not_after_ms)
            .finish_non_exhaustive()
    }
}

/// A Segment-compatible API that a source's events are forwarded to.
#[derive(Clone, PartialEq, Eq)]
pub struct ForwardConfig {
    /// Its base URL, such as `https://api.segment.io/v1`; `/batch` is appended.
    pub upstream: String,
    /// The write key to use there.
    pub write_key: String,
    /// Where forwarding begins, when it does so for the first time.
    pub start: Option<ForwardStart>,
}

impl std::fmt::Debug for ForwardConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ForwardConfig")
            .field("upstream", &self.upstream)
            .finish_non_exhaustive()
    }
}

/// The rate limits. A burst may be as large as one second's worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LimitsConfig {
    /// Requests a second with one write key.
    pub requests_per_second_per_key: u32,
    /// Requests a second from one address (IPv6: one /64 network).
    pub requests_per_second_per_address: u32,
    /// Connections at once.
    pub connections: usize,
    /// Connections at once from one address (IPv6: one /64 network), unless it is a trusted proxy.
    pub connections_per_address: usize,
}

impl Default for LimitsConfig {
    fn default() -> Self {
        Self {
            requests_per_second_per_key: crate::limits::KEY_REQUESTS_PER_SECOND,
            requests_per_second_per_address: crate::limits::ADDRESS_REQUESTS_PER_SECOND,
            connections: crate::limits::CONNECTIONS_MAX,
            connections_per_address: crate::limits::CONNECTIONS_PER_ADDRESS_MAX,
        }
    }
}

/// Whether the keys of sources and destinations are read from where they are: who runs a command
/// may not be allowed to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Keys {
    Read,
    Unread,
}

impl Config {
    /// Reads what a command has to know of a gateway. What only serving needs is not checked, and
    /// the keys of sources and destinations are not read.
    ///
    /// # Errors
    /// When a key is unknown or a value does not fit.
    pub fn of_gateway(args: &GatewayArgs) -> Result<Self, ConfigError> {
        let args = ServeArgs {
            gateway: args.clone(),
            ..ServeArgs::default()
        };
        Self::read(&args, Keys::Unread)
    }

    /// The same with the keys of sources and destinations, for a command that has to use them.
    ///
    /// # Errors
    /// When a key is unknown, a value does not fit, or a secret cannot be read.
    pub fn of_gateway_with_keys(args: &GatewayArgs) -> Result<Self, ConfigError> {
        let args = ServeArgs {
            gateway: args.clone(),
            ..ServeArgs::default()
        };
        Self::read(&args, Keys::Read)
    }

    /// The database that the flags name.
    ///
    /// # Errors
    /// When the configuration is not valid.
    pub fn database_of(args: &DatabaseArgs) -> Result<PathBuf, ConfigError> {
        let mut file = file::read_optional(args.config.as_deref())?;
        Ok(file.database_or(args.database.as_ref()))
    }

    /// Reads the file that `args` names, overrides it by `args`, and checks the result.
    ///
    /// # Errors
    /// When a key is unknown, a value does not fit or values contradict each other.
    pub fn load(args: &ServeArgs) -> Result<Self, ConfigError> {
        let config = Self::read(args, Keys::Read)?;
        check::check(&config)?;
        Ok(config)
    }

    fn read(args: &ServeArgs, keys: Keys) -> Result<Self, ConfigError> {
        let file = file::read_optional(args.gateway.config.as_deref())?;
        file.overridden_by(args, keys)
    }
}
