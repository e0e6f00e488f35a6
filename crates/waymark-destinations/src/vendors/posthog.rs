//! PostHog's capture API: <https://posthog.com/docs/api/capture>. What events are called and which
//! properties mean something: <https://posthog.com/docs/data/events>; limits and answers as its own
//! libraries (`posthog-node`, `@posthog/core`) treat them.

use serde_json::{Value, json};

use crate::answer::{Answer, Fate, Verdict};
use crate::contact::Contact;
use crate::context::{host, put, put_campaign, put_context};
use crate::destination::{Destination, Lane, Limits, Payload};
use crate::event::{Event, Object};
use crate::event_type::EventType;
use crate::outgoing::iso_time;
use crate::request::{Request, array};
use crate::secret::Secret;
use crate::settings::{SettingsError, base_url, required};
use crate::skip::Skip;
use crate::stable_id;

/// How to reach it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The project's API key.
    pub api_key: Secret,
    /// Where it is: `https://eu.i.posthog.com`, or an own server.
    #[serde(default = "default_host")]
    pub host: String,
    /// Whom the events of a guest belong to.
    #[serde(default)]
    pub guest: Guest,
    /// Whether visitors without a user id have profiles.
    #[serde(default)]
    pub anonymous_profiles: bool,
    /// What a group is, where its traits have no `groupType`.
    #[serde(default = "default_group_type")]
    pub group_type: String,
}

/// Whom the events of a guest, who has no user id, belong to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Guest {
    /// The visitor.
    #[default]
    AnonymousId,
    /// The e-mail address, where the event has one; otherwise the visitor.
    Email,
}

fn default_host() -> String {
    "https://us.i.posthog.com".to_owned()
}

fn default_group_type() -> String {
    "company".to_owned()
}

impl Settings {
    pub(crate) fn hide_secrets(&mut self) {
        self.api_key.hide();
    }
}

/// PostHog.
#[derive(Debug)]
pub(crate) struct Vendor {
    url: String,
    settings: Settings,
}

impl Vendor {
    pub(crate) fn new(settings: Settings) -> Result<Self, SettingsError> {
        required("api_key", settings.api_key.is_empty())?;
        let url = format!("{}/batch/", base_url("host", &settings.host)?);
        Ok(Self { url, settings })
    }

    fn guest(&self, event: &Event<'_>) -> Option<String> {
        let email = match self.settings.guest {
            Guest::Email => Contact::of(event).email,
            Guest::AnonymousId => None,
        };
        email
            .map(|email| email.trim().to_lowercase())
            .or_else(|| event.anonymous_id())
    }

    fn payload(
        &self,
        event: &Event<'_>,
        name: &str,
        distinct_id: &str,
        mut properties: Object,
    ) -> Payload {
        // A profile for each visitor is charged, so only who told who they are has one:
        // https://posthog.com/docs/data/anonymous-vs-identified-events
        let is_visitor = event.user_id().is_none()
            && event.anonymous_id().as_deref() == Some(distinct_id)
            && event.event_type != EventType::Identify;
        if is_visitor && !self.settings.anonymous_profiles {
            properties.insert("$process_person_profile".to_owned(), Value::Bool(false));
            properties.remove("$set");
        }
        let body = json!({
            "event": name,
            "distinct_id": distinct_id,
            "properties": properties,
            "timestamp": iso_time(event.timestamp_ms),
            // Two events with one uuid are one: https://posthog.com/docs/data/ingestion-warnings
            "uuid": stable_id::uuid(event.message_id, ""),
        });
        Payload::new(name, "/batch/", body.to_string())
    }

    fn group(&self, event: &Event<'_>, traits: &Object) -> Result<(String, String), Skip> {
        let key = event.group_id().ok_or(Skip::Lacks("groupId"))?;
        let told = traits.get("groupType").and_then(Value::as_str);
        Ok((told.unwrap_or(&self.settings.group_type).to_owned(), key))
    }
}

impl Destination for Vendor {
    fn integration_names(&self) -> &'static [&'static str] {
        &["PostHog"]
    }

    /// 20 MB a request (the router of PostHog's capture), 1 MB an event; requests stay far below,
    /// so that halving a refused one is quick.
    fn limits(&self) -> Limits {
        Limits {
            payloads: 500,
            request_bytes: 5_000_000,
            payload_bytes: 900_000,
            envelope_bytes: 1024,
            age_ms: None,
        }
    }

    fn map(&self, event: &Event<'_>) -> Result<Vec<Payload>, Skip> {
        event.body()?;
        let mut properties = context(event);
        let user = event.user_id();
        let person = user.clone().or_else(|| self.guest(event));
        let distinct_id = person.ok_or(Skip::Lacks("userId and anonymousId"))?;
        let name = match event.event_type {
            // Names stay as they are: PostHog has no spec of its own for ecommerce.
            EventType::Track => {
                properties.extend(event.properties().clone());
                event.name().ok_or(Skip::Lacks("a name"))?
            }
            EventType::Page => {
                properties.extend(event.properties().clone());
                put(&mut properties, "name", event.name());
                "$pageview".to_owned()
            }
            EventType::Screen => {
                properties.extend(event.properties().clone());
                put(&mut properties, "$screen_name", event.name());
                "$screen".to_owned()
            }
            // https://posthog.com/docs/product-analytics/identify: `$anon_distinct_id` merges.
            EventType::Identify => {
                properties.insert("$set".to_owned(), Value::Object(event.traits().clone()));
                match (&user, event.anonymous_id()) {
                    (Some(_), anonymous_id) => {
                        put(&mut properties, "$anon_distinct_id", anonymous_id);
                        "$identify".to_owned()
                    }
                    (None, _) => "$set".to_owned(),
                }
            }
            // https://posthog.com/docs/product-analytics/group-analytics
            EventType::Group => {
                let (kind, key) = self.group(event, event.traits())?;
                properties.insert("$groups".to_owned(), json!({ kind.clone(): key.clone() }));
                put(&mut properties, "$group_type", Some(kind));
                put(&mut properties, "$group_key", Some(key));
                let traits = Value::Object(event.traits().clone());
                properties.insert("$group_set".to_owned(), traits);
                "$groupidentify".to_owned()
            }
            // https://posthog.com/docs/product-analytics/identify#alias
            EventType::Alias => {
                let previous = event.previous_id().ok_or(Skip::Lacks("previousId"))?;
                put(&mut properties, "distinct_id", Some(distinct_id.clone()));
                put(&mut properties, "alias", Some(previous));
                "$create_alias".to_owned()
            }
        };
        if event.event_type != EventType::Group
            && let Some(group_id) = event.context_text(&["groupId"])
        {
            let groups = json!({ self.settings.group_type.clone(): group_id });
            properties.insert("$groups".to_owned(), groups);
        }
        Ok(vec![self.payload(event, &name, &distinct_id, properties)])
    }

    fn request(&self, _: &Lane, payloads: &[&Payload], _: i64) -> Request {
        let batch = array(payloads.iter().map(|payload| payload.body.as_str()));
        let key = Value::from(self.settings.api_key.expose());
        Request::json(
            self.url.clone(),
            format!(r#"{{"api_key":{key},"batch":{batch}}}"#),
        )
    }

    /// 200 may name what the project's quota turned away: sending it again is useless. 413 is too
    /// large a batch.
    fn judge(&self, answer: &Answer<'_>, payloads: &[&Payload]) -> Verdict {
        if answer.is_success() {
            let limited = answer.json();
            let events = limited.get("quota_limited").and_then(Value::as_array);
            if events.is_some_and(|kinds| kinds.iter().any(|kind| kind == "events")) {
                let reason = "over the project's quota".to_owned();
                return Verdict::Each(vec![Fate::Refused(reason); payloads.len()]);
            }
        }
        answer.by_status()
    }
}

/// What the context tells, under PostHog's names:
/// <https://posthog.com/docs/data/events#default-properties>.
fn context(event: &Event<'_>) -> Object {
    let mut properties = Object::new();
    put_context(
        &mut properties,
        event,
        &[
            ("$os", &["os", "name"]),
            ("$os_version", &["os", "version"]),
            ("$device_type", &["device", "type"]),
            ("$device_manufacturer", &["device", "manufacturer"]),
            ("$device_model", &["device", "model"]),
            ("$screen_width", &["screen", "width"]),
            ("$screen_height", &["screen", "height"]),
            ("$timezone", &["timezone"]),
            ("$locale", &["locale"]),
            ("$app_name", &["app", "name"]),
            ("$app_version", &["app", "version"]),
            ("$lib", &["library", "name"]),
            ("$lib_version", &["library", "version"]),
            ("$raw_user_agent", &["userAgent"]),
            ("$set", &["traits"]),
        ],
    );
    let url = event.page_url();
    let page_host = url.as_deref().and_then(host).map(str::to_owned);
    put(&mut properties, "$host", page_host);
    put(&mut properties, "$current_url", url);
    put(&mut properties, "$pathname", event.property_of_page("path"));
    put(&mut properties, "title", event.property_of_page("title"));
    let referrer = event.property_of_page("referrer");
    let referring = referrer.as_deref().and_then(host).map(str::to_owned);
    put(&mut properties, "$referring_domain", referring);
    put(&mut properties, "$referrer", referrer);
    put_campaign(&mut properties, event);
    match event.ip() {
        Some(ip) => put(&mut properties, "$ip", Some(ip)),
        // Otherwise the gateway's own address would tell where the visitor is.
        None => put(&mut properties, "$geoip_disable", Some(true)),
    }
    properties
}
