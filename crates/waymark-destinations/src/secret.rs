//! Credentials.

use std::fmt;

/// A credential. Neither `Debug` nor an error shows it.
#[derive(Clone, PartialEq, Eq, serde::Deserialize)]
#[serde(transparent)]
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

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(Self::HIDDEN)
    }
}
