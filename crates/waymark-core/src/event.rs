//! The event: a call in the form that is sent (contract, §c).

use crate::arguments::{Fields, Id};
use crate::call::Method;
use crate::consent_stamp::ConsentStamp;
use crate::context;
use crate::identity::Identity;
use crate::json::{self, ObjectWriter};
use crate::limits;
use crate::page;
use crate::settings::Settings;
use crate::stored::Key;
use crate::time;
use crate::uuid_text::is_uuid;

/// The facts that an event needs besides its call.
#[derive(Debug)]
pub struct Facts<'a> {
    /// Settings of the client.
    pub settings: &'a Settings,
    /// `context.page` at the moment of the call, an object as JSON text.
    pub page: &'a str,
    /// The moment of the call, in milliseconds since 1970.
    pub now_ms: f64,
    /// The UUID of the message id; drawn if it is missing.
    pub uuid: Option<&'a str>,
    /// Members for the context that give way to the call's own, an object as raw JSON.
    pub stamps: &'a str,
    /// The context of an event whose call adds no member, made once per page.
    pub plain_context: &'a str,
    /// The consent that the call is made under.
    pub consent: &'a ConsentStamp,
}

const MESSAGE_ID_START: &str = "ajs-next-";

/// `_metadata` as analytics-next sends it when Segment is the only destination.
const METADATA: &str = r#"{"bundled":["Segment.io"],"unbundled":[],"bundledIds":[]}"#;

/// Applies the call to the identity and writes its event as JSON text.
///
/// `uuid` draws a random UUID, for the message id and for a missing anonymous id.
pub fn build(
    method: Method,
    fields: &Fields<'_>,
    facts: &Facts<'_>,
    identity: &mut Identity,
    uuid: &mut dyn FnMut() -> String,
) -> String {
    apply_identity(method, fields, identity);
    identity.ensure_anonymous_id(&mut *uuid);
    identity.note_read(Key::UserId);
    let options = fields.options;
    let mut out = String::with_capacity(facts.plain_context.len() + fields.bag.len() + 512);
    let mut event = ObjectWriter::new(&mut out);
    match json::get(options, "timestamp") {
        Some(timestamp) => _ = event.raw("timestamp", timestamp),
        None => {
            let out = event.key("timestamp");
            out.push('"');
            time::push_iso(out, facts.now_ms);
            out.push('"');
        }
    }
    let mut chosen = integrations(&facts.settings.integrations, options);
    if !facts.consent.refused.is_empty() {
        chosen = json::merge(&chosen, &facts.consent.refused);
    }
    event.raw("integrations", &chosen);
    if method == Method::Track {
        event.raw("event", fields.name.unwrap_or("\"\""));
    }
    event.string("type", method.name());
    let page = body(&mut event, method, fields, facts.page, identity);
    let caller = json::merge(facts.stamps, &context::caller_context(options));
    if caller == "{}" && page.is_none() {
        event.raw("context", facts.plain_context);
    } else {
        let page = page.as_deref().unwrap_or(facts.page);
        let context = context::context(facts.settings, page, &caller, facts.consent);
        event.raw("context", &context);
    }
    match json::get(options, "messageId").filter(|raw| is_message_id(raw)) {
        Some(id) => _ = event.raw("messageId", id),
        None => {
            let given = facts.uuid.filter(|given| is_uuid(given));
            let uuid = given.map_or_else(uuid, str::to_owned);
            push_message_id(event.key("messageId"), facts.now_ms, &uuid);
        }
    }
    push_ids(&mut event, method, fields, identity);
    event.string("writeKey", &facts.settings.write_key);
    event.raw("_metadata", METADATA);
    event.end();
    out
}

/// Applies the ids and traits of the call to the identity.
fn apply_identity(method: Method, fields: &Fields<'_>, identity: &mut Identity) {
    let id = fields.id.map(Id::text);
    match method {
        Method::Identify => identity.identify(id.as_deref(), fields.bag),
        Method::Group => identity.group(id.as_deref(), fields.bag),
        _ => {}
    }
    let given = json::get(fields.options, "anonymousId").filter(|raw| json::is_truthy(raw));
    if let Some(raw) = given {
        // A number is taken as its text.
        let id = json::string_value(raw).unwrap_or_else(|| raw.into());
        identity.set_anonymous_id(Some(&id));
    }
}

/// Writes the members of the event's type. Returns the page if a page event changed it.
fn body(
    event: &mut ObjectWriter<'_>,
    method: Method,
    fields: &Fields<'_>,
    page: &str,
    identity: &Identity,
) -> Option<String> {
    match method {
        Method::Track => _ = event.raw("properties", fields.bag),
        Method::Page => {
            let over = page::page_members(fields.bag);
            event.raw("properties", &page_properties(fields, page));
            push_names(event, fields);
            return (over != "{}").then(|| json::merge(page, &over));
        }
        Method::Screen => {
            event.raw("properties", fields.bag);
            push_names(event, fields);
        }
        Method::Identify => _ = event.raw("traits", identity.traits()),
        Method::Group => {
            event.raw("traits", identity.group_traits());
            event.nullable("groupId", identity.group_id());
        }
        Method::Alias => {}
    }
    None
}

/// Name and category as the caller gave them.
fn push_names(event: &mut ObjectWriter<'_>, fields: &Fields<'_>) {
    if let Some(category) = fields.category {
        event.raw("category", category);
    }
    if let Some(name) = fields.name {
        event.raw("name", name);
    }
}

/// The properties of a page event: the page, then the caller's, then category and name.
fn page_properties(fields: &Fields<'_>, page: &str) -> String {
    let mut names = String::new();
    let mut object = ObjectWriter::new(&mut names);
    if let Some(category) = fields.category {
        object.raw("category", category);
    }
    if let Some(name) = fields.name.filter(|raw| json::is_truthy(raw)) {
        object.raw("name", name);
    }
    object.end();
    json::merge(&json::merge(page, fields.bag), &names)
}

/// `userId`, `previousId` and `anonymousId`.
fn push_ids(
    event: &mut ObjectWriter<'_>,
    method: Method,
    fields: &Fields<'_>,
    identity: &Identity,
) {
    let given = fields.id.map(Id::text).filter(|id| !id.is_empty());
    let of_call = json::get(fields.options, "userId").filter(|raw| json::is_truthy(raw));
    if method == Method::Alias {
        let previous = fields.previous_id.map(Id::text);
        let known = identity.user_id().or(identity.anonymous_id());
        event.nullable("userId", given.as_deref().or(identity.user_id()));
        event.nullable("previousId", previous.as_deref().or(known));
    } else {
        match (identity.user_id(), of_call) {
            (None, Some(raw)) => _ = event.raw("userId", raw),
            (known, _) => _ = event.nullable("userId", known),
        }
    }
    event.nullable("anonymousId", identity.anonymous_id());
}

/// `integrations`: those of `load` as booleans, then those of the call as they are.
fn integrations(of_load: &str, options: &str) -> String {
    let own = json::get(options, "integrations").filter(|raw| raw.starts_with("{"));
    if of_load == "{}" {
        return own.unwrap_or("{}").into();
    }
    let mut booleans = String::new();
    let mut object = ObjectWriter::new(&mut booleans);
    for (name, value) in json::members(of_load) {
        let on = json::is_truthy(value);
        object.raw(json::bare(name), if on { "true" } else { "false" });
    }
    object.end();
    json::merge(&booleans, own.unwrap_or("{}"))
}

/// Whether a raw value is a message id: one of [`push_message_id`]'s form, or any other text that
/// a server takes.
fn is_message_id(raw: &str) -> bool {
    let id = json::bare(raw);
    match id.strip_prefix(MESSAGE_ID_START) {
        Some(own) => own.get(own.len().saturating_sub(36)..).is_some_and(is_uuid),
        None => {
            raw.starts_with("\"") && (1..=limits::MESSAGE_ID_SIZE_BYTES_MAX).contains(&id.len())
        }
    }
}

/// An event (JSON text) made at `now_ms` by something else than [`build`]: one whose message id no
/// server would take gets one of `uuid`.
pub fn with_message_id(event: String, now_ms: f64, uuid: &mut dyn FnMut() -> String) -> String {
    if json::get(&event, "messageId").is_some_and(is_message_id) {
        return event;
    }
    let mut id = String::new();
    push_message_id(&mut id, now_ms, &uuid());
    json::set_path(&event, "messageId", &id)
}

/// `ajs-next-<ms>-<uuid>`, as in analytics-next.
fn push_message_id(out: &mut String, now_ms: f64, uuid: &str) {
    out.push('"');
    out.push_str(MESSAGE_ID_START);
    time::push_epoch_ms(out, now_ms);
    out.push('-');
    out.push_str(uuid);
    out.push('"');
}
