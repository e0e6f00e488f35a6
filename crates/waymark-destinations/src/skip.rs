//! Why an event goes nowhere.

/// The reason why an event becomes nothing at a destination.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Skip {
    /// The destination's `events` or `types` leave it out.
    #[error("left out by the destination's filters")]
    Filtered,
    /// The event's own `integrations` leave the destination out.
    #[error("left out by the event's `integrations`")]
    Integrations,
    /// The visitor did not agree to what the destination is for.
    #[error("not sent without consent")]
    NoConsent,
    /// The vendor has nothing that this could become.
    #[error("{0}")]
    Unsupported(&'static str),
    /// The event lacks something that the vendor asks for.
    #[error("lacks {0}")]
    Lacks(&'static str),
    /// The vendor takes no event that is as old.
    #[error("older than the vendor takes")]
    TooOld,
    /// The vendor takes no event that is as large.
    #[error("larger than the vendor takes")]
    TooLarge,
    /// The event's text cannot be read: a number beyond all limits, for instance.
    #[error("unreadable JSON")]
    Unreadable,
}

impl Skip {
    /// A stable name of the reason, for metrics.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Filtered => "filtered",
            Self::Integrations => "integrations",
            Self::NoConsent => "no_consent",
            Self::Unsupported(_) => "unsupported",
            Self::Lacks(_) => "incomplete",
            Self::TooOld => "too_old",
            Self::TooLarge => "too_large",
            Self::Unreadable => "unreadable",
        }
    }
}
