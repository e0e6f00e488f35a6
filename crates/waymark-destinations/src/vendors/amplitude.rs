//! Amplitude's HTTP API V2: <https://amplitude.com/docs/apis/analytics/http-v2>. Which events
//! become what follows Segment's own mapping:
//! <https://segment.com/docs/connections/destinations/catalog/actions-amplitude/>.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::answer::{Answer, Fate, Verdict};
use crate::context::{put, put_campaign, put_context};
use crate::destination::{Destination, Lane, Limits, Payload};
use crate::ecommerce::{EcommerceEvent, each_product};
use crate::event::{Event, Object, at};
use crate::event_type::EventType;
use crate::money;
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
    /// Where it is: `https://api.eu.amplitude.com`, say.
    #[serde(default = "default_host")]
    pub host: String,
    /// What a group is, where its traits have no `groupType`.
    #[serde(default = "default_group_type")]
    pub group_type: String,
}

fn default_host() -> String {
    "https://api2.amplitude.com".to_owned()
}

fn default_group_type() -> String {
    "company".to_owned()
}

impl Settings {
    pub(crate) fn hide_secrets(&mut self) {
        self.api_key.hide();
    }
}

/// Amplitude.
#[derive(Debug)]
pub(crate) struct Vendor {
    url: String,
    settings: Settings,
}

impl Vendor {
    pub(crate) fn new(settings: Settings) -> Result<Self, SettingsError> {
        required("api_key", settings.api_key.is_empty())?;
        let url = format!("{}/2/httpapi", base_url("host", &settings.host)?);
        Ok(Self { url, settings })
    }

    fn group(&self, event: &Event<'_>) -> Result<Vec<Payload>, Skip> {
        let traits = event.traits();
        let told = traits.get("groupType").and_then(Value::as_str);
        let kind = told.unwrap_or(&self.settings.group_type);
        let groups = json!({ kind: event.group_id().ok_or(Skip::Lacks("groupId"))? });
        let mut person = common(event)?;
        person.insert("groups".to_owned(), groups.clone());
        person.insert(
            "user_properties".to_owned(),
            json!({ "$set": groups.clone() }),
        );
        let mut group = common(event)?;
        group.insert("groups".to_owned(), groups);
        group.insert("group_properties".to_owned(), json!({ "$set": traits }));
        Ok(vec![
            payload(event, "$identify", person, ""),
            payload(event, "$groupidentify", group, "group"),
        ])
    }
}

impl Destination for Vendor {
    fn integration_names(&self) -> &'static [&'static str] {
        &["Amplitude", "Actions Amplitude", "Amplitude (Actions)"]
    }

    /// "Upload limit": 1 MB and 2 000 events a request. A tenth of the events: 30 a second are
    /// taken for one user.
    fn limits(&self) -> Limits {
        Limits {
            payloads: 200,
            request_bytes: 1_000_000,
            payload_bytes: 990_000,
            envelope_bytes: 1024,
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
            EventType::Group => return self.group(event),
            // https://amplitude.com/docs/apis/analytics/user-mapping is another API, for some plans.
            EventType::Alias => {
                return Err(Skip::Unsupported("Amplitude maps users by another API"));
            }
            EventType::Identify => {
                let mut body = common(event)?;
                let set = json!({ "$set": event.traits() });
                body.insert("user_properties".to_owned(), set);
                return Ok(vec![payload(event, "$identify", body, "")]);
            }
            EventType::Track => event.name().ok_or(Skip::Lacks("a name"))?,
            EventType::Page => named(event.name(), "Page"),
            EventType::Screen => named(event.name(), "Screen"),
        };
        let mut body = common(event)?;
        let properties = Value::Object(event.properties().clone());
        body.insert("event_properties".to_owned(), properties);
        let mut campaign = Object::new();
        put_campaign(&mut campaign, event);
        if !campaign.is_empty() {
            body.insert("user_properties".to_owned(), json!({ "$set": campaign }));
        }
        let sign = match event.ecommerce() {
            Some(EcommerceEvent::OrderCompleted) => Some(1.0),
            Some(EcommerceEvent::OrderRefunded) => Some(-1.0),
            _ => None,
        };
        if let Some(sign) = sign {
            put_revenue(&mut body, event, sign);
        }
        let mut payloads = vec![payload(event, &name, body, "")];
        if event.ecommerce() == Some(EcommerceEvent::OrderCompleted) {
            // The order has the revenue; products that had it too would count it twice.
            for (at, product) in each_product(event) {
                let mut body = common(event)?;
                let mut own = product.0.clone();
                put(&mut own, "order_id", event.property("order_id"));
                body.insert("event_properties".to_owned(), Value::Object(own));
                let part = format!("product {at}");
                payloads.push(payload(event, "Product Purchased", body, &part));
            }
        }
        Ok(payloads)
    }

    fn request(&self, _: &Lane, payloads: &[&Payload], _: i64) -> Request {
        let events = array(payloads.iter().map(|payload| payload.body.as_str()));
        let key = Value::from(self.settings.api_key.expose());
        // Ids shorter than five characters are refused by default.
        let body =
            format!(r#"{{"api_key":{key},"events":{events},"options":{{"min_id_length":1}}}}"#);
        Request::json(self.url.clone(), body)
    }

    /// "Error codes": 400 names the events by their index and takes none; without indices it is
    /// about the key or the whole request. 429 names users who are over their day's quota, which
    /// must not hold up all others. 413 is too large.
    fn judge(&self, answer: &Answer<'_>, payloads: &[&Payload]) -> Verdict {
        let refused = match answer.status {
            400 => named_events(&answer.json()),
            429 => over_quota(&answer.json(), payloads),
            _ => return answer.by_status(),
        };
        let refused: Vec<_> = refused
            .into_iter()
            .filter(|(index, _)| *index < payloads.len())
            .collect();
        if !refused.is_empty() {
            return Verdict::each(payloads.len(), refused, &Fate::Again);
        }
        let body = answer.json();
        let error = body.get("error").and_then(Value::as_str);
        let is_about_key = error.is_some_and(|error| error.to_lowercase().contains("api key"))
            || body.get("missing_field").is_some_and(Value::is_string);
        match answer.status {
            400 if !is_about_key => answer.refused(),
            _ => answer.later(),
        }
    }
}

/// The events that an answer of 400 names, by their index.
fn named_events(body: &Value) -> Vec<(usize, String)> {
    let mut refused = Vec::new();
    for list in [
        "events_with_invalid_fields",
        "events_with_missing_fields",
        "events_with_invalid_id_lengths",
    ] {
        let fields = body.get(list).and_then(Value::as_object);
        for (field, indices) in fields.into_iter().flatten() {
            let reason = format!("{list}: {field}");
            refused.extend(numbers(indices).map(|index| (index, reason.clone())));
        }
    }
    let silenced = body.get("silenced_events").map(numbers);
    let silenced = silenced.into_iter().flatten();
    refused.extend(silenced.map(|index| (index, "silenced_events".to_owned())));
    refused
}

/// The payloads of users and devices that have sent more in a day than Amplitude takes.
fn over_quota(body: &Value, payloads: &[&Payload]) -> Vec<(usize, String)> {
    let lists = [
        ("exceeded_daily_quota_users", "user_id"),
        ("exceeded_daily_quota_devices", "device_id"),
    ];
    let named = |payload: &Payload| {
        let event: Value = serde_json::from_str(&payload.body).ok()?;
        lists.iter().find_map(|(list, id)| {
            let id = event.get(id)?.as_str()?;
            body.get(list)?.get(id)?;
            Some((*list).to_owned())
        })
    };
    let payloads = payloads.iter().enumerate();
    payloads
        .filter_map(|(index, payload)| Some((index, named(payload)?)))
        .collect()
}

fn numbers(list: &Value) -> impl Iterator<Item = usize> {
    let items = list.as_array().into_iter().flatten();
    items.filter_map(|item| usize::try_from(item.as_u64()?).ok())
}

fn payload(event: &Event<'_>, name: &str, mut body: Object, part: &str) -> Payload {
    put(&mut body, "event_type", Some(name));
    // "Amplitude ignores subsequent events sent with an insert_id we have already seen" (7 days).
    let insert_id = if part.is_empty() {
        event.message_id.to_owned()
    } else {
        stable_id::uuid(event.message_id, part)
    };
    put(&mut body, "insert_id", Some(insert_id));
    Payload::new(name, "/2/httpapi", Value::Object(body).to_string())
}

/// What every event has.
fn common(event: &Event<'_>) -> Result<Object, Skip> {
    let mut body = Object::new();
    let device_id = event
        .context_text(&["device", "id"])
        .or_else(|| event.anonymous_id());
    let user_id = event.user_id();
    if user_id.is_none() && device_id.is_none() {
        return Err(Skip::Lacks("userId and anonymousId"));
    }
    put_context(
        &mut body,
        event,
        &[
            ("app_version", &["app", "version"]),
            ("os_name", &["os", "name"]),
            ("os_version", &["os", "version"]),
            ("device_brand", &["device", "brand"]),
            ("device_manufacturer", &["device", "manufacturer"]),
            ("device_model", &["device", "model"]),
            ("carrier", &["network", "carrier"]),
            ("country", &["location", "country"]),
            ("region", &["location", "region"]),
            ("city", &["location", "city"]),
            ("location_lat", &["location", "latitude"]),
            ("location_lng", &["location", "longitude"]),
            ("language", &["locale"]),
            ("user_agent", &["userAgent"]),
        ],
    );
    let platform = event.context_text(&["device", "type"]);
    let web = event.page_url().map(|_| "Web".to_owned());
    put(&mut body, "platform", platform.or(web));
    put(&mut body, "session_id", session_id(event));
    put(&mut body, "user_id", user_id);
    put(&mut body, "device_id", device_id);
    put(&mut body, "ip", event.ip());
    put(&mut body, "time", Some(event.timestamp_ms));
    put(&mut body, "library", Some("waymark-gateway"));
    Ok(body)
}

/// A session's id is when it began, in milliseconds since 1970.
fn session_id(event: &Event<'_>) -> Option<i64> {
    let told = at(event.integrations(), &["Actions Amplitude", "session_id"])
        .or_else(|| event.of_context(&["amplitude", "session_id"]));
    told.and_then(Value::as_i64).or_else(|| {
        let started: Timestamp = event
            .context_text(&["session", "startedAt"])?
            .parse()
            .ok()?;
        Some(started.as_millisecond())
    })
}

/// The revenue of an order, which is without tax and shipping in Segment's spec, or what was
/// refunded of it.
fn put_revenue(body: &mut Object, event: &Event<'_>, sign: f64) {
    let names: &[&str] = if sign < 0.0 {
        &["total", "revenue", "value"]
    } else {
        &["revenue", "value", "total"]
    };
    let revenue = money::first(event.properties(), names);
    // A refund may be told with its sign already.
    let revenue = revenue.map(|revenue| money::amount(sign * revenue.abs()));
    put(body, "revenue", revenue);
    put(body, "currency", money::currency(event));
    let kind = if sign < 0.0 { "Refund" } else { "Purchase" };
    put(body, "revenueType", Some(kind));
}
