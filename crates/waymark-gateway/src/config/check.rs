//! Rules between the values of a configuration.

use std::collections::HashSet;

use super::{Config, ConfigError, DestinationConfig, SourceConfig, commercetools, destination};

/// Refuses a configuration that cannot work or is unsafe.
pub(super) fn check(config: &Config) -> Result<(), ConfigError> {
    let token = config.admin_token.as_deref();
    if token.is_some_and(str::is_empty) {
        return Err(ConfigError::new("admin_token", "must not be empty"));
    }
    if token.is_none() && !config.admin_listen.ip().is_loopback() {
        let reason = format!(
            "{} can be reached from other machines, so admin_token must be set",
            config.admin_listen
        );
        return Err(ConfigError::new("admin_listen", reason));
    }
    if config.listen == config.admin_listen && config.listen.port() != 0 {
        let reason = format!("{} is the address of `listen` already", config.listen);
        return Err(ConfigError::new("admin_listen", reason));
    }
    if let Some(all) = config
        .trusted_proxies
        .iter()
        .find(|network| network.prefix_len() == 0)
    {
        let reason = format!("{all} lets every client choose its address: list the proxies");
        return Err(ConfigError::new("trusted_proxies", reason));
    }
    for (key, dir) in [
        ("static_dir", &config.static_dir),
        ("sdk_dir", &config.sdk_dir),
    ] {
        if let Some(dir) = dir
            && !dir.is_dir()
        {
            let reason = format!("{} is not a folder", dir.display());
            return Err(ConfigError::new(key, reason));
        }
    }
    if !is_sdk_path(&config.sdk_path) {
        let reason = "must be a path such as /sdk/, with both slashes, that the API does not use";
        return Err(ConfigError::new("sdk_path", reason));
    }
    let limits = config.limits;
    for (key, is_zero) in [
        (
            "requests_per_second_per_key",
            limits.requests_per_second_per_key == 0,
        ),
        (
            "requests_per_second_per_address",
            limits.requests_per_second_per_address == 0,
        ),
        ("connections", limits.connections == 0),
        (
            "connections_per_address",
            limits.connections_per_address == 0,
        ),
    ] {
        if is_zero {
            return Err(ConfigError::new(
                format!("limits.{key}"),
                "must be at least 1",
            ));
        }
    }
    if let Some((key, reason)) = config.store.mistake() {
        return Err(ConfigError::new(format!("store.{key}"), reason));
    }
    check_sources(config)?;
    let abandoned = &config.store.abandoned_sources;
    for source in &config.sources {
        let forward = source.forward.iter().map(|_| destination::FORWARD);
        let listed = source.destinations.iter().map(|one| one.name.as_str());
        let mut names = forward.chain(listed);
        let is_abandoned = |name: &str| abandoned.contains(&format!("{}/{name}", source.name));
        let used = if source.forward.is_some() || !source.destinations.is_empty() {
            abandoned
                .contains(&source.name)
                .then(|| source.name.clone())
        } else {
            None
        };
        let used = used.or_else(|| {
            let name = names.find(|name| is_abandoned(name))?;
            Some(format!("{}/{name}", source.name))
        });
        if let Some(used) = used {
            let reason = format!("`{used}` is forwarded");
            return Err(ConfigError::new("store.abandoned_sources", reason));
        }
    }
    Ok(())
}

/// Whether the SDK may be served under this path.
fn is_sdk_path(path: &str) -> bool {
    let inner = path
        .strip_prefix('/')
        .and_then(|rest| rest.strip_suffix('/'));
    let is_part = |part: &str| {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        !part.is_empty() && !part.starts_with('.') && part.bytes().all(plain)
    };
    inner.is_some_and(|inner| {
        inner.split('/').all(is_part) && !matches!(inner.split('/').next(), Some("v1" | "projects"))
    })
}

fn check_sources(config: &Config) -> Result<(), ConfigError> {
    if config.sources.is_empty() {
        let reason = "at least one [[sources]] with a key is needed";
        return Err(ConfigError::new("sources", reason));
    }
    let mut names = HashSet::new();
    let mut keys = HashSet::new();
    for (at, source) in config.sources.iter().enumerate() {
        if source.name.is_empty() || !names.insert(&source.name) {
            let reason = "must be unique and not empty";
            return Err(ConfigError::new(format!("sources[{at}].name"), reason));
        }
        if source.keys.is_empty() {
            let reason = "at least one key is needed";
            return Err(ConfigError::new(format!("sources[{at}].keys"), reason));
        }
        for (key_at, key) in source.keys.iter().enumerate() {
            if key.key.is_empty() || key.key.contains(':') || !keys.insert(&key.key) {
                let reason = "must be unique over all sources, not empty and without a colon";
                let name = format!("sources[{at}].keys[{key_at}].key");
                return Err(ConfigError::new(name, reason));
            }
        }
        commercetools::check(at, source)?;
        check_forward(at, source)?;
        destination::check(at, source)?;
    }
    match &config.default_source {
        Some(name) if !names.contains(name) => Err(ConfigError::new(
            "default_source",
            format!("there is no source named `{name}`"),
        )),
        _ => Ok(()),
    }
}

fn check_forward(at: usize, source: &SourceConfig) -> Result<(), ConfigError> {
    let Some(forward) = &source.forward else {
        return Ok(());
    };
    let key = |name: &str| format!("sources[{at}].forward.{name}");
    let upstream = reqwest::Url::parse(&forward.upstream)
        .map_err(|error| ConfigError::new(key("upstream"), error.to_string()))?;
    if !matches!(upstream.scheme(), "http" | "https") || upstream.query().is_some() {
        let reason = "must be an http or https address without a query";
        return Err(ConfigError::new(key("upstream"), reason));
    }
    if upstream.path().trim_end_matches('/').ends_with("/batch") {
        let reason = "must be the base URL without /batch, which is appended";
        return Err(ConfigError::new(key("upstream"), reason));
    }
    if forward.write_key.is_empty() {
        return Err(ConfigError::new(key("write_key"), "must not be empty"));
    }
    match DestinationConfig::of_forward(forward) {
        Ok(_) => Ok(()),
        Err(error) => Err(ConfigError::new(key(error.key), error.reason)),
    }
}
