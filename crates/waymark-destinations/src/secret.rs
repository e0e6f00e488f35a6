//! Credentials.

use std::fmt;

use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer};

/// A credential. Neither `Debug` nor an error shows it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// What stands in place of a secret where a request is shown.
    pub const HIDDEN: &'static str = "(hidden)";

    /// A credential with this text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The credential itself, for a request.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether it is missing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.trim().is_empty()
    }

    /// Puts [`Self::HIDDEN`] in its place, so that requests can be shown.
    pub fn hide(&mut self) {
        Self::HIDDEN.clone_into(&mut self.0);
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Text;

        impl Visitor<'_> for Text {
            type Value = Secret;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Secret, E> {
                Ok(Secret::new(text))
            }

            // The default would show the number, which may be the secret without its quotes.
            fn visit_i64<E: Error>(self, _number: i64) -> Result<Secret, E> {
                Err(E::custom("a number, expected a text"))
            }

            fn visit_u64<E: Error>(self, _number: u64) -> Result<Secret, E> {
                Err(E::custom("a number, expected a text"))
            }

            fn visit_f64<E: Error>(self, _number: f64) -> Result<Secret, E> {
                Err(E::custom("a number, expected a text"))
            }
        }

        from.deserialize_any(Text)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(Self::HIDDEN)
    }
}
