//! Mixpanel's Import Events (<https://developer.mixpanel.com/reference/import-events>) and its
//! profiles (<https://developer.mixpanel.com/reference/profile-set>), with the ids of Simplified ID
//! Merge (<https://docs.mixpanel.com/docs/tracking-methods/id-management/identifying-users>).

use serde_json::{Value, json};

use crate::answer::{Answer, Fate, Verdict};
use crate::context::{host, put, put_campaign, put_context};
use crate::destination::{Destination, Lane, Limits, Payload};
use crate::ecommerce::{EcommerceEvent, each_product};
use crate::event::{Event, Object};
use crate::event_type::EventType;
use crate::request::{Request, array};
use crate::secret::Secret;
use crate::settings::{SettingsError, base_url, required};
use crate::skip::Skip;
use crate::stable_id;

const IMPORT: &str = "/import?strict=1";
const PROFILES: &str = "/engage?verbose=1";
const GROUPS: &str = "/groups?verbose=1";

/// Names that Mixpanel keeps for itself.
const RESERVED: [&str; 7] = [
    "time",
    "distinct_id",
    "$insert_id",
    "$user_id",
    "$device_id",
    "token",
    "ip",
];

/// "Nested objects must have fewer than 255 keys"; so must the properties, and lists have at most
/// 255 items (Import Events, "Event validation").
const MOST_MEMBERS: usize = 254;

/// How to reach it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The project's token.
    pub token: Secret,
    /// Where it is: `https://api-eu.mixpanel.com`, say.
    #[serde(default = "default_host")]
    pub host: String,
    /// What a group is.
    #[serde(default = "default_group_key")]
    pub group_key: String,
}

fn default_host() -> String {
    "https://api.mixpanel.com".to_owned()
}

fn default_group_key() -> String {
    "$group_id".to_owned()
}

impl Settings {
    pub(crate) fn hide_secrets(&mut self) {
        self.token.hide();
    }
}

/// Mixpanel.
#[derive(Debug)]
pub(crate) struct Vendor {
    base: String,
    settings: Settings,
}

impl Vendor {
    pub(crate) fn new(settings: Settings) -> Result<Self, SettingsError> {
        required("token", settings.token.is_empty())?;
        let base = base_url("host", &settings.host)?;
        Ok(Self { base, settings })
    }

    fn identify(&self, event: &Event<'_>) -> Result<Vec<Payload>, Skip> {
        let id = distinct_id(event).ok_or(Skip::Lacks("userId and anonymousId"))?;
        let profile = json!({
            "$token": self.settings.token.expose(),
            "$distinct_id": id,
            // "0" keeps Mixpanel from taking the gateway's address for the person's.
            "$ip": event.ip().unwrap_or_else(|| "0".to_owned()),
            "$set": profile(event.traits()),
        });
        let mut payloads = vec![Payload::new("$set", PROFILES, profile.to_string())];
        // An event with both ids joins them.
        if event.user_id().is_some() && event.anonymous_id().is_some() {
            payloads.push(import(
                event,
                "$identify",
                common(event),
                "",
                event.timestamp_ms,
            ));
        }
        Ok(payloads)
    }

    fn group(&self, event: &Event<'_>) -> Result<Vec<Payload>, Skip> {
        let key = &self.settings.group_key;
        let group_id = event.group_id().ok_or(Skip::Lacks("groupId"))?;
        let token = self.settings.token.expose();
        let set = json!({
            "$token": token,
            "$group_key": key,
            "$group_id": group_id,
            "$set": profile(event.traits()),
        });
        let mut payloads = vec![Payload::new("group $set", GROUPS, set.to_string())];
        if let Some(id) = distinct_id(event) {
            let union = json!({
                "$token": token,
                "$distinct_id": id,
                "$ip": event.ip().unwrap_or_else(|| "0".to_owned()),
                "$union": { key.as_str(): [group_id] },
            });
            payloads.push(Payload::new("$union", PROFILES, union.to_string()));
        }
        Ok(payloads)
    }
}

impl Destination for Vendor {
    fn integration_names(&self) -> &'static [&'static str] {
        &["Mixpanel", "Mixpanel (Actions)", "Actions Mixpanel"]
    }

    /// 2 000 events and 10 MB a request of Import Events (2 MB on older pages, which is kept to),
    /// 1 MB an event; 2 000 profiles, and 200 groups. All share the smallest.
    fn limits(&self) -> Limits {
        Limits {
            payloads: 200,
            request_bytes: 2_000_000,
            payload_bytes: 1_000_000,
            envelope_bytes: 2,
            age_ms: None,
        }
    }

    fn map(&self, event: &Event<'_>) -> Result<Vec<Payload>, Skip> {
        event.body()?;
        let named = |name: Option<String>, what: &str| match name {
            Some(name) => format!("Viewed {name}"),
            None => format!("Viewed {what}"),
        };
        let name = match event.event_type {
            EventType::Identify => return self.identify(event),
            EventType::Group => return self.group(event),
            // https://docs.mixpanel.com/docs/tracking-methods/id-management/identifying-users:
            // Simplified ID Merge has no aliases.
            EventType::Alias => {
                return Err(Skip::Unsupported("Simplified ID Merge has no aliases"));
            }
            EventType::Track => event.name().ok_or(Skip::Lacks("a name"))?,
            EventType::Page => named(event.name(), "Page"),
            EventType::Screen => named(event.name(), "Screen"),
        };
        let mut own = common(event);
        put(
            &mut own,
            &self.settings.group_key,
            event.context_text(&["groupId"]),
        );
        for (name, value) in event.properties() {
            if !RESERVED.contains(&name.as_str()) {
                own.insert(name.clone(), shortened(value));
            }
        }
        if own.len() > MOST_MEMBERS {
            return Err(Skip::TooLarge);
        }
        let mut payloads = vec![import(event, &name, own, "", event.timestamp_ms)];
        // As Segment's own mapping has it, an order is an event, and each product is one more, a
        // moment before: https://segment.com/docs/connections/destinations/catalog/actions-mixpanel/#track-purchase
        if event.ecommerce() == Some(EcommerceEvent::OrderCompleted) {
            for (at, product) in each_product(event) {
                let mut own = common(event);
                put(&mut own, "order_id", event.property("order_id"));
                for (name, value) in product.0 {
                    if !RESERVED.contains(&name.as_str()) {
                        own.insert(name.clone(), shortened(value));
                    }
                }
                if own.len() > MOST_MEMBERS {
                    return Err(Skip::TooLarge);
                }
                let before_ms = i64::try_from(at).unwrap_or(i64::MAX).saturating_add(1);
                let time_ms = event.timestamp_ms.saturating_sub(before_ms);
                let part = format!("product {at}");
                payloads.push(import(event, "Product Purchased", own, &part, time_ms));
            }
        }
        Ok(payloads)
    }

    fn request(&self, lane: &Lane, payloads: &[&Payload], _: i64) -> Request {
        let body = array(payloads.iter().map(|payload| payload.body.as_str()));
        let request = Request::json(format!("{}{}", self.base, lane.endpoint), body);
        if lane.endpoint == IMPORT {
            request.with_basic_auth(self.settings.token.expose(), "")
        } else {
            // Profiles have the token inside.
            request
        }
    }

    /// 400 of Import Events names the records that failed; all others are in. Profiles answer 200
    /// with `status` 0 and an error.
    fn judge(&self, answer: &Answer<'_>, payloads: &[&Payload]) -> Verdict {
        let body = answer.json();
        if answer.status == 400
            && let Some(failed) = body.get("failed_records").and_then(Value::as_array)
            && !failed.is_empty()
        {
            let named = failed.iter().filter_map(|record| {
                let index = usize::try_from(record.get("index")?.as_u64()?).ok()?;
                let of = |name: &str| record.get(name).and_then(Value::as_str).unwrap_or_default();
                Some((index, format!("{}: {}", of("field"), of("message"))))
            });
            let refused: Vec<_> = named.filter(|(index, _)| *index < payloads.len()).collect();
            if refused.is_empty() {
                // It does not say which: what is alone in a request is the one.
                return answer.refused();
            }
            return Verdict::each(payloads.len(), refused, &Fate::Taken);
        }
        let failed = body.get("status").and_then(Value::as_i64) == Some(0);
        if answer.is_success() && failed && body.get("error").is_some() {
            return answer.refused();
        }
        answer.by_status()
    }
}

/// The id of Simplified ID Merge: the user's, otherwise the device's with `$device:` before it.
fn distinct_id(event: &Event<'_>) -> Option<String> {
    event.user_id().or_else(|| {
        let anonymous_id = event.anonymous_id()?;
        Some(format!("$device:{anonymous_id}"))
    })
}

fn import(
    event: &Event<'_>,
    name: &str,
    mut properties: Object,
    part: &str,
    time_ms: i64,
) -> Payload {
    properties.insert("time".to_owned(), Value::from(time_ms));
    // At most 36 characters of letters, digits and dashes, so not the messageId itself.
    let insert_id = stable_id::uuid(event.message_id, part);
    properties.insert("$insert_id".to_owned(), Value::from(insert_id));
    let body = json!({ "event": name, "properties": properties });
    Payload::new(name, IMPORT, body.to_string())
}

/// What every event has: ids, and the context under Mixpanel's names
/// (<https://docs.mixpanel.com/docs/data-structure/property-reference/default-properties>).
fn common(event: &Event<'_>) -> Object {
    let mut properties = Object::new();
    put_context(
        &mut properties,
        event,
        &[
            ("$os", &["os", "name"]),
            ("$os_version", &["os", "version"]),
            ("$device", &["device", "name"]),
            ("$manufacturer", &["device", "manufacturer"]),
            ("$model", &["device", "model"]),
            ("$screen_width", &["screen", "width"]),
            ("$screen_height", &["screen", "height"]),
            ("$app_version_string", &["app", "version"]),
            ("$lib_version", &["library", "version"]),
            ("mp_lib", &["library", "name"]),
            ("$locale", &["locale"]),
            ("timezone", &["timezone"]),
        ],
    );
    put(&mut properties, "$current_url", event.page_url());
    let referrer = event.property_of_page("referrer");
    let referring = referrer.as_deref().and_then(host).map(str::to_owned);
    put(&mut properties, "$referring_domain", referring);
    put(&mut properties, "$referrer", referrer);
    put_campaign(&mut properties, event);
    put(&mut properties, "ip", event.ip());
    put(&mut properties, "$user_id", event.user_id());
    put(&mut properties, "$device_id", event.anonymous_id());
    // An event without a person has an empty id.
    let id = distinct_id(event).unwrap_or_default();
    put(&mut properties, "distinct_id", Some(id));
    properties
}

/// Traits under the names of profiles
/// (<https://docs.mixpanel.com/docs/data-structure/user-profiles#reserved-user-properties>).
fn profile(traits: &Object) -> Object {
    let members = traits.iter().map(|(name, value)| {
        let name = match name.as_str() {
            "email" => "$email",
            "firstName" | "first_name" => "$first_name",
            "lastName" | "last_name" => "$last_name",
            "name" => "$name",
            "phone" => "$phone",
            "avatar" => "$avatar",
            "created" | "createdAt" => "$created",
            other => other,
        };
        (name.to_owned(), value.clone())
    });
    members.collect()
}

/// A list has at most 255 items.
fn shortened(value: &Value) -> Value {
    match value {
        Value::Array(items) if items.len() > 255 => Value::Array(items[..255].to_vec()),
        other => other.clone(),
    }
}
