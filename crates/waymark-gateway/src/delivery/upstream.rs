//! Sends one request to a destination, and has its answer judged.

use std::time::{Duration, SystemTime};

use http::{HeaderMap, header};
use reqwest::{Client, Response};
use waymark_destinations::{
    Answer, Destination, Event, Payload, Plan, PlannedRequest, Rules, Verdict, plan,
};

use super::SetUpError;
use crate::config::DestinationConfig;
use crate::limits::{FORWARD_TIMEOUT, UPSTREAM_ANSWER_BYTES};
use crate::outgoing;
use crate::store::StoredEvent;

/// What a destination answered.
#[derive(Debug)]
pub(super) struct Answered {
    /// Its HTTP status; 0 if there was no answer.
    pub(super) status: u16,
    /// What it means.
    pub(super) verdict: Verdict,
}

/// A destination, and the way to it.
#[derive(Debug)]
pub(super) struct Upstream {
    client: Client,
    destination: Box<dyn Destination>,
    rules: Rules,
    /// Most requests under way at once.
    n_at_once: usize,
}

impl Upstream {
    pub(super) fn new(config: &DestinationConfig) -> Result<Self, SetUpError> {
        Ok(Self {
            client: outgoing::client(FORWARD_TIMEOUT)?,
            destination: config.settings.destination()?,
            rules: config.rules.clone(),
            n_at_once: config.requests_at_once,
        })
    }

    /// Most requests under way at once.
    pub(super) fn n_at_once(&self) -> usize {
        self.n_at_once
    }

    /// What events become, in requests of which `n_at_once` may be under way.
    pub(super) fn plan(&self, events: &[StoredEvent], n_at_once: usize, now_ms: i64) -> Plan {
        plan(
            self.destination.as_ref(),
            &self.rules,
            events.iter().map(event_of),
            n_at_once,
            now_ms,
        )
    }

    /// Sends a request once.
    pub(super) async fn send(&self, planned: &PlannedRequest, now_ms: i64) -> Answered {
        let payloads: Vec<_> = planned.payloads.iter().map(|one| &one.payload).collect();
        let request = self.destination.request(&planned.lane, &payloads, now_ms);
        match outgoing::post(&self.client, request).await {
            Ok(response) => self.judge(response, &payloads).await,
            Err(error) => Answered {
                status: 0,
                verdict: Verdict::Later {
                    retry_after: None,
                    why: chain(&error),
                },
            },
        }
    }

    async fn judge(&self, response: Response, payloads: &[&Payload]) -> Answered {
        let status = response.status().as_u16();
        let headers = response.headers();
        let is_page = headers
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .is_some_and(|kind| kind.starts_with("text/html"));
        let retry_after = retry_after(headers, SystemTime::now());
        let body = outgoing::beginning(response, UPSTREAM_ANSWER_BYTES).await;
        let answer = Answer {
            status,
            is_page,
            retry_after,
            body: &body,
        };
        Answered {
            status,
            verdict: self.destination.judge(&answer, payloads),
        }
    }
}

/// A stored event as destinations read it.
pub(crate) fn event_of(stored: &StoredEvent) -> Event<'_> {
    Event::new(
        stored.event_type,
        &stored.message_id,
        stored.timestamp_ms,
        stored.ip.as_deref(),
        &stored.text,
    )
    .with_ids(stored.user_id.as_deref(), stored.anonymous_id.as_deref())
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
