//! The body of a request: `{"writeKey","batch":[…],"sentAt"}` (contract §c.1).

use crate::json;
use crate::time;

/// Bytes of the envelope around the events, at the most, for a write key without escapes.
const ENVELOPE_SIZE_BYTES: usize = 64;

/// A batch ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// The body of the request.
    pub body: String,
    /// Number of events in it.
    pub events: usize,
}

/// Encodes as many of `events` as the limits allow, at least one where there is one at all.
pub fn encode<'a>(
    write_key: &str,
    events: impl Iterator<Item = &'a str>,
    events_max: usize,
    size_bytes_max: usize,
    sent_at_ms: f64,
) -> Option<Batch> {
    let mut body = String::from("{\"writeKey\":");
    json::write_string(&mut body, write_key);
    body.push_str(",\"batch\":[");
    let mut count = 0;
    for event in events.take(events_max) {
        if count > 0 {
            if body.len() + event.len() + ENVELOPE_SIZE_BYTES > size_bytes_max {
                break;
            }
            body.push(',');
        }
        body.push_str(event);
        count += 1;
    }
    body.push_str("],\"sentAt\":\"");
    time::push_iso(&mut body, sent_at_ms);
    body.push_str("\"}");
    (count > 0).then_some(Batch {
        body,
        events: count,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::Value;

    proptest! {
        #[test]
        fn batches_keep_the_limits_and_lose_nothing(
            sizes in prop::collection::vec(1..400_usize, 1..60),
            events_max in 1..20_usize,
            size_bytes_max in 500..4000_usize,
        ) {
            let events: Vec<String> = sizes
                .iter()
                .enumerate()
                .map(|(n, size)| format!("{{\"n\":{n},\"p\":\"{}\"}}", "x".repeat(*size)))
                .collect();
            let mut seen = Vec::new();
            while seen.len() < events.len() {
                let waiting = events[seen.len()..].iter().map(String::as_str);
                let batch = encode("key", waiting, events_max, size_bytes_max, 0.0).unwrap();
                prop_assert!(batch.events <= events_max);
                prop_assert!(batch.body.len() <= size_bytes_max || batch.events == 1);
                let parsed: Value = serde_json::from_str(&batch.body).unwrap();
                prop_assert_eq!(parsed["batch"].as_array().unwrap().len(), batch.events);
                seen.extend(parsed["batch"].as_array().unwrap().iter().map(|e| e["n"].as_u64().unwrap()));
            }
            prop_assert!(seen.iter().enumerate().all(|(at, n)| at as u64 == *n));
        }
    }

    #[test]
    fn nothing_to_send_is_no_batch() {
        assert_eq!(encode("key", [].into_iter(), 10, 1000, 0.0), None);
    }
}
