//! Google Analytics 4 by its Measurement Protocol:
//! <https://developers.google.com/analytics/devguides/collection/protocol/ga4/reference>. Its events
//! and parameters: <https://developers.google.com/analytics/devguides/collection/protocol/ga4/reference/events>.

mod ecommerce;
mod names;

use serde_json::{Value, json};

use self::ecommerce::standard;
use self::names::{KNOWN_PARAMS, RESERVED_EVENTS, sanitised};

use crate::answer::Answer;
use crate::context::{put, shortened};
use crate::destination::{Check, Destination, Lane, Limits, Payload};
use crate::event::{Event, Object, at};
use crate::event_type::EventType;
use crate::request::{Request, array};
use crate::secret::Secret;
use crate::settings::{SettingsError, base_url, required};
use crate::skip::Skip;
use crate::stable_id;

/// "Limitations": 25 parameters an event, and values of 100 characters.
const MOST_PARAMS: usize = 25;
const VALUE_CHARS: usize = 100;

/// Longer values are taken for the page:
/// <https://support.google.com/analytics/answer/9267744>.
const PAGE_CHARS: [(&str, usize); 3] = [
    ("page_location", 1000),
    ("page_referrer", 420),
    ("page_title", 300),
];

/// How to reach it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The data stream, `G-…`.
    pub measurement_id: String,
    /// The stream's secret for the Measurement Protocol.
    pub api_secret: Secret,
    /// Where it is: `https://region1.google-analytics.com` keeps data in the European Union.
    #[serde(default = "default_host")]
    pub host: String,
}

fn default_host() -> String {
    "https://www.google-analytics.com".to_owned()
}

impl Settings {
    pub(crate) fn hide_secrets(&mut self) {
        self.api_secret.hide();
    }
}

/// Google Analytics 4.
#[derive(Debug)]
pub(crate) struct Vendor {
    base: String,
    settings: Settings,
}

impl Vendor {
    pub(crate) fn new(settings: Settings) -> Result<Self, SettingsError> {
        required("measurement_id", settings.measurement_id.trim().is_empty())?;
        required("api_secret", settings.api_secret.is_empty())?;
        for (key, text) in [
            ("measurement_id", settings.measurement_id.as_str()),
            ("api_secret", settings.api_secret.expose()),
        ] {
            let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_()".contains(&byte);
            if !text.bytes().all(plain) {
                let reason = "must have letters, digits, dashes and underscores only";
                return Err(SettingsError::new(key, reason));
            }
        }
        let base = base_url("host", &settings.host)?;
        Ok(Self { base, settings })
    }
}

impl Destination for Vendor {
    fn integration_names(&self) -> &'static [&'static str] {
        &[
            "Google Analytics 4",
            "Google Analytics 4 Cloud",
            "Actions Google Analytic 4",
        ]
    }

    /// "Limitations": 25 events and 130 kB a request; events are backdated up to 72 hours.
    fn limits(&self) -> Limits {
        Limits {
            payloads: 25,
            request_bytes: 130_000,
            payload_bytes: 120_000,
            // The ids of the visitor are in it.
            envelope_bytes: 4096,
            age_ms: Some(72 * 60 * 60 * 1000),
        }
    }

    fn map(&self, event: &Event<'_>) -> Result<Vec<Payload>, Skip> {
        event.body()?;
        let (name, params) = match event.event_type {
            EventType::Identify => {
                return Err(Skip::Unsupported(
                    "traits may tell who a person is, which GA4 forbids",
                ));
            }
            EventType::Alias => return Err(Skip::Unsupported("GA4 joins no ids")),
            EventType::Page => ("page_view".to_owned(), Object::new()),
            EventType::Screen => {
                let mut params = Object::new();
                put(&mut params, "screen_name", event.name());
                ("screen_view".to_owned(), params)
            }
            EventType::Group => {
                let mut params = Object::new();
                put(&mut params, "group_id", event.group_id());
                ("join_group".to_owned(), params)
            }
            EventType::Track => match event.ecommerce().and_then(|kind| standard(kind, event)) {
                Some(named) => named,
                None => custom(event)?,
            },
        };
        let body = json!({
            "name": name,
            "params": limited(event, params),
            "timestamp_micros": event.timestamp_ms.saturating_mul(1000),
        });
        let mut payload = Payload::new(&name, "/mp/collect", body.to_string());
        let user = event.user_id();
        let client =
            client_id(event, user.as_deref()).ok_or(Skip::Lacks("userId and anonymousId"))?;
        let mut visitor = Object::new();
        put(&mut visitor, "client_id", Some(shortened(&client, 256)));
        put(
            &mut visitor,
            "user_id",
            user.as_deref().map(|id| shortened(id, 256)),
        );
        payload.lane.shared = Value::Object(visitor).to_string();
        Ok(vec![payload])
    }

    /// All events of a request belong to one visitor.
    fn request(&self, lane: &Lane, payloads: &[&Payload], _: i64) -> Request {
        let url = format!(
            "{}{}?measurement_id={}&api_secret={}",
            self.base,
            lane.endpoint,
            self.settings.measurement_id,
            self.settings.api_secret.expose()
        );
        let events = array(payloads.iter().map(|payload| payload.body.as_str()));
        // The lane's text is an object with a member: the visitor.
        let visitor = lane.shared.strip_suffix('}').unwrap_or("{");
        Request::json(url, format!(r#"{visitor},"events":{events}}}"#))
    }

    /// <https://developers.google.com/analytics/devguides/collection/protocol/ga4/validating-events>:
    /// the validation server takes the same request under another path. "The validation server does
    /// not validate the `api_secret`", and "events sent to the validation server don't show up in
    /// reports".
    fn check(&self, lane: &Lane, payloads: &[&Payload], _: Option<&str>, now_ms: i64) -> Check {
        let lane = Lane {
            endpoint: "/debug/mp/collect",
            ..lane.clone()
        };
        let mut request = self.request(&lane, payloads, now_ms);
        let rest = request.body.strip_prefix('{').unwrap_or_default();
        let strict = r#"{"validation_behavior":"ENFORCE_RECOMMENDATIONS","#;
        request.body = format!("{strict}{rest}");
        Check::Request {
            request,
            note: "it is in no report, and neither measurement_id nor api_secret was checked",
        }
    }

    /// `validationMessages`, none of which is there for a valid event.
    fn findings(&self, answer: &Answer<'_>) -> Vec<String> {
        let body = answer.json();
        let Some(messages) = body.get("validationMessages").and_then(Value::as_array) else {
            return vec![format!(
                "its answer is not that of a validation: {}",
                answer.status
            )];
        };
        let messages = messages.iter().map(|message| {
            let of = |name: &str| message.get(name).and_then(Value::as_str).unwrap_or("?");
            format!("{}: {}", of("fieldPath"), of("description"))
        });
        messages.collect()
    }
}

/// The browser's own id comes first, so that its events and these are one visitor's. A user id
/// alone makes an id that is the same each time. See the reference.
fn client_id(event: &Event<'_>, user_id: Option<&str>) -> Option<String> {
    let own = at(event.integrations(), &["Google Analytics 4", "clientId"])
        .or_else(|| event.of_context(&["ga4", "clientId"]))
        .or_else(|| event.of_context(&["clientIds", "ga4"]))
        .and_then(crate::event::text);
    own.or_else(|| event.anonymous_id())
        .or_else(|| user_id.map(|id| stable_id::uuid(id, "ga4 client")))
}

/// Sign-ups and logins have events of their own; all others go under their own names.
fn custom(event: &Event<'_>) -> Result<(String, Object), Skip> {
    let own = event.name().ok_or(Skip::Lacks("a name"))?;
    let mut params = Object::new();
    let name = match own.as_str() {
        "Signed Up" => "sign_up".to_owned(),
        "Signed In" | "Logged In" => "login".to_owned(),
        _ => sanitised(&own).ok_or(Skip::Lacks("a name of letters and digits"))?,
    };
    if RESERVED_EVENTS.contains(&name.as_str()) {
        return Err(Skip::Unsupported("GA4 keeps the event's name for itself"));
    }
    // Lists and objects are no parameters.
    for (name, value) in event.properties() {
        if let (Some(name), false) = (sanitised(name), value.is_object() || value.is_array()) {
            params.insert(name, value.clone());
        }
    }
    Ok((name, params))
}

/// The parameters with those of page and session, cut to what GA4 takes.
fn limited(event: &Event<'_>, own: Object) -> Object {
    let mut params = Object::new();
    // Without it an event does not show in most reports ("engagement_time_msec").
    put(&mut params, "engagement_time_msec", Some(1));
    let session = at(event.integrations(), &["Google Analytics 4", "sessionId"])
        .or_else(|| event.of_context(&["ga4", "sessionId"]));
    put(&mut params, "session_id", session.cloned());
    put(&mut params, "page_location", event.page_url());
    put(
        &mut params,
        "page_referrer",
        event.property_of_page("referrer"),
    );
    put(&mut params, "page_title", event.property_of_page("title"));
    params.extend(own);
    let kept = params.into_iter().filter_map(|(name, value)| match value {
        Value::Null => None,
        Value::String(text) => {
            let page = PAGE_CHARS.iter().find(|(page, _)| *page == name);
            let most = page.map_or(VALUE_CHARS, |(_, most)| *most);
            Some((name, Value::from(shortened(&text, most))))
        }
        other => Some((name, other)),
    });
    let mut kept: Vec<(String, Value)> = kept.collect();
    // What GA4 reads itself comes before what the shop made up.
    kept.sort_by_key(|(name, _)| !KNOWN_PARAMS.contains(&name.as_str()));
    kept.truncate(MOST_PARAMS);
    kept.into_iter().collect()
}
