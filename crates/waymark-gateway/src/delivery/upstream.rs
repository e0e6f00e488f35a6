//! Sends one request to an upstream, and judges its answer.

use std::time::{Duration, SystemTime};

use http::{HeaderMap, StatusCode, header};
use reqwest::redirect::Policy;
use reqwest::{Client, Response};

use crate::config::ForwardConfig;
use crate::limits::{DEAD_LETTER_REASON_BYTES, FORWARD_TIMEOUT};

/// The outcome of one request.
#[derive(Debug)]
pub(super) enum Outcome {
    /// The upstream took the events.
    Taken,
    /// The upstream will never take this body, but perhaps a part of it.
    Refused {
        /// Its HTTP status.
        status: u16,
        /// The first part of its answer.
        reason: String,
    },
    /// The upstream may take it later.
    TryAgain {
        /// The wait it asks for.
        retry_after: Option<Duration>,
        /// Why, for the log.
        why: String,
    },
}

/// A Segment-compatible API.
#[derive(Debug)]
pub(super) struct Upstream {
    client: Client,
    url: String,
    write_key: String,
}

impl Upstream {
    pub(super) fn new(config: &ForwardConfig) -> Result<Self, reqwest::Error> {
        // Fails when another source's upstream has done it before.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder()
            .redirect(Policy::none())
            .timeout(FORWARD_TIMEOUT)
            .user_agent(concat!("waymark-gateway/", env!("CARGO_PKG_VERSION")))
            .build()?;
        Ok(Self {
            client,
            url: format!("{}/batch", config.upstream.trim_end_matches('/')),
            write_key: config.write_key.clone(),
        })
    }

    /// Sends a body once.
    pub(super) async fn send(&self, body: String) -> Outcome {
        let sent = self
            .client
            .post(&self.url)
            .basic_auth(&self.write_key, Some(""))
            .header(header::CONTENT_TYPE, "application/json")
            .body(body)
            .send()
            .await;
        match sent {
            Ok(response) => judge(response).await,
            Err(error) => Outcome::TryAgain {
                retry_after: None,
                // The address may hold a secret.
                why: chain(&error.without_url()),
            },
        }
    }
}

async fn judge(response: Response) -> Outcome {
    let status = response.status();
    let is_page = response
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|kind| kind.starts_with("text/html"));
    if status.is_success() && !is_page {
        return Outcome::Taken;
    }
    if refuses_the_body(status) {
        return Outcome::Refused {
            status: status.as_u16(),
            reason: beginning(response).await,
        };
    }
    Outcome::TryAgain {
        retry_after: retry_after(response.headers(), SystemTime::now()),
        why: if is_page {
            format!("the upstream answered {status} with a web page")
        } else {
            format!("the upstream answered {status}")
        },
    }
}

/// Whether the status is about the events. A wrong key or address (401, 403, 404, a redirect) is
/// not: a mistake in the configuration must not cost an event.
fn refuses_the_body(status: StatusCode) -> bool {
    status.is_client_error()
        && !matches!(
            status.as_u16(),
            401 | 403 | 404 | 405 | 407 | 408 | 410 | 425 | 429 | 460
        )
}

/// `Retry-After` in seconds or as a date.
fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let text = headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = httpdate::parse_http_date(text).ok()?;
    Some(date.duration_since(now).unwrap_or_default())
}

/// The first part of the answer's text.
async fn beginning(mut response: Response) -> String {
    let mut bytes = Vec::new();
    while bytes.len() < DEAD_LETTER_REASON_BYTES {
        match response.chunk().await {
            Ok(Some(chunk)) => bytes.extend_from_slice(&chunk),
            Ok(None) | Err(_) => break,
        }
    }
    bytes.truncate(DEAD_LETTER_REASON_BYTES);
    String::from_utf8_lossy(&bytes).into_owned()
}

/// An error with its causes: reqwest's own message says only that sending failed.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retry_after_is_read_in_both_forms() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777);
        let read = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::RETRY_AFTER, text.parse().expect("a header"));
            retry_after(&headers, now)
        };
        assert_eq!(read("12"), Some(Duration::from_secs(12)));
        assert_eq!(
            read("Sun, 06 Nov 1994 08:49:47 GMT"),
            Some(Duration::from_secs(10))
        );
        assert_eq!(read("Sun, 06 Nov 1994 08:49:00 GMT"), Some(Duration::ZERO));
        assert_eq!(read("soon"), None);
    }
}
