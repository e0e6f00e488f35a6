//! The request body that goes upstream.

use crate::json_object::{JsonObject, quote};
use crate::limits::{FORWARD_ADDED_BYTES, FORWARD_BATCH_BYTES};
use crate::store::{StoredEvent, iso_time};

/// `{"batch":[…],"sentAt":…}`. The upstream corrects times by `sentAt`, as the gateway did. The
/// events' times are already correct, so `sentAt` is now.
pub(super) fn body(events: &[StoredEvent], now_ms: i64) -> String {
    let size: usize = events
        .iter()
        .map(|event| event.text.len() + FORWARD_ADDED_BYTES)
        .sum();
    let mut body = String::with_capacity(size);
    body.push_str(r#"{"batch":["#);
    for (at, event) in events.iter().enumerate() {
        if at > 0 {
            body.push(',');
        }
        body.push_str(&outgoing(event));
    }
    body.push_str(r#"],"sentAt":""#);
    body.push_str(&iso_time(now_ms));
    body.push_str("\"}");
    body
}

/// How many of the events fit into one request; at least one.
pub(super) fn n_fitting(events: &[StoredEvent]) -> usize {
    let mut size_bytes = 0;
    let fitting = events.iter().take_while(|event| {
        size_bytes += event.text.len() + FORWARD_ADDED_BYTES;
        size_bytes <= FORWARD_BATCH_BYTES
    });
    fitting.count().max(1)
}

/// The event as it goes upstream: with the client address and the corrected time, without write
/// key, `sentAt` and `_metadata`.
fn outgoing(event: &StoredEvent) -> String {
    let Ok(mut object) = JsonObject::parse(&event.text) else {
        // Only objects are stored.
        return event.text.clone();
    };
    for own in ["writeKey", "sentAt", "_metadata"] {
        object.remove(own);
    }
    let timestamp = quote(&iso_time(event.timestamp_ms));
    if let Some(original) = object.get("timestamp").map(str::to_owned)
        && original != timestamp
        && object.get("originalTimestamp").is_none()
    {
        object.set("originalTimestamp", original);
    }
    object.set("timestamp", timestamp);
    if let Some(ip) = &event.ip {
        let own = object.get("context").unwrap_or("{}").to_owned();
        if let Ok(mut context) = JsonObject::parse(&own) {
            context.set_string("ip", ip);
            let context = context.to_text();
            object.set("context", context);
        }
    }
    object.to_text()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::KeyKind;
    use crate::event_type::EventType;

    #[test]
    fn an_event_goes_upstream_with_the_client_address_and_without_the_key() {
        let event = StoredEvent {
            seq: 1,
            source_id: 1,
            source: "shop".to_owned(),
            key_kind: KeyKind::Browser,
            event_type: EventType::Track,
            received_ms: 2_000,
            timestamp_ms: 1_000,
            message_id: "m".to_owned(),
            user_id: None,
            anonymous_id: Some("a".to_owned()),
            name: Some("A".to_owned()),
            ip: Some("192.0.2.1".to_owned()),
            text: concat!(
                r#"{"event":"A","timestamp":"1999-01-01T00:00:00Z","writeKey":"k","sentAt":"x","#,
                r#""context":{"ip":"spoofed","n":1.0}}"#
            )
            .to_owned(),
            supersedes: None,
        };
        assert_eq!(
            body(std::slice::from_ref(&event), 3_000),
            concat!(
                r#"{"batch":[{"event":"A","timestamp":"1970-01-01T00:00:01.000Z","#,
                r#""context":{"ip":"192.0.2.1","n":1.0},"#,
                r#""originalTimestamp":"1999-01-01T00:00:00Z"}],"#,
                r#""sentAt":"1970-01-01T00:00:03.000Z"}"#
            )
        );
    }
}
