//! Why a message makes no event.

use std::fmt;

/// A body that is wrong: the sender is told.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Refusal {
    /// The reason, as a stable code.
    pub code: &'static str,
    /// The reason, in words for who set it up.
    pub message: String,
}

impl Refusal {
    pub(crate) fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
        }
    }
}

/// Why a message that is right makes no event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ignored {
    /// It is of a type that becomes nothing, such as a message about products.
    Type,
    /// It says that something changed, and not what: a notification of a change subscription.
    NoBody,
    /// It was too large for its way: commercetools left its payload out.
    PayloadNotIncluded,
    /// It is about one of several addresses, which may not be the one that counts.
    OneAddress,
    /// The input of an extension, of what is not placed before all extensions have agreed.
    NotPlaced,
}

impl Ignored {
    /// The stable word of answers and metrics.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Type => "type",
            Self::NoBody => "no_body",
            Self::PayloadNotIncluded => "payload_not_included",
            Self::OneAddress => "one_address",
            Self::NotPlaced => "not_placed",
        }
    }
}

impl fmt::Display for Ignored {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
