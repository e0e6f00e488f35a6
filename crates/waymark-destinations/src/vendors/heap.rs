//! Heap's server-side APIs: <https://developers.heap.io/reference/server-side-apis-overview>. The
//! endpoint for events is the one that Segment's own destination uses, as it takes visitors without
//! a user id, too.

use serde_json::{Value, json};

use crate::context::{flat, put, put_campaign, shortened};
use crate::destination::{Destination, Lane, Limits, Payload};
use crate::event::{Event, Object};
use crate::event_type::EventType;
use crate::outgoing::iso_time;
use crate::request::{Request, array};
use crate::secret::Secret;
use crate::settings::{SettingsError, base_url, required};
use crate::skip::Skip;

const TRACK: &str = "/api/integrations/track";
const USER: &str = "/api/add_user_properties";
const ACCOUNT: &str = "/api/add_account_properties";

/// "Property keys and values must be a number or string with fewer than 1024 characters"
/// (<https://developers.heap.io/reference/track-1>).
const MOST_CHARS: usize = 1023;

/// "identity … must be less than 255 characters".
const MOST_ID_CHARS: usize = 255;

/// How to reach it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The environment's id.
    pub app_id: Secret,
    /// Where it is: `https://c.eu.heap-api.com`, say.
    #[serde(default = "default_host")]
    pub host: String,
}

fn default_host() -> String {
    "https://heapanalytics.com".to_owned()
}

impl Settings {
    pub(crate) fn hide_secrets(&mut self) {
        self.app_id.hide();
    }
}

/// Heap.
#[derive(Debug)]
pub(crate) struct Vendor {
    base: String,
    app_id: Secret,
}

impl Vendor {
    pub(crate) fn new(settings: Settings) -> Result<Self, SettingsError> {
        required("app_id", settings.app_id.is_empty())?;
        Ok(Self {
            base: base_url("host", &settings.host)?,
            app_id: settings.app_id,
        })
    }
}

impl Destination for Vendor {
    fn integration_names(&self) -> &'static [&'static str] {
        &["Heap", "Heap (Actions)", "Actions Heap"]
    }

    /// "a max of 1000 events per request", and "1000 events per minute per identity per `app_id` and
    /// 15,000 events per minute per `app_id`", beyond which it answers 429
    /// (<https://developers.heap.io/reference/bulk-track>); the properties of users have the same
    /// number (<https://developers.heap.io/reference/bulk-add-user-properties>). Half of it, as
    /// one that is refused spoils its request. Heap names no size, so requests stay at the usual
    /// 1 MB.
    fn limits(&self) -> Limits {
        Limits {
            payloads: 500,
            request_bytes: 1_000_000,
            payload_bytes: 900_000,
            envelope_bytes: 1024,
            age_ms: None,
        }
    }

    fn map(&self, event: &Event<'_>) -> Result<Vec<Payload>, Skip> {
        event.body()?;
        let name = match event.event_type {
            EventType::Identify => {
                let identity = event.user_id().ok_or(Skip::Lacks("userId"))?;
                let mut properties = values(event.traits());
                put(&mut properties, "anonymous_id", event.anonymous_id());
                let user = json!({
                    "identity": shortened(&identity, MOST_ID_CHARS),
                    "properties": properties,
                });
                return Ok(vec![Payload::new(
                    "user properties",
                    USER,
                    user.to_string(),
                )]);
            }
            EventType::Group => {
                let account = event.group_id().ok_or(Skip::Lacks("groupId"))?;
                let account = json!({
                    "account_id": shortened(&account, MOST_ID_CHARS),
                    "properties": values(event.traits()),
                });
                let body = account.to_string();
                return Ok(vec![Payload::new("account properties", ACCOUNT, body)]);
            }
            EventType::Alias => return Err(Skip::Unsupported("Heap's servers join no ids")),
            EventType::Track => event.name().ok_or(Skip::Lacks("a name"))?,
            EventType::Page => "Page viewed".to_owned(),
            EventType::Screen => "Screen viewed".to_owned(),
        };
        let who = match (event.user_id(), event.anonymous_id()) {
            (Some(id), _) => json!({ "identity": shortened(&id, MOST_ID_CHARS) }),
            (None, Some(id)) => json!({ "anonymous_id": shortened(&id, MOST_ID_CHARS) }),
            (None, None) => return Err(Skip::Lacks("userId and anonymousId")),
        };
        let mut context = Object::new();
        if event.event_type != EventType::Track {
            put(&mut context, "name", event.name());
        }
        put(&mut context, "url", event.page_url());
        put(&mut context, "referrer", event.property_of_page("referrer"));
        put(&mut context, "title", event.property_of_page("title"));
        put_campaign(&mut context, event);
        let mut properties = values(&context);
        properties.extend(values(event.properties()));
        let body = json!({
            "event": shortened(&name, MOST_CHARS),
            "user_identifier": who,
            "custom_properties": properties,
            "timestamp": iso_time(event.timestamp_ms),
            // A repeat with the same key is dropped.
            "idempotency_key": event.message_id,
        });
        Ok(vec![Payload::new(name, TRACK, body.to_string())])
    }

    fn request(&self, lane: &Lane, payloads: &[&Payload], _: i64) -> Request {
        let list = array(payloads.iter().map(|payload| payload.body.as_str()));
        let app_id = Value::from(self.app_id.expose());
        let body = match lane.endpoint {
            TRACK => format!(r#"{{"app_id":{app_id},"library":"server","events":{list}}}"#),
            USER => format!(r#"{{"app_id":{app_id},"users":{list}}}"#),
            _ => format!(r#"{{"app_id":{app_id},"accounts":{list}}}"#),
        };
        Request::json(format!("{}{}", self.base, lane.endpoint), body)
    }
}

/// Properties on one level, texts and numbers alone, cut to what Heap takes.
fn values(object: &Object) -> Object {
    let members = flat(object).into_iter().map(|(name, value)| {
        let value = match value {
            Value::String(text) => Value::from(shortened(&text, MOST_CHARS)),
            Value::Bool(value) => Value::from(value.to_string()),
            other => other,
        };
        (shortened(&name, MOST_CHARS).to_owned(), value)
    });
    members.collect()
}
