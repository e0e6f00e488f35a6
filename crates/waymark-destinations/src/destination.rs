//! The one interface of all destinations.

use std::fmt;

use crate::answer::{Answer, Verdict};
use crate::event::Event;
use crate::request::Request;
use crate::skip::Skip;

/// What an event, or a part of it, becomes at a vendor. `Debug` does not show the data.
#[derive(Clone, PartialEq, Eq)]
pub struct Payload {
    /// What the vendor calls it: the name of its event, for instance.
    pub name: String,
    /// Payloads of different lanes never share a request.
    pub lane: Lane,
    /// JSON.
    pub body: String,
}

/// Which payloads may share a request.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Lane {
    /// The end of the address, where the vendor has several.
    pub endpoint: &'static str,
    /// What else all payloads of a request have in common, such as the visitor.
    pub shared: String,
}

impl Payload {
    /// A payload of the endpoint.
    pub(crate) fn new(name: impl Into<String>, endpoint: &'static str, body: String) -> Self {
        let lane = Lane {
            endpoint,
            shared: String::new(),
        };
        Self {
            name: name.into(),
            lane,
            body,
        }
    }
}

impl fmt::Debug for Payload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Payload")
            .field("name", &self.name)
            .field("bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// What a vendor takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Most payloads in a request.
    pub payloads: usize,
    /// Most bytes of a request's body.
    pub request_bytes: usize,
    /// Most bytes of a payload.
    pub payload_bytes: usize,
    /// Bytes of a request's body besides its payloads, at most.
    pub envelope_bytes: usize,
    /// The age beyond which an event is not taken, in milliseconds.
    pub age_ms: Option<i64>,
}

/// Where events go. All methods are pure.
pub trait Destination: fmt::Debug + Send + Sync {
    /// The names by which an event's `integrations` select it.
    fn integration_names(&self) -> &'static [&'static str];

    /// What it takes.
    fn limits(&self) -> Limits;

    /// What the event becomes: at least one payload.
    ///
    /// # Errors
    /// The reason why it becomes nothing.
    fn map(&self, event: &Event<'_>) -> Result<Vec<Payload>, Skip>;

    /// The request that carries payloads of one lane.
    fn request(&self, lane: &Lane, payloads: &[&Payload], now_ms: i64) -> Request;

    /// What the vendor's answer to a request of these payloads means.
    fn judge(&self, answer: &Answer<'_>, payloads: &[&Payload]) -> Verdict {
        let _ = payloads;
        answer.by_status()
    }

    /// How the vendor checks payloads of one lane without counting them, where it can.
    /// `test_code` is what the vendor's own page for tests shows.
    fn check(
        &self,
        lane: &Lane,
        payloads: &[&Payload],
        test_code: Option<&str>,
        now_ms: i64,
    ) -> Check {
        let _ = (lane, payloads, test_code, now_ms);
        Check::None("nothing that only checks an event: whatever it takes is stored")
    }

    /// What the vendor finds wrong, in words: its answer to the request of [`Self::check`].
    fn findings(&self, answer: &Answer<'_>) -> Vec<String> {
        match answer.by_status() {
            Verdict::Taken | Verdict::Each(_) => Vec::new(),
            Verdict::Refused { reason } => vec![reason],
            Verdict::Later { why, .. } => vec![why],
        }
    }
}

/// How a vendor checks an event.
#[derive(Debug)]
pub enum Check {
    /// It does not, as it has what the text says.
    None(&'static str),
    /// It cannot yet: what is missing.
    Lacks(&'static str),
    /// By a request.
    Request {
        /// The request.
        request: Request,
        /// What to know of its answer.
        note: &'static str,
    },
}

impl Check {
    /// The check of a vendor whose Events Manager shows events with a code under "Test Events":
    /// `request` makes the request with it.
    pub(crate) fn with_code(
        code: Option<&str>,
        request: impl FnOnce(&str) -> Request,
        note: &'static str,
    ) -> Self {
        match code {
            Some(code) => Self::Request {
                request: request(code),
                note,
            },
            None => Self::Lacks(
                "a test event code: Events Manager shows one under \"Test Events\"; pass it as \
                 --test-event-code",
            ),
        }
    }
}
