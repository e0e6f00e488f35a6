//! Events as they go on unchanged, to Segment and to a webhook.

use std::borrow::Cow;

use jiff::Timestamp;

use crate::event::Event;
use crate::event_type::EventType;
use crate::json_object::{JsonObject, quote};

/// The event with the client address and the corrected time, without write key, `sentAt` and
/// `_metadata`. Numbers and unknown members stay as they came.
pub(crate) fn text(event: &Event<'_>) -> String {
    let Ok(mut object) = JsonObject::parse(event.text) else {
        // Only objects are stored.
        return event.text.to_owned();
    };
    for own in ["writeKey", "sentAt", "_metadata"] {
        object.remove(own);
    }
    if let Some(name) = event.new_name() {
        let member = match event.event_type {
            EventType::Page | EventType::Screen => "name",
            _ => "event",
        };
        object.set(member, quote(name));
    }
    let timestamp = quote(&iso_time(event.timestamp_ms));
    if let Some(original) = object.get("timestamp").map(str::to_owned)
        && original != timestamp
        && object.get("originalTimestamp").is_none()
    {
        object.set("originalTimestamp", original);
    }
    object.set("timestamp", timestamp);
    if let Some(ip) = event.ip {
        let own = object.get("context").unwrap_or("{}").to_owned();
        if let Ok(mut context) = JsonObject::parse(&own) {
            context.set_string("ip", ip);
            let context = context.to_text();
            object.set("context", Cow::Owned(context));
        }
    }
    object.to_text()
}

/// Milliseconds since 1970 as ISO 8601 with milliseconds, in UTC.
pub(crate) fn iso_time(ms: i64) -> String {
    let time = Timestamp::from_millisecond(ms).unwrap_or(Timestamp::UNIX_EPOCH);
    format!("{time:.3}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_goes_on_with_the_client_address_and_without_the_key() {
        let text_of = |text: &str| {
            let event = Event::new(EventType::Track, "m", 1_000, Some("192.0.2.1"), text);
            super::text(&event)
        };
        assert_eq!(
            text_of(concat!(
                r#"{"event":"A","timestamp":"1999-01-01T00:00:00Z","writeKey":"k","sentAt":"x","#,
                r#""context":{"ip":"spoofed","n":1.0}}"#
            )),
            concat!(
                r#"{"event":"A","timestamp":"1970-01-01T00:00:01.000Z","#,
                r#""context":{"ip":"192.0.2.1","n":1.0},"#,
                r#""originalTimestamp":"1999-01-01T00:00:00Z"}"#
            )
        );
    }
}
