//! Reads lines into events ready to commit, by the checks of ingest.
//!
//! A line is one of `waymark-gateway export`, or an event as Segment archives it: the raw event
//! with `receivedAt`, the time that Segment corrected in `timestamp`, and the client's own in
//! `originalTimestamp` (Segment's documentation, "Amazon S3 destination" and "Common Fields").

use std::collections::HashMap;

use bytes::Bytes;
use serde_json::{Value, json};

use crate::config::{KeyKind, time_ms};
use crate::ingest::{PreparedEvent, Receipt, Rejection, read_batch};
use crate::json_object::{JsonObject, unquote};
use crate::limits::IMPORT_LINE_MAX_BYTES;
use crate::store::{Append, Placement, Refused, StoreError};

/// A line that was not stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RefusedLine {
    line: usize,
    code: String,
    message: String,
    message_id: Option<String>,
}

/// Lines that were read.
#[derive(Debug, Default)]
pub(crate) struct ReadLines {
    /// Those that are events.
    pub(crate) append: Append,
    /// The line of each.
    lines: Vec<usize>,
    refused: Vec<RefusedLine>,
}

/// What became of lines.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    /// Events stored.
    pub(crate) n_accepted: usize,
    /// Events that were stored before.
    pub(crate) n_duplicates: usize,
    /// Events of servers that superseded a browser's.
    pub(crate) n_superseding: usize,
    /// What was not stored.
    pub(crate) refused: Vec<RefusedLine>,
}

impl RefusedLine {
    /// A line beyond the limit.
    pub(crate) fn too_long(line: usize) -> Self {
        let message = format!("the line is longer than {IMPORT_LINE_MAX_BYTES} bytes");
        Self::new(line, "line_too_long", message)
    }

    fn new(line: usize, code: &str, message: impl Into<String>) -> Self {
        Self {
            line,
            code: code.to_owned(),
            message: message.into(),
            message_id: None,
        }
    }

    fn rejected(line: usize, rejection: Rejection) -> Self {
        Self {
            message_id: rejection.message_id,
            ..Self::new(line, rejection.code, rejection.message)
        }
    }

    /// Its number in the file.
    pub(crate) fn line(&self) -> usize {
        self.line
    }

    /// The line as an operator is told of it.
    pub(crate) fn to_json(&self) -> Value {
        json!({
            "line": self.line,
            "code": self.code,
            "message": self.message,
            "messageId": self.message_id,
        })
    }

    /// Reads what the admin listener tells of a line. `n_before` lines came before its page.
    pub(crate) fn of_answer(told: &Value, n_before: usize) -> Self {
        let text = |name: &str| told[name].as_str().map(str::to_owned);
        let line = told["line"].as_u64().and_then(|line| line.try_into().ok());
        Self {
            line: n_before + line.unwrap_or(0),
            code: text("code").unwrap_or_default(),
            message: text("message").unwrap_or_default(),
            message_id: text("messageId"),
        }
    }
}

impl ReadLines {
    /// What became of the lines, by what the store did with their events.
    pub(crate) fn outcome(self, placements: &[Result<Placement, Refused>]) -> Outcome {
        let mut outcome = Outcome {
            refused: self.refused,
            ..Outcome::default()
        };
        for (line, placement) in self.lines.into_iter().zip(placements) {
            match placement {
                Ok(placement) if placement.duplicate => outcome.n_duplicates += 1,
                Ok(placement) => {
                    outcome.n_accepted += 1;
                    outcome.n_superseding += usize::from(placement.supersedes.is_some());
                }
                Err(refused) => {
                    let rejection = Rejection::erased(&refused.message_id);
                    outcome.refused.push(RefusedLine::rejected(line, rejection));
                }
            }
        }
        outcome.refused.sort_by_key(|refused| refused.line);
        outcome
    }
}

/// Reads the lines of a page, whose first has the number `n_before` + 1. `into` is the source that
/// gets all events; without it, each line names its own. `source_id` finds a source's number.
///
/// # Errors
/// When the sources cannot be looked up.
pub(crate) fn read_lines(
    text: &str,
    n_before: usize,
    into: Option<&str>,
    source_id: impl Fn(&str) -> Result<Option<i64>, StoreError>,
) -> Result<ReadLines, StoreError> {
    let mut read = ReadLines::default();
    let mut sources: HashMap<String, Option<i64>> = HashMap::new();
    let now_ms = crate::now_ms();
    for (at, line) in text.lines().enumerate() {
        let number = n_before + at + 1;
        if line.trim().is_empty() {
            continue;
        }
        let line = match Line::of(line) {
            Ok(line) => line,
            Err(reason) => {
                read.refused
                    .push(RefusedLine::new(number, "invalid_line", reason));
                continue;
            }
        };
        let Some(name) = into.or(line.source.as_deref()) else {
            let reason = "the line names no source: say which one gets it";
            read.refused
                .push(RefusedLine::new(number, "missing_source", reason));
            continue;
        };
        let known = match sources.get(name) {
            Some(known) => *known,
            None => {
                let found = source_id(name)?;
                sources.insert(name.to_owned(), found);
                found
            }
        };
        let Some(source_id) = known else {
            let reason = "this gateway has no source of that name";
            read.refused
                .push(RefusedLine::new(number, "unknown_source", reason));
            continue;
        };
        match line.event(source_id, now_ms) {
            Ok(event) => {
                read.append.events.push(event);
                read.lines.push(number);
            }
            Err(rejection) => read.refused.push(RefusedLine::rejected(number, rejection)),
        }
    }
    Ok(read)
}

/// What a line says of an event.
#[derive(Debug)]
struct Line {
    source: Option<String>,
    key_kind: KeyKind,
    received_ms: Option<i64>,
    /// The time by the gateway's or Segment's clock, if the line has it.
    corrected_ms: Option<i64>,
    ip: Option<String>,
    event: String,
}

impl Line {
    fn of(text: &str) -> Result<Self, &'static str> {
        let object = JsonObject::parse(text).map_err(|_| "the line is not a JSON object")?;
        match object.get("event") {
            Some(event) if event.starts_with('{') => Self::exported(&object, event),
            _ => Ok(Self::archived(object)),
        }
    }

    /// A line of an export.
    fn exported(line: &JsonObject<'_>, event: &str) -> Result<Self, &'static str> {
        let text = |name: &str| {
            line.get(name)
                .and_then(unquote)
                .map(|text| text.into_owned())
        };
        if text("kind").is_some_and(|kind| kind != "event") {
            return Err("the line of a person's export is not an event");
        }
        let key_kind = match text("keyKind").as_deref() {
            Some("server") => KeyKind::Server,
            _ => KeyKind::Browser,
        };
        Ok(Self {
            source: text("source"),
            key_kind,
            received_ms: text("receivedAt").and_then(|time| time_ms(&time)),
            corrected_ms: text("timestamp").and_then(|time| time_ms(&time)),
            ip: text("ip").filter(|_| key_kind == KeyKind::Browser),
            event: event.to_owned(),
        })
    }

    /// An event of an archive. It does not tell who sent it, so it must not take the place of an
    /// event that is stored: it counts as a browser's. Its key is another system's secret.
    fn archived(mut event: JsonObject<'_>) -> Self {
        event.remove("writeKey");
        let time = |name: &str| time_ms(&event.get(name).and_then(unquote)?);
        let is_corrected = event.get("originalTimestamp").is_some();
        Self {
            source: None,
            key_kind: KeyKind::Browser,
            received_ms: time("receivedAt"),
            corrected_ms: time("timestamp").filter(|_| is_corrected),
            ip: None,
            event: event.to_text(),
        }
    }

    /// The event, by the checks of ingest. It is received now: the log is in the order in which
    /// events were received.
    fn event(self, source_id: i64, now_ms: i64) -> Result<PreparedEvent, Rejection> {
        let receipt = Receipt {
            source_id,
            key_kind: self.key_kind,
            received_ms: self.received_ms.unwrap_or(now_ms),
            ip: String::new(),
            user_agent: None,
            fills_context: false,
            plan: None,
        };
        let body = Bytes::from(format!("{{\"batch\":[{}]}}", self.event));
        let unreadable = || Rejection::new("invalid_event", "the event is not a JSON object");
        let text = std::str::from_utf8(&body).map_err(|_| unreadable())?;
        let envelope = JsonObject::parse(text).map_err(|_| unreadable())?;
        let mut read = read_batch(&body, &envelope, &receipt).map_err(|_| unreadable())?;
        if let Some((_, rejection, _)) = read.rejected.pop() {
            return Err(rejection);
        }
        let event = read.events.pop().ok_or_else(unreadable)?;
        Ok(PreparedEvent {
            received_ms: now_ms,
            timestamp_ms: self.corrected_ms.unwrap_or(event.timestamp_ms),
            ip: self.ip,
            ..event
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, into: Option<&str>) -> ReadLines {
        let ids = |name: &str| {
            Ok(["shop", "app"]
                .iter()
                .position(|one| *one == name)
                .map(|at| at as i64))
        };
        read_lines(text, 10, into, ids).unwrap()
    }

    fn codes(read: &ReadLines) -> Vec<(usize, &str)> {
        let refused = read.refused.iter();
        refused.map(|one| (one.line, one.code.as_str())).collect()
    }

    #[test]
    fn a_line_of_an_export_keeps_who_sent_it_and_when_it_happened() {
        let line = r#"{"source":"app","receivedAt":"2026-01-02T00:00:00.000Z","timestamp":"2026-01-01T00:00:00.000Z","type":"track","messageId":"a","userId":"u","anonymousId":null,"keyKind":"server","event":{"type":"track","event":"A","userId":"u","messageId":"a","timestamp":"2020-01-01T00:00:00Z"}}"#;
        let done = read(line, None);
        let event = &done.append.events[0];
        assert_eq!((event.source_id, event.key_kind), (1, KeyKind::Server));
        assert_eq!(event.timestamp_ms, time_ms("2026-01-01").unwrap());
        assert!(event.received_ms > time_ms("2026-01-02").unwrap());
        assert_eq!(read(line, Some("shop")).append.events[0].source_id, 0);
        // Exports of earlier versions lack the time.
        let earlier = line.replace(
            r#""timestamp":"2026-01-01T00:00:00.000Z","type""#,
            r#""type""#,
        );
        let event = &read(&earlier, None).append.events[0];
        assert_eq!(event.timestamp_ms, time_ms("2020-01-01").unwrap());
    }

    #[test]
    fn a_line_of_an_archive_keeps_the_corrected_time_and_no_key() {
        let line = r#"{"anonymousId":"v","channel":"client","context":{"ip":"192.0.2.1"},"event":"A","messageId":"a","originalTimestamp":"2026-01-01T10:00:00.000Z","projectId":"p","receivedAt":"2026-01-01T08:00:02.000Z","sentAt":"2026-01-01T10:00:01.000Z","timestamp":"2026-01-01T08:00:01.000Z","type":"track","version":2,"writeKey":"secret"}"#;
        let done = read(line, Some("shop"));
        let event = &done.append.events[0];
        assert_eq!(event.timestamp_ms, time_ms("2026-01-01T08:00:01Z").unwrap());
        assert_eq!(
            (event.key_kind, event.ip.as_deref()),
            (KeyKind::Browser, None)
        );
        let text = std::str::from_utf8(&event.text).unwrap();
        assert!(
            !text.contains("secret") && text.contains("192.0.2.1"),
            "{text}"
        );
    }

    #[test]
    fn lines_that_are_no_events_are_told_with_their_number() {
        let text = [
            r#"{"type":"track","event":"A","userId":"u"}"#,
            "",
            "no json",
            "[1]",
            r#"{"type":"track","userId":"u"}"#,
            r#"{"kind":"rejected","event":{}}"#,
            r#"{"kind":"event","source":"app","event":{"type":"track","event":"A","messageId":"m"}}"#,
        ];
        let done = read(&text.join("\n"), Some("shop"));
        assert_eq!(done.lines, [11]);
        let expected = [
            (13, "invalid_line"),
            (14, "invalid_line"),
            (15, "missing_event"),
            (16, "invalid_line"),
            (17, "missing_user"),
        ];
        assert_eq!(codes(&done), expected);
        let unnamed = read(&text.join("\n"), None);
        assert_eq!(codes(&unnamed)[0], (11, "missing_source"));
        let unknown = read(text[0], Some("other"));
        assert_eq!(codes(&unknown), [(11, "unknown_source")]);
    }
}
