//! Errors of a call.

use core::fmt;

/// Why a call became no event. The page gets it as the rejection of the call's promise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallError {
    /// `track` without a name (contract, §a.5); the caller has to name the event.
    EventMissing,
    /// The text of the call names no method: facade and core are of different versions.
    UnknownMethod,
    /// The event is larger than any server takes; the caller has to send less.
    EventTooLarge,
}

impl CallError {
    /// The message of the rejection; the first is that of analytics-next.
    pub fn message(self) -> &'static str {
        match self {
            Self::EventMissing => "Event missing",
            Self::UnknownMethod => "Unknown method",
            Self::EventTooLarge => "Event too large",
        }
    }
}

impl fmt::Display for CallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message())
    }
}

impl core::error::Error for CallError {}
