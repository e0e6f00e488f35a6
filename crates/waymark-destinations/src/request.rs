//! The requests that carry events.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// A POST request. `Debug` shows neither headers nor body, which may hold secrets and people's
/// data.
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    /// The address.
    pub url: String,
    /// Names and values of the headers.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: String,
}

impl Request {
    /// A request with a body of JSON.
    pub(crate) fn json(url: String, body: String) -> Self {
        Self {
            url,
            headers: vec![("content-type", "application/json".to_owned())],
            body,
        }
    }

    /// Adds a header.
    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Adds the header of HTTP's basic authentication.
    pub(crate) fn with_basic_auth(self, user: &str, password: &str) -> Self {
        let pair = STANDARD.encode(format!("{user}:{password}"));
        self.with("authorization", format!("Basic {pair}"))
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// JSON texts as an array, without reading them.
pub(crate) fn array<'a>(items: impl IntoIterator<Item = &'a str>) -> String {
    let mut text = String::from("[");
    for item in items {
        if text.len() > 1 {
            text.push(',');
        }
        text.push_str(item);
    }
    text.push(']');
    text
}
