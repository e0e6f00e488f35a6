//! Splits a body into events, and checks and completes each. An invalid event is set aside with
//! its reason and never fails the others.

use std::borrow::Cow;
use std::sync::Arc;

use bytes::Bytes;
use serde_json::value::RawValue;
use uuid::Uuid;

use super::clock::{corrected_ms, time_ms};
use super::defaults::BatchDefaults;
use super::event_text::mend_surrogates;
use super::planned::PlanFindings;
use super::validate::{check_size, common_fields};
use super::{Made, PreparedEvent, RejectedEvent, Rejection};
use crate::config::{KeyKind, SourcePlan};
use crate::error::ApiError;
use crate::event_type::EventType;
use crate::json_object::{JsonObject, unquote};
use crate::limits::{
    BATCH_MAX_EVENTS, BATCH_READ_EVENTS, MESSAGE_ID_MAX_CHARS, REJECTED_KEPT_BYTES,
};

/// Facts about a request besides its body.
#[derive(Debug, Clone)]
pub(crate) struct Receipt {
    /// The number of the source in the store.
    pub(crate) source_id: i64,
    /// Who sent it.
    pub(crate) key_kind: KeyKind,
    /// When it was received, in milliseconds since 1970.
    pub(crate) received_ms: i64,
    /// The client address.
    pub(crate) ip: String,
    /// The client's `User-Agent`.
    pub(crate) user_agent: Option<String>,
    /// Whether address and user agent fill gaps in the event's context, as on the plain routes,
    /// whose clients need not know them.
    pub(crate) fills_context: bool,
    /// The tracking plan of the source.
    pub(crate) plan: Option<Arc<SourcePlan>>,
}

/// The events of a request.
#[derive(Debug, Default)]
pub(crate) struct ReadEvents {
    /// Those that may be committed.
    pub(crate) events: Vec<PreparedEvent>,
    /// Those that may not, with their place in the batch.
    pub(crate) rejected: Vec<(usize, Rejection, RejectedEvent)>,
    /// What the tracking plan says of them.
    pub(crate) findings: PlanFindings,
}

/// Reads `{"batch":[…]}`.
///
/// # Errors
/// When there is no `batch` array, or it holds more events than could be valid.
pub(crate) fn read_batch(
    body: &Bytes,
    envelope: &JsonObject<'_>,
    receipt: &Receipt,
) -> Result<ReadEvents, ApiError> {
    let invalid = |_| ApiError::InvalidBody("batch must be an array of events".to_owned());
    let batch = envelope.get("batch").unwrap_or("null");
    let texts: Vec<&RawValue> = serde_json::from_str(batch).map_err(invalid)?;
    if texts.len() > BATCH_READ_EVENTS {
        return Err(ApiError::TooManyEvents(BATCH_MAX_EVENTS));
    }
    let mut defaults = BatchDefaults::of(envelope, body.len());
    let mut read = ReadEvents {
        events: Vec::with_capacity(texts.len().min(BATCH_MAX_EVENTS)),
        ..ReadEvents::default()
    };
    let (texts, surplus) = texts.split_at(texts.len().min(BATCH_MAX_EVENTS));
    for (index, text) in texts.iter().enumerate() {
        let event = read.event(body, text.get(), None, &mut defaults, receipt);
        match event {
            Ok(event) => read.events.push(event),
            Err(rejection) => read.reject(index, rejection, text.get(), receipt),
        }
    }
    for (index, text) in surplus.iter().enumerate() {
        let rejection = surplus_rejection(text.get());
        read.reject(BATCH_MAX_EVENTS + index, rejection, text.get(), receipt);
    }
    Ok(read)
}

/// Reads the events that were made of calls, which were sent at `sent_ms` by the page's clock, and
/// each one's call's place. An invalid one is left out: the page sends it, too, and is told then.
pub(crate) fn read_made(
    made: &[Made],
    sent_ms: Option<i64>,
    receipt: &Receipt,
) -> (Vec<usize>, ReadEvents) {
    let mut read = ReadEvents::default();
    let mut places = Vec::with_capacity(made.len());
    for one in made {
        let Ok(text) = std::str::from_utf8(&one.text) else {
            continue;
        };
        let mut defaults = BatchDefaults::sent_at(sent_ms);
        if let Ok(event) = read.event(&one.text, text, None, &mut defaults, receipt) {
            places.push(one.place);
            read.events.push(event);
        }
    }
    (places, read)
}

/// Why an event beyond the batch's limit is turned away.
fn surplus_rejection(text: &str) -> Rejection {
    let id = JsonObject::parse(text).ok().and_then(|event| {
        let id = event.get("messageId").and_then(unquote)?;
        (id.len() <= MESSAGE_ID_MAX_CHARS).then(|| id.into_owned())
    });
    let message = format!("the batch holds more than {BATCH_MAX_EVENTS} events");
    Rejection {
        message_id: id,
        ..Rejection::new("too_many_events", message)
    }
}

/// Reads a body that is one event, of the type that the route names.
pub(crate) fn read_single(
    body: &Bytes,
    text: &str,
    event_type: EventType,
    receipt: &Receipt,
) -> ReadEvents {
    let mut read = ReadEvents::default();
    let text = text.trim();
    let mut defaults = BatchDefaults::default();
    match read.event(body, text, Some(event_type), &mut defaults, receipt) {
        Ok(event) => read.events.push(event),
        Err(rejection) => read.reject(0, rejection, text, receipt),
    }
    read
}

impl ReadEvents {
    fn event(
        &mut self,
        body: &Bytes,
        text: &str,
        route_type: Option<EventType>,
        defaults: &mut BatchDefaults<'_>,
        receipt: &Receipt,
    ) -> Result<PreparedEvent, Rejection> {
        let mended = mend_surrogates(text);
        let object = JsonObject::parse(&mended)
            .map_err(|_| Rejection::new("invalid_event", "the event is not a JSON object"))?;
        let mut edited = Cow::Borrowed(&object);
        let checked = check_size(&mended)
            .and_then(|()| common_fields(&object, route_type))
            .and_then(|fields| {
                defaults.add_to(&mut edited, mended.len())?;
                let problems = match &receipt.plan {
                    Some(plan) => self.findings.judge(plan, &fields, &mut edited)?,
                    None => None,
                };
                Ok((fields, problems))
            });
        let (fields, plan_problems) = checked.map_err(|rejection| Rejection {
            message_id: object
                .get("messageId")
                .and_then(unquote)
                .map(Cow::into_owned),
            ..rejection
        })?;
        let generated = fields.message_id.is_none();
        let message_id = fields
            .message_id
            .unwrap_or_else(|| Uuid::now_v7().to_string());
        let sent_ms = object.get("sentAt").and_then(time_ms).or(defaults.sent_ms);
        let original_ms = object.get("timestamp").and_then(time_ms);

        if generated {
            edited.to_mut().set_string("messageId", &message_id);
        }
        if object.get("type").and_then(unquote).as_deref() != Some(fields.event_type.name()) {
            edited.to_mut().set_string("type", fields.event_type.name());
        }
        complete(&mut edited, receipt);
        let rewritten = match edited {
            Cow::Owned(edited) => Some(edited.to_text()),
            Cow::Borrowed(_) => None,
        };
        let text = match (rewritten, mended) {
            (Some(rewritten), _) => Bytes::from(rewritten),
            (None, Cow::Owned(mended)) => Bytes::from(mended),
            (None, Cow::Borrowed(text)) => body.slice_ref(text.as_bytes()),
        };
        Ok(PreparedEvent {
            source_id: receipt.source_id,
            key_kind: receipt.key_kind,
            event_type: fields.event_type,
            message_id,
            user_id: fields.user_id,
            anonymous_id: fields.anonymous_id,
            name: fields.name,
            received_ms: receipt.received_ms,
            timestamp_ms: corrected_ms(receipt.received_ms, original_ms, sent_ms),
            ip: (receipt.key_kind == KeyKind::Browser).then(|| receipt.ip.clone()),
            plan_problems,
            text,
        })
    }

    fn reject(&mut self, index: usize, rejection: Rejection, text: &str, receipt: &Receipt) {
        let kept = RejectedEvent {
            source_id: receipt.source_id,
            received_ms: receipt.received_ms,
            code: rejection.code,
            message: rejection.message.clone(),
            raw: shown_part(text, receipt.key_kind),
        };
        self.rejected.push((index, rejection, kept));
    }
}

/// The part of a rejected event that is kept: its beginning, without a secret key.
fn shown_part(text: &str, key_kind: KeyKind) -> String {
    let mut shown = Cow::Borrowed(text);
    if key_kind == KeyKind::Server
        && let Ok(mut object) = JsonObject::parse(text)
        && object.get("writeKey").is_some()
    {
        object.remove("writeKey");
        shown = Cow::Owned(object.to_text());
    }
    let mut end = shown.len().min(REJECTED_KEPT_BYTES);
    while !shown.is_char_boundary(end) {
        end -= 1;
    }
    shown[..end].to_owned()
}

/// Adds what a plain route adds, and removes a secret key.
fn complete(edited: &mut Cow<'_, JsonObject<'_>>, receipt: &Receipt) {
    if receipt.key_kind == KeyKind::Server && edited.get("writeKey").is_some() {
        edited.to_mut().remove("writeKey");
    }
    if receipt.fills_context {
        let own = edited.get("context").unwrap_or("{}").to_owned();
        if let Ok(mut context) = JsonObject::parse(&own) {
            if context.get("ip").is_none() {
                context.set_string("ip", &receipt.ip);
            }
            if let (None, Some(agent)) = (context.get("userAgent"), &receipt.user_agent) {
                context.set_string("userAgent", agent);
            }
            let filled = context.to_text();
            edited.to_mut().set("context", filled);
        }
    }
}
