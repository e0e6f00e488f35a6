//! Secrets of the configuration: in the file itself, in a file of their own, or in the environment.

use std::fmt;
use std::fs::File;
use std::io::Read;
use std::path::PathBuf;

use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::ConfigError;
use crate::limits::SECRET_MAX_BYTES;

/// Where a secret is.
#[derive(Clone)]
pub(super) enum SecretSource {
    /// In the configuration.
    Text(String),
    /// In this file, whose last line break does not count.
    File(PathBuf),
    /// In this environment variable.
    Environment(String),
}

impl SecretSource {
    /// The secret. `key` is that of the configuration.
    ///
    /// # Errors
    /// When there is no such file or variable. The error never shows the secret.
    pub(super) fn read(self, key: &str) -> Result<String, ConfigError> {
        match self {
            Self::Text(text) => Ok(text),
            Self::File(path) => {
                let wrong =
                    |reason: String| ConfigError::new(key, format!("{}: {reason}", path.display()));
                let mut text = String::new();
                File::open(&path)
                    .and_then(|file| file.take(SECRET_MAX_BYTES + 1).read_to_string(&mut text))
                    .map_err(|error| wrong(error.to_string()))?;
                if text.len() as u64 > SECRET_MAX_BYTES {
                    return Err(wrong(format!("is longer than {SECRET_MAX_BYTES} bytes")));
                }
                let length = text.trim_end_matches(['\n', '\r']).len();
                text.truncate(length);
                Ok(text)
            }
            Self::Environment(name) => std::env::var(&name).map_err(|error| {
                let reason = match error {
                    std::env::VarError::NotPresent => "is not set",
                    std::env::VarError::NotUnicode(_) => "is not UTF-8",
                };
                ConfigError::new(key, format!("the environment variable {name} {reason}"))
            }),
        }
    }
}

impl fmt::Debug for SecretSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(_) => f.write_str("Text(…)"),
            Self::File(path) => f.debug_tuple("File").field(path).finish(),
            Self::Environment(name) => f.debug_tuple("Environment").field(name).finish(),
        }
    }
}

const EXPECTED: &str = "a text, { file = \"…\" } or { env = \"…\" }";

impl<'de> Deserialize<'de> for SecretSource {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Written;

        impl<'de> Visitor<'de> for Written {
            type Value = SecretSource;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(EXPECTED)
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<SecretSource, E> {
                Ok(SecretSource::Text(text.to_owned()))
            }

            // The default would show the number, which may be the secret without its quotes.
            fn visit_i64<E: Error>(self, _number: i64) -> Result<SecretSource, E> {
                Err(E::custom(format!("a number, expected {EXPECTED}")))
            }

            fn visit_f64<E: Error>(self, _number: f64) -> Result<SecretSource, E> {
                Err(E::custom(format!("a number, expected {EXPECTED}")))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<SecretSource, A::Error> {
                let place: Option<String> = map.next_key()?;
                let source = match place.as_deref() {
                    Some("file") => SecretSource::File(map.next_value()?),
                    Some("env") => SecretSource::Environment(map.next_value()?),
                    _ => return Err(A::Error::custom(format!("expected {EXPECTED}"))),
                };
                match map.next_key::<String>()? {
                    None => Ok(source),
                    Some(_) => Err(A::Error::custom("a secret is in one place only")),
                }
            }
        }

        from.deserialize_any(Written)
    }
}
