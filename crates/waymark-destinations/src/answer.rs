//! What a vendor's answer means for the payloads of a request.

use std::time::Duration;

use serde_json::Value;

/// A vendor's answer.
#[derive(Debug, Clone, Copy)]
pub struct Answer<'a> {
    /// The HTTP status.
    pub status: u16,
    /// Whether it is a web page: an address that is no API's.
    pub is_page: bool,
    /// The wait it asks for by `Retry-After`.
    pub retry_after: Option<Duration>,
    /// The body, or its beginning.
    pub body: &'a str,
}

/// What becomes of one payload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// The vendor has it.
    Taken,
    /// The vendor will never take it.
    Refused(String),
    /// It was not the cause of the refusal, and is sent again.
    Again,
}

/// What a vendor's answer means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The vendor has all payloads.
    Taken,
    /// Each payload has its own fate, in the order of the request.
    Each(Vec<Fate>),
    /// The vendor refused the request for the sake of a payload that it does not name: the request
    /// is halved until that payload stands alone.
    Refused {
        /// The first part of the answer.
        reason: String,
    },
    /// The vendor may take the payloads later. None is given up: a key or an address that is wrong
    /// must not cost an event.
    Later {
        /// The wait it asks for.
        retry_after: Option<Duration>,
        /// Why, for the log.
        why: String,
    },
}

impl Answer<'_> {
    /// The verdict by the status alone.
    #[must_use]
    pub fn by_status(&self) -> Verdict {
        if self.is_success() {
            Verdict::Taken
        } else if self.refuses_the_body() {
            self.refused()
        } else {
            self.later()
        }
    }

    /// Whether an API took the request.
    #[must_use]
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status) && !self.is_page
    }

    /// Whether the status is about the payloads. A wrong key or address (401, 403, 404, a
    /// redirect) is not.
    fn refuses_the_body(&self) -> bool {
        (400..500).contains(&self.status)
            && !matches!(
                self.status,
                401 | 403 | 404 | 405 | 407 | 408 | 410 | 425 | 429 | 460
            )
    }

    /// The request is refused for what is in it.
    pub(crate) fn refused(&self) -> Verdict {
        Verdict::Refused {
            reason: self.body.to_owned(),
        }
    }

    /// The request may be taken later.
    pub(crate) fn later(&self) -> Verdict {
        let page = if self.is_page { " with a web page" } else { "" };
        Verdict::Later {
            retry_after: self.retry_after,
            why: format!("the upstream answered {}{page}", self.shown_status()),
        }
    }

    /// The status with its name: `503 Service Unavailable`.
    fn shown_status(&self) -> String {
        http::StatusCode::from_u16(self.status)
            .map_or_else(|_| self.status.to_string(), |status| status.to_string())
    }

    /// The body as JSON, or null.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(self.body).unwrap_or(Value::Null)
    }
}

impl Verdict {
    /// A verdict for each of `n` payloads: `refused` names those that are refused and why. Of an
    /// index that the request does not have nothing follows.
    pub(crate) fn each(
        n: usize,
        refused: impl IntoIterator<Item = (usize, String)>,
        rest: &Fate,
    ) -> Self {
        let mut fates = vec![rest.clone(); n];
        for (index, reason) in refused {
            if let Some(fate) = fates.get_mut(index) {
                *fate = Fate::Refused(reason);
            }
        }
        Self::Each(fates)
    }
}
