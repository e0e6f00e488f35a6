//! The envelopes in which a message comes.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use crate::json::{Object, list, object, parse, text};
use crate::limits::RECORDS_MAX;
use crate::refusal::Refusal;
use crate::sns::SnsMessage;

/// The kinds of envelopes, as a configuration names them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EnvelopeKind {
    /// An HTTPS subscription of Amazon SNS.
    Sns,
    /// A push subscription of Google Pub/Sub.
    Pubsub,
    /// A `CloudEvent`, in JSON.
    Cloudevents,
    /// An event of Amazon `EventBridge`.
    Eventbridge,
    /// An event of SNS as a Lambda function gets it.
    Lambda,
    /// The input of an API extension.
    Extension,
    /// The message itself.
    Message,
}

/// A body in its envelope.
#[derive(Debug, Clone, PartialEq)]
pub enum Envelope {
    /// A post of SNS, whose signature is to be checked.
    Sns(Box<SnsMessage>),
    /// The input of an API extension.
    Extension(Object),
    /// Messages, taken out of an envelope of this kind.
    Messages(EnvelopeKind, Vec<Object>),
}

impl Envelope {
    /// Its kind.
    #[must_use]
    pub const fn kind(&self) -> EnvelopeKind {
        match self {
            Self::Sns(_) => EnvelopeKind::Sns,
            Self::Extension(_) => EnvelopeKind::Extension,
            Self::Messages(kind, _) => *kind,
        }
    }
}

/// Opens the envelope of a body.
///
/// # Errors
/// When the body is no JSON object, or an envelope that carries none.
pub fn open(body: &str) -> Result<Envelope, Refusal> {
    let body =
        parse(body).ok_or_else(|| Refusal::new("invalid_body", "the body is not a JSON object"))?;
    if let Some(sns) = SnsMessage::read(&body) {
        return Ok(Envelope::Sns(Box::new(sns?)));
    }
    if let Some(message) = object(&body, "message")
        && body.contains_key("subscription")
    {
        let message = pushed(message)?;
        return Ok(Envelope::Messages(EnvelopeKind::Pubsub, vec![message]));
    }
    if body.get("Records").is_some_and(Value::is_array) {
        return Ok(Envelope::Messages(EnvelopeKind::Lambda, recorded(&body)?));
    }
    if body.contains_key("specversion") {
        let message = inner(body);
        return Ok(Envelope::Messages(EnvelopeKind::Cloudevents, vec![message]));
    }
    if body.contains_key("detail-type") {
        let detail = object(&body, "detail").cloned();
        let detail = detail.ok_or_else(|| empty("the event of EventBridge has no detail"))?;
        return Ok(Envelope::Messages(EnvelopeKind::Eventbridge, vec![detail]));
    }
    if is_extension(&body) {
        return Ok(Envelope::Extension(body));
    }
    Ok(Envelope::Messages(EnvelopeKind::Message, vec![body]))
}

/// The message of a `CloudEvent`, or else the object itself: what SNS and Pub/Sub carry is in either
/// format.
pub(crate) fn inner(mut message: Object) -> Object {
    if !message.contains_key("specversion") {
        return message;
    }
    match message.remove("data") {
        Some(Value::Object(data)) => data,
        _ => message,
    }
}

fn empty(what: &str) -> Refusal {
    Refusal::new("invalid_message", what)
}

/// The message of a push of Pub/Sub: `{"message":{"data":"<base64>"},"subscription":"…"}`.
fn pushed(message: &Object) -> Result<Object, Refusal> {
    let data = text(message, "data").and_then(|data| STANDARD.decode(data).ok());
    let data = data.and_then(|bytes| String::from_utf8(bytes).ok());
    data.and_then(|data| parse(&data))
        .map(inner)
        .ok_or_else(|| empty("the message of Pub/Sub carries no JSON object"))
}

/// The messages of `{"Records":[{"Sns":{"Message":"…"}}]}`.
fn recorded(body: &Object) -> Result<Vec<Object>, Refusal> {
    let records = list(body, "Records");
    if records.len() > RECORDS_MAX {
        let message = format!("there are more than {RECORDS_MAX} records");
        return Err(Refusal::new("too_many_records", message));
    }
    let carried = |record: &Value| {
        let sns = object(record.as_object()?, "Sns")?;
        parse(text(sns, "Message")?).map(inner)
    };
    let messages: Option<Vec<_>> = records.iter().map(carried).collect();
    messages
        .filter(|all| !all.is_empty())
        .ok_or_else(|| empty("a record of SNS carries no JSON object"))
}

/// Whether it is what an API extension gets: `{"action":"Create","resource":{"obj":{…}}}`.
fn is_extension(body: &Object) -> bool {
    matches!(text(body, "action"), Some("Create" | "Update"))
        && object(body, "resource").is_some_and(|one| one.contains_key("typeId"))
        && !body.contains_key("notificationType")
}
