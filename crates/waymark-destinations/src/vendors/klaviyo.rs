//! Klaviyo's events (<https://developers.klaviyo.com/en/reference/create_event>) and profiles
//! (<https://developers.klaviyo.com/en/reference/create_or_update_profile>). What ecommerce events
//! are called there:
//! <https://developers.klaviyo.com/en/docs/guide_to_integrating_a_platform_without_a_pre_built_klaviyo_integration>.

use serde_json::{Value, json};

use crate::contact::{Contact, e164, lower};
use crate::context::{put, shortened};
use crate::destination::{Destination, Lane, Limits, Payload};
use crate::ecommerce::{EcommerceEvent, each_product, products, value};
use crate::event::{Event, Object};
use crate::event_type::EventType;
use crate::money;
use crate::outgoing::iso_time;
use crate::request::Request;
use crate::secret::Secret;
use crate::settings::{SettingsError, base_url, required};
use crate::skip::Skip;
use crate::stable_id;

const EVENTS: &str = "/api/events";
const PROFILES: &str = "/api/profile-import";

/// The revision of the API that the requests are written for.
const REVISION: &str = "2025-04-15";

/// "must not exceed 300 event properties"; lists at most 4 000 items.
const MOST_PROPERTIES: usize = 300;

/// How to reach it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The private API key, `pk_…`.
    pub api_key: Secret,
    /// Where it is.
    #[serde(default = "default_host")]
    pub host: String,
}

fn default_host() -> String {
    "https://a.klaviyo.com".to_owned()
}

impl Settings {
    pub(crate) fn hide_secrets(&mut self) {
        self.api_key.hide();
    }
}

/// Klaviyo.
#[derive(Debug)]
pub(crate) struct Vendor {
    base: String,
    api_key: Secret,
}

impl Vendor {
    pub(crate) fn new(settings: Settings) -> Result<Self, SettingsError> {
        required("api_key", settings.api_key.is_empty())?;
        Ok(Self {
            base: base_url("host", &settings.host)?,
            api_key: settings.api_key,
        })
    }
}

impl Destination for Vendor {
    fn integration_names(&self) -> &'static [&'static str] {
        &["Klaviyo", "Klaviyo (Actions)", "Actions Klaviyo"]
    }

    /// One event a request, of 5 MB at most.
    fn limits(&self) -> Limits {
        Limits {
            payloads: 1,
            request_bytes: 5_000_000,
            payload_bytes: 4_900_000,
            envelope_bytes: 0,
            age_ms: None,
        }
    }

    fn map(&self, event: &Event<'_>) -> Result<Vec<Payload>, Skip> {
        event.body()?;
        let name = match event.event_type {
            EventType::Identify => {
                let profile = json!({ "data": profile(event, true)? });
                return Ok(vec![Payload::new("profile", PROFILES, profile.to_string())]);
            }
            EventType::Group | EventType::Alias => {
                return Err(Skip::Unsupported(
                    "Klaviyo knows people by their addresses alone",
                ));
            }
            EventType::Page => "Viewed Page".to_owned(),
            EventType::Screen => "Viewed Screen".to_owned(),
            EventType::Track => {
                let own = event.name().ok_or(Skip::Lacks("a name"))?;
                event
                    .ecommerce()
                    .and_then(standard)
                    .map_or(own, str::to_owned)
            }
        };
        let mut properties = event.properties().clone();
        put(
            &mut properties,
            "name",
            event
                .name()
                .filter(|_| event.event_type != EventType::Track),
        );
        if !properties.contains_key("url") {
            put(&mut properties, "url", event.page_url());
        }
        let ids: Vec<String> = products(event)
            .iter()
            .filter_map(|product| product.id())
            .collect();
        if event.ecommerce().is_some() && !ids.is_empty() {
            put(&mut properties, "ProductIDs", Some(ids));
        }
        let worth = worth(event);
        let mut payloads = vec![metric(
            event,
            &name,
            &properties,
            worth,
            "",
            event.timestamp_ms,
        )?];
        // An order is "Placed Order", and each of its products is "Ordered Product".
        if event.ecommerce() == Some(EcommerceEvent::OrderCompleted) {
            for (at, product) in each_product(event) {
                let mut own = product.0.clone();
                put(&mut own, "order_id", event.property("order_id"));
                let price = product.price().map(|price| price * product.quantity());
                let part = format!("product {at}");
                let time_ms = event.timestamp_ms;
                payloads.push(metric(
                    event,
                    "Ordered Product",
                    &own,
                    price,
                    &part,
                    time_ms,
                )?);
            }
        }
        Ok(payloads)
    }

    fn request(&self, lane: &Lane, payloads: &[&Payload], _: i64) -> Request {
        let body: String = payloads
            .iter()
            .map(|payload| payload.body.as_str())
            .collect();
        Request {
            url: format!("{}{}", self.base, lane.endpoint),
            headers: vec![
                ("content-type", "application/vnd.api+json".to_owned()),
                ("accept", "application/vnd.api+json".to_owned()),
                ("revision", REVISION.to_owned()),
            ],
            body,
        }
        .with(
            "authorization",
            format!("Klaviyo-API-Key {}", self.api_key.expose()),
        )
    }
}

const fn standard(kind: EcommerceEvent) -> Option<&'static str> {
    use EcommerceEvent as E;

    match kind {
        E::ProductViewed => Some("Viewed Product"),
        E::ProductAdded => Some("Added to Cart"),
        E::CheckoutStarted => Some("Started Checkout"),
        E::OrderCompleted => Some("Placed Order"),
        E::OrderRefunded => Some("Refunded Order"),
        E::OrderCancelled => Some("Cancelled Order"),
        // All others go under their own names.
        _ => None,
    }
}

/// What an event of money is worth. Looking at a product earns nothing.
fn worth(event: &Event<'_>) -> Option<f64> {
    match event.ecommerce()? {
        EcommerceEvent::ProductAdded
        | EcommerceEvent::CheckoutStarted
        | EcommerceEvent::OrderCompleted
        | EcommerceEvent::OrderRefunded
        | EcommerceEvent::OrderCancelled => value(event),
        _ => None,
    }
}

fn metric(
    event: &Event<'_>,
    name: &str,
    properties: &Object,
    worth: Option<f64>,
    part: &str,
    time_ms: i64,
) -> Result<Payload, Skip> {
    if properties.len() > MOST_PROPERTIES {
        return Err(Skip::TooLarge);
    }
    // "must be less than 128 characters".
    let name = shortened(name, 127);
    let mut attributes = json!({
        "metric": { "data": { "type": "metric", "attributes": { "name": name } } },
        "profile": { "data": profile(event, false)? },
        "properties": properties,
        "time": iso_time(time_ms),
        // "If the unique_id is repeated for the same profile and metric, only the first processed
        // event will be recorded."
        "unique_id": stable_id::uuid(event.message_id, part),
    });
    if let (Some(worth), Some(attributes)) = (worth, attributes.as_object_mut()) {
        put(attributes, "value", Some(money::amount(worth)));
        put(attributes, "value_currency", money::currency(event));
    }
    let body = json!({ "data": { "type": "event", "attributes": attributes } });
    Ok(Payload::new(name, EVENTS, body.to_string()))
}

/// The person: by e-mail address, telephone number or user id.
fn profile(event: &Event<'_>, with_traits: bool) -> Result<Value, Skip> {
    let contact = Contact::of(event);
    let mut attributes = Object::new();
    put(
        &mut attributes,
        "email",
        contact.email.as_deref().map(lower),
    );
    let phone = contact.phone.as_deref().map(e164);
    put(
        &mut attributes,
        "phone_number",
        phone.filter(|phone| !phone.is_empty()),
    );
    put(&mut attributes, "external_id", event.user_id());
    if attributes.is_empty() {
        return Err(Skip::Lacks(
            "an e-mail address, a telephone number and a userId",
        ));
    }
    if with_traits {
        put(&mut attributes, "first_name", contact.first_name);
        put(&mut attributes, "last_name", contact.last_name);
        let mut location = Object::new();
        put(&mut location, "city", contact.city);
        put(&mut location, "region", contact.state);
        put(&mut location, "zip", contact.postal_code);
        put(&mut location, "country", contact.country);
        put(
            &mut attributes,
            "location",
            (!location.is_empty()).then_some(location),
        );
        let known = [
            "email",
            "phone",
            "firstName",
            "first_name",
            "lastName",
            "last_name",
            "address",
        ];
        let others = event
            .traits()
            .iter()
            .filter(|(name, _)| !known.contains(&name.as_str()));
        let others: Object = others
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        put(
            &mut attributes,
            "properties",
            (!others.is_empty()).then_some(others),
        );
    }
    Ok(json!({ "type": "profile", "attributes": attributes }))
}
