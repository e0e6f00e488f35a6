//! The body of a request: `{"writeKey","batch":[…],"sentAt"}`, with a `ledger` for a gateway, or
//! one event with its `sentAt` (contract, §c.1).

use crate::json;
use crate::limits;
use crate::time;

/// A request ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// The number by which its outcome is reported.
    pub request: u32,
    /// The URL it is sent to.
    pub endpoint: String,
    /// Its body.
    pub body: String,
    /// Number of events in it.
    pub events: usize,
}

/// Writes the body of a batch, event after event.
#[derive(Debug)]
pub struct Builder {
    body: String,
    events: usize,
    size_bytes_max: usize,
}

impl Builder {
    /// An empty batch whose body may have at most `size_bytes_max` bytes.
    pub fn new(write_key: &str, size_bytes_max: usize) -> Self {
        let mut body = String::from("{\"writeKey\":");
        json::write_string(&mut body, write_key);
        body.push_str(",\"batch\":[");
        Self {
            body,
            events: 0,
            size_bytes_max,
        }
    }

    /// Number of events so far.
    pub fn events(&self) -> usize {
        self.events
    }

    /// Whether `event` still fits.
    pub fn fits(&self, event: &str) -> bool {
        self.body.len() + 1 + event.len() + limits::BATCH_TAIL_SIZE_BYTES <= self.size_bytes_max
    }

    /// Appends an event.
    pub fn push(&mut self, event: &str) {
        if self.events > 0 {
            self.body.push(',');
        }
        self.body.push_str(event);
        self.events += 1;
    }

    /// The body, sent at `sent_at_ms`, with the ledger (a JSON object) if given.
    pub fn finish(mut self, sent_at_ms: f64, ledger: Option<&str>) -> String {
        self.body.push(']');
        if let Some(ledger) = ledger {
            self.body.push_str(",\"ledger\":");
            self.body.push_str(ledger);
        }
        push_sent_at(&mut self.body, sent_at_ms);
        self.body
    }
}

/// The body of a request of one event: the event itself, its write key and when it was sent.
pub fn single(write_key: &str, event: &str, sent_at_ms: f64) -> String {
    let mut body = event.strip_suffix("}").unwrap_or(event).to_owned();
    if json::get(event, "writeKey").is_none() {
        body.push_str(",\"writeKey\":");
        json::write_string(&mut body, write_key);
    }
    push_sent_at(&mut body, sent_at_ms);
    body
}

/// The path of an event's own request: the first letter of its type, as in analytics-next.
pub fn single_path(event: &str) -> &str {
    json::get(event, "type")
        .and_then(|name| name.get(1..2))
        .unwrap_or("t")
}

fn push_sent_at(body: &mut String, sent_at_ms: f64) {
    body.push_str(",\"sentAt\":\"");
    time::push_iso(body, sent_at_ms);
    body.push_str("\"}");
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::Value;

    proptest! {
        #[test]
        fn a_batch_stays_within_the_limit(
            sizes in prop::collection::vec(1..400_usize, 1..60),
            size_bytes_max in 100..4000_usize,
        ) {
            let mut builder = Builder::new("key", size_bytes_max);
            let mut kept = Vec::new();
            for (n, size) in sizes.iter().enumerate() {
                let event = format!("{{\"n\":{n},\"p\":\"{}\"}}", "x".repeat(*size));
                if builder.fits(&event) {
                    builder.push(&event);
                    kept.push(n);
                }
            }
            prop_assert_eq!(builder.events(), kept.len());
            let body = builder.finish(0.0, None);
            prop_assert!(body.len() <= size_bytes_max || kept.is_empty());
            let parsed: Value = serde_json::from_str(&body).unwrap();
            let events = parsed["batch"].as_array().unwrap();
            let number = |event: &Value| usize::try_from(event["n"].as_u64().unwrap()).unwrap();
            let read: Vec<usize> = events.iter().map(number).collect();
            prop_assert_eq!(read, kept);
        }
    }

    #[test]
    fn an_event_of_its_own_has_one_write_key_and_the_path_of_its_type() {
        let body = single("k", r#"{"type":"page","writeKey":"own"}"#, 0.0);
        assert_eq!(
            body,
            r#"{"type":"page","writeKey":"own","sentAt":"1970-01-01T00:00:00.000Z"}"#
        );
        let body = single("k", r#"{"type":"track"}"#, 0.0);
        assert_eq!(
            body,
            r#"{"type":"track","writeKey":"k","sentAt":"1970-01-01T00:00:00.000Z"}"#
        );
        for (name, path) in [
            ("track", "t"),
            ("page", "p"),
            ("screen", "s"),
            ("identify", "i"),
            ("group", "g"),
            ("alias", "a"),
        ] {
            assert_eq!(single_path(&format!("{{\"type\":\"{name}\"}}")), path);
        }
    }
}
