//! Events as read from the store, and their JSON for export and live view.

use jiff::Timestamp;

use crate::config::KeyKind;
use crate::event_type::EventType;
use crate::json_object::quote;

/// An event read from the store.
#[derive(Debug, Clone)]
pub struct StoredEvent {
    /// Its number, in the order of the commits.
    pub seq: i64,
    /// The number of its source.
    pub source_id: i64,
    /// The name of its source.
    pub source: String,
    /// Who sent it.
    pub key_kind: KeyKind,
    /// The kind of call it was.
    pub event_type: EventType,
    /// When the gateway received it, in milliseconds since 1970.
    pub received_ms: i64,
    /// When it happened by the gateway's clock, in milliseconds since 1970.
    pub timestamp_ms: i64,
    /// The id by which a repeat is recognised.
    pub message_id: String,
    /// The user it belongs to.
    pub user_id: Option<String>,
    /// The visitor it belongs to.
    pub anonymous_id: Option<String>,
    /// The event's, page's or screen's name.
    pub name: Option<String>,
    /// The client address, if it replaces the event's own.
    pub ip: Option<String>,
    /// Its JSON text.
    pub text: String,
    /// The number of the browser's version that it superseded.
    pub supersedes: Option<i64>,
    /// What its source's tracking plan has to say against it, where that is to be shown.
    pub plan_problems: Option<String>,
}

/// A rejected event read from the store.
#[derive(Debug, Clone)]
pub struct StoredRejection {
    /// Its number among the rejected.
    pub id: i64,
    /// The name of its source.
    pub source: String,
    /// When the gateway received it, in milliseconds since 1970.
    pub received_ms: i64,
    /// The reason, as a stable code.
    pub code: String,
    /// The reason, in words.
    pub message: String,
    /// The first part of its text.
    pub raw: String,
}

impl StoredEvent {
    /// A line of `waymark-gateway export`, without the line break.
    #[must_use]
    pub fn export_line(&self) -> String {
        format!(
            r#"{{"source":{},"receivedAt":"{}","timestamp":"{}","type":"{}","messageId":{},"userId":{},"anonymousId":{},"keyKind":"{}","event":{}}}"#,
            quote(&self.source),
            iso_time(self.received_ms),
            iso_time(self.timestamp_ms),
            self.event_type,
            quote(&self.message_id),
            quote_or_null(self.user_id.as_deref()),
            quote_or_null(self.anonymous_id.as_deref()),
            self.key_kind.name(),
            one_line(&self.text),
        )
    }

    /// A line of the export of a person's data, with the address that the other exports leave out.
    #[must_use]
    pub fn person_line(&self) -> String {
        let line = self.export_line();
        format!(
            r#"{{"kind":"event","ip":{},{}"#,
            quote_or_null(self.ip.as_deref()),
            &line[1..],
        )
    }

    /// The data of a `stored` message of the live stream.
    #[must_use]
    pub fn live_data(&self, duplicate: bool) -> String {
        format!(
            r#"{{"seq":{},"source":{},"receivedAt":"{}","type":"{}","name":{},"userId":{},"anonymousId":{},"messageId":{},"duplicate":{duplicate},"supersedes":{},"planProblems":{},"event":{}}}"#,
            self.seq,
            quote(&self.source),
            iso_time(self.received_ms),
            self.event_type,
            quote_or_null(self.name.as_deref()),
            quote_or_null(self.user_id.as_deref()),
            quote_or_null(self.anonymous_id.as_deref()),
            quote(&self.message_id),
            self.supersedes
                .map_or_else(|| "null".to_owned(), |seq| seq.to_string()),
            quote_or_null(self.plan_problems.as_deref()),
            one_line(&self.text),
        )
    }
}

impl StoredRejection {
    /// A line of the export of a person's data.
    #[must_use]
    pub fn person_line(&self) -> String {
        let data = self.live_data();
        format!(r#"{{"kind":"rejected",{}"#, &data[1..])
    }

    /// The data of a `rejected` message of the live stream.
    #[must_use]
    pub fn live_data(&self) -> String {
        format!(
            r#"{{"seq":{},"source":{},"receivedAt":"{}","code":{},"message":{},"raw":{}}}"#,
            self.id,
            quote(&self.source),
            iso_time(self.received_ms),
            quote(&self.code),
            quote(&self.message),
            quote(&self.raw),
        )
    }
}

/// Milliseconds since 1970 as ISO 8601 with milliseconds, in UTC.
pub(crate) fn iso_time(ms: i64) -> String {
    let time = Timestamp::from_millisecond(ms).unwrap_or(Timestamp::UNIX_EPOCH);
    format!("{time:.3}")
}

fn quote_or_null(text: Option<&str>) -> String {
    text.map_or_else(|| "null".to_owned(), quote)
}

/// The JSON text without line breaks, which would end a line of the export or the stream. They
/// occur only between tokens.
fn one_line(json: &str) -> std::borrow::Cow<'_, str> {
    if json.contains(['\n', '\r']) {
        json.replace(['\n', '\r'], " ").into()
    } else {
        json.into()
    }
}
