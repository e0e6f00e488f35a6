//! Checks an event: the common fields of Segment's spec, and the limits.

use crate::event_type::EventType;
use crate::json_object::{JsonObject, unquote};
use crate::limits::{EVENT_MAX_BYTES, EVENT_MAX_DEPTH, ID_MAX_CHARS, MESSAGE_ID_MAX_CHARS};

/// Why one event was turned away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejection {
    /// The reason, as a stable code.
    pub code: &'static str,
    /// The reason, in words for the developer.
    pub message: String,
    /// The event's id, if it could be read.
    pub message_id: Option<String>,
}

impl Rejection {
    /// An event of a person who was erased.
    pub(crate) fn erased(message_id: &str) -> Self {
        Self {
            message_id: Some(message_id.to_owned()),
            ..Self::new(
                "erased_id",
                "the person was erased and is refused for a time",
            )
        }
    }

    pub(crate) fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            message_id: None,
        }
    }
}

/// The fields of an event that the gateway itself needs.
#[derive(Debug)]
pub(super) struct CommonFields {
    pub(super) event_type: EventType,
    pub(super) message_id: Option<String>,
    pub(super) user_id: Option<String>,
    pub(super) anonymous_id: Option<String>,
    pub(super) name: Option<String>,
}

/// Reads and checks the common fields. The type that the route names wins over the event's.
pub(super) fn common_fields(
    object: &JsonObject<'_>,
    route_type: Option<EventType>,
) -> Result<CommonFields, Rejection> {
    let event_type = match route_type {
        Some(event_type) => event_type,
        None => declared_type(object)?,
    };
    let message_id = text_field(object, "messageId", MESSAGE_ID_MAX_CHARS)?;
    let user_id = text_field(object, "userId", ID_MAX_CHARS)?;
    let anonymous_id = text_field(object, "anonymousId", ID_MAX_CHARS)?;
    let name = match event_type {
        EventType::Track => text_field(object, "event", EVENT_MAX_BYTES)?,
        EventType::Page | EventType::Screen => text_field(object, "name", EVENT_MAX_BYTES)?,
        EventType::Identify | EventType::Group | EventType::Alias => None,
    };
    require_per_type(object, event_type, user_id.is_some(), name.is_some())?;
    if user_id.is_none() && anonymous_id.is_none() {
        let message = "userId or anonymousId is required";
        return Err(Rejection::new("missing_user", message));
    }
    Ok(CommonFields {
        event_type,
        message_id,
        user_id,
        anonymous_id,
        name,
    })
}

fn declared_type(object: &JsonObject<'_>) -> Result<EventType, Rejection> {
    let name = object.get("type").and_then(unquote);
    match name {
        Some(name) => EventType::from_name(&name).ok_or_else(|| {
            let message = "type must be track, identify, page, screen, group or alias";
            Rejection::new("invalid_type", message)
        }),
        None => Err(Rejection::new("missing_type", "type is required")),
    }
}

fn require_per_type(
    object: &JsonObject<'_>,
    event_type: EventType,
    has_user_id: bool,
    has_name: bool,
) -> Result<(), Rejection> {
    match event_type {
        EventType::Track if !has_name => {
            Err(Rejection::new("missing_event", "Event name is required"))
        }
        EventType::Group if text_field(object, "groupId", ID_MAX_CHARS)?.is_none() => {
            Err(Rejection::new("missing_group", "groupId is required"))
        }
        EventType::Alias
            if !has_user_id || text_field(object, "previousId", ID_MAX_CHARS)?.is_none() =>
        {
            let message = "userId and previousId are required";
            Err(Rejection::new("missing_alias", message))
        }
        _ => Ok(()),
    }
}

/// A field's text. A number keeps its digits as written; null and "" count as absent.
pub(super) fn text_field(
    object: &JsonObject<'_>,
    name: &str,
    max_chars: usize,
) -> Result<Option<String>, Rejection> {
    let Some(json) = object.get(name) else {
        return Ok(None);
    };
    let text = match unquote(json) {
        Some(text) => text.into_owned(),
        None if json.starts_with(|first: char| first == '-' || first.is_ascii_digit()) => {
            json.to_owned()
        }
        None => {
            let message = format!("{name} must be text or a number");
            return Err(Rejection::new("invalid_field", message));
        }
    };
    if text.len() > max_chars && text.chars().count() > max_chars {
        let message = format!("{name} is longer than {max_chars} characters");
        return Err(Rejection::new("field_too_long", message));
    }
    Ok(Some(text).filter(|text| !text.is_empty()))
}

/// The id that a stored event has under this name.
pub(crate) fn id_of(event_text: &str, name: &str) -> Option<String> {
    let object = JsonObject::parse(event_text).ok()?;
    text_field(&object, name, ID_MAX_CHARS).ok().flatten()
}

/// Checks the event's size and nesting.
pub(super) fn check_size(text: &str) -> Result<(), Rejection> {
    if text.len() > EVENT_MAX_BYTES {
        let message = format!(
            "the event is {} bytes; at most {EVENT_MAX_BYTES} are allowed",
            text.len()
        );
        return Err(Rejection::new("event_too_large", message));
    }
    check_depth(text, 0)
}

/// Checks the nesting of an event's text, or of a part that stands `outer` levels deep in it.
pub(super) fn check_depth(text: &str, outer: usize) -> Result<(), Rejection> {
    if outer + super::event_text::depth(text) > EVENT_MAX_DEPTH {
        let message = format!("the event is nested deeper than {EVENT_MAX_DEPTH} levels");
        return Err(Rejection::new("event_too_deep", message));
    }
    Ok(())
}
