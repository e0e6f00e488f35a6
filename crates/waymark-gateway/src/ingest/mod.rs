//! Turns a request's bytes into events ready to commit. The only I/O is reading the body.

mod auth;
mod body;
mod body_room;
mod calls;
mod clock;
mod defaults;
mod event_text;
mod planned;
mod read;
mod validate;

pub(crate) use self::auth::{AuthorizationKey, authorization_key, bearer_key};
pub(crate) use self::body::{decode_body, discard_body, read_body};
pub(crate) use self::body_room::{BodyMemory, BodyRoom};
pub(crate) use self::calls::{Calls, Made};
pub(crate) use self::defaults::{batch_growth_bytes, growth_max_bytes};
pub(crate) use self::event_text::mend_surrogates;
pub(crate) use self::planned::{PlanFindings, plan_problems};
pub(crate) use self::read::{ReadEvents, Receipt, read_batch, read_made, read_single};
pub use self::validate::Rejection;
pub(crate) use self::validate::id_of;

use bytes::Bytes;

use crate::config::KeyKind;
use crate::event_type::EventType;

/// An event that passed every check, ready to commit.
#[derive(Debug, Clone)]
pub struct PreparedEvent {
    /// The number of its source in the store.
    pub source_id: i64,
    /// Who sent it.
    pub key_kind: KeyKind,
    /// The kind of call it was.
    pub event_type: EventType,
    /// The id by which a repeat is recognised.
    pub message_id: String,
    /// The user it belongs to.
    pub user_id: Option<String>,
    /// The visitor it belongs to.
    pub anonymous_id: Option<String>,
    /// The event's, page's or screen's name.
    pub name: Option<String>,
    /// When the gateway received it, in milliseconds since 1970.
    pub received_ms: i64,
    /// When it happened by the gateway's clock, in milliseconds since 1970.
    pub timestamp_ms: i64,
    /// The client address, which replaces `context.ip`; `None` keeps the event's own.
    pub ip: Option<String>,
    /// What its source's tracking plan has to say against it, in words.
    pub plan_problems: Option<String>,
    /// Its JSON text as it came, but for what had to be mended.
    pub text: Bytes,
}

/// An event that failed a check; kept for the live view.
#[derive(Debug, Clone)]
pub struct RejectedEvent {
    /// The number of its source in the store.
    pub source_id: i64,
    /// When the gateway received it, in milliseconds since 1970.
    pub received_ms: i64,
    /// The reason, as a stable code.
    pub code: &'static str,
    /// The reason, in words.
    pub message: String,
    /// The first part of its text.
    pub raw: String,
}

impl RejectedEvent {
    /// An event of a person who was erased. Nothing of it is kept.
    pub(crate) fn erased(event: &PreparedEvent) -> Self {
        let rejection = Rejection::erased(&event.message_id);
        Self {
            source_id: event.source_id,
            received_ms: event.received_ms,
            code: rejection.code,
            message: rejection.message,
            raw: String::new(),
        }
    }
}
