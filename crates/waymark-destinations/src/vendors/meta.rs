//! Meta's Conversions API:
//! <https://developers.facebook.com/docs/marketing-api/conversions-api/parameters>. Which event
//! becomes which standard event: <https://developers.facebook.com/docs/meta-pixel/reference>.

use serde_json::{Value, json};

use crate::answer::{Answer, Verdict};
use crate::contact::{
    Contact, birthday, country, digits, gender, hashed, letters, lower, postal_code,
};
use crate::context::put;
use crate::destination::{Check, Destination, Lane, Limits, Payload};
use crate::ecommerce::{EcommerceEvent, products, value};
use crate::event::{Event, Object};
use crate::event_type::EventType;
use crate::money;
use crate::request::{Request, array};
use crate::secret::Secret;
use crate::settings::{SettingsError, base_url, required};
use crate::skip::Skip;

/// How to reach it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The pixel's (data set's) id.
    pub pixel_id: String,
    /// The access token.
    pub access_token: Secret,
    /// Where it is, with the version of the Graph API.
    #[serde(default = "default_host")]
    pub host: String,
    /// The code that "Test events" shows, while the setup is tried.
    pub test_event_code: Option<String>,
    /// Whether events without a standard event go under their own names.
    #[serde(default)]
    pub custom_events: bool,
}

fn default_host() -> String {
    "https://graph.facebook.com/v23.0".to_owned()
}

impl Settings {
    pub(crate) fn hide_secrets(&mut self) {
        self.access_token.hide();
    }
}

/// Meta.
#[derive(Debug)]
pub(crate) struct Vendor {
    url: String,
    settings: Settings,
}

impl Vendor {
    pub(crate) fn new(settings: Settings) -> Result<Self, SettingsError> {
        required("access_token", settings.access_token.is_empty())?;
        let id = &settings.pixel_id;
        if id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(SettingsError::new("pixel_id", "must be a number"));
        }
        let url = format!("{}/{id}/events", base_url("host", &settings.host)?);
        Ok(Self { url, settings })
    }

    fn request_with(&self, test_code: Option<&str>, payloads: &[&Payload]) -> Request {
        let data = array(payloads.iter().map(|payload| payload.body.as_str()));
        let token = Value::from(self.settings.access_token.expose());
        let test = match test_code {
            Some(code) => format!(r#","test_event_code":{}"#, Value::from(code)),
            None => String::new(),
        };
        let body = format!(r#"{{"data":{data},"access_token":{token}{test}}}"#);
        Request::json(self.url.clone(), body)
    }

    fn name(&self, event: &Event<'_>) -> Result<String, Skip> {
        let none = Skip::Unsupported("Meta has no standard event for it");
        let own = match event.event_type {
            EventType::Page => return Ok("PageView".to_owned()),
            EventType::Track => event.name().ok_or(Skip::Lacks("a name"))?,
            EventType::Screen => return Err(none),
            EventType::Identify | EventType::Group | EventType::Alias => {
                return Err(Skip::Unsupported(
                    "Meta takes what people do, not who they are",
                ));
            }
        };
        match event.ecommerce().and_then(standard) {
            Some(name) => Ok(name.to_owned()),
            None if own == "Signed Up" => Ok("CompleteRegistration".to_owned()),
            None if self.settings.custom_events => Ok(own),
            None => Err(none),
        }
    }
}

impl Destination for Vendor {
    fn integration_names(&self) -> &'static [&'static str] {
        &[
            "Facebook Conversions API (Actions)",
            "Meta",
            "Facebook Conversions API",
        ]
    }

    /// "Batch requests": 1 000 events. One event older than seven days spoils its request
    /// (`event_time`); an hour is left for the way. A tenth of the events, as one that is refused
    /// spoils its request, too.
    fn limits(&self) -> Limits {
        Limits {
            payloads: 100,
            request_bytes: 1_000_000,
            payload_bytes: 500_000,
            envelope_bytes: 2048,
            age_ms: Some((7 * 24 - 1) * 60 * 60 * 1000),
        }
    }

    fn map(&self, event: &Event<'_>) -> Result<Vec<Payload>, Skip> {
        event.body()?;
        let name = self.name(event)?;
        let user = user_data(event)?;
        let custom = custom_data(event);
        // "currency" and "value" are "Required for purchase events".
        if name == "Purchase" {
            for (member, what) in [("currency", "a currency"), ("value", "a total")] {
                if !custom.contains_key(member) {
                    return Err(Skip::Lacks(what));
                }
            }
        }
        let mut body = Object::new();
        put(&mut body, "event_name", Some(name.clone()));
        put(
            &mut body,
            "event_time",
            Some(event.timestamp_ms.div_euclid(1000)),
        );
        // The browser's pixel tells the same by `eventID`: with the same name and id the two are
        // one event.
        put(&mut body, "event_id", Some(event_id(event)));
        // "website" asks for the browser's user agent.
        let source = if event.of_context(&["userAgent"]).is_some() {
            "website"
        } else {
            "other"
        };
        put(&mut body, "action_source", Some(source));
        put(&mut body, "event_source_url", event.page_url());
        body.insert("user_data".to_owned(), Value::Object(user));
        if !custom.is_empty() {
            body.insert("custom_data".to_owned(), Value::Object(custom));
        }
        Ok(vec![Payload::new(
            name,
            "/events",
            Value::Object(body).to_string(),
        )])
    }

    fn request(&self, _: &Lane, payloads: &[&Payload], _: i64) -> Request {
        self.request_with(self.settings.test_event_code.as_deref(), payloads)
    }

    /// "Test Events tool"
    /// (<https://developers.facebook.com/documentation/ads-commerce/conversions-api/using-the-api>):
    /// the code shows an event there, but keeps it from nothing else.
    fn check(&self, _: &Lane, payloads: &[&Payload], test_code: Option<&str>, _: i64) -> Check {
        Check::with_code(
            test_code.or(self.settings.test_event_code.as_deref()),
            |code| self.request_with(Some(code), payloads),
            "it shows in Events Manager under \"Test Events\", and counts like any other",
        )
    }

    /// `error` of a refused request, `messages` of one that was taken.
    fn findings(&self, answer: &Answer<'_>) -> Vec<String> {
        let body = answer.json();
        let of = |name: &str| {
            let text = body.get("error").and_then(|error| error.get(name));
            text.and_then(Value::as_str).map(str::to_owned)
        };
        if let Some(message) = of("message") {
            return [Some(message), of("error_user_title"), of("error_user_msg")]
                .into_iter()
                .flatten()
                .collect();
        }
        if body.get("events_received").is_none() {
            return vec![format!("its answer is not Meta's: {}", answer.status)];
        }
        let messages = body.get("messages").and_then(Value::as_array);
        let messages = messages.into_iter().flatten().filter_map(Value::as_str);
        messages.map(str::to_owned).collect()
    }

    /// <https://developers.facebook.com/docs/graph-api/guides/error-handling>: 400 is also told for
    /// a token that is no longer good and for limits of the rate; those are about no event.
    fn judge(&self, answer: &Answer<'_>, _: &[&Payload]) -> Verdict {
        if answer.status != 400 {
            return answer.by_status();
        }
        let body = answer.json();
        let error = body.get("error");
        let code = error
            .and_then(|error| error.get("code"))
            .and_then(Value::as_i64);
        let transient = error.and_then(|error| error.get("is_transient"));
        if transient == Some(&json!(true)) {
            return answer.later();
        }
        match code {
            // Unknown, unavailable, limits of the rate; permissions and tokens.
            Some(
                1
                | 2
                | 3
                | 4
                | 10
                | 17
                | 32
                | 102
                | 190
                | 341
                | 368
                | 613
                | 200..=299
                | 80_000..=80_014,
            ) => answer.later(),
            _ => answer.refused(),
        }
    }
}

/// The id that the browser's pixel has for the same event: the shop's own, otherwise the message's.
fn event_id(event: &Event<'_>) -> String {
    event
        .property("event_id")
        .unwrap_or_else(|| event.message_id.to_owned())
}

const fn standard(kind: EcommerceEvent) -> Option<&'static str> {
    use EcommerceEvent as E;

    match kind {
        E::ProductsSearched => Some("Search"),
        E::ProductViewed | E::ProductListViewed => Some("ViewContent"),
        E::ProductAdded | E::WishlistProductAddedToCart => Some("AddToCart"),
        E::ProductAddedToWishlist => Some("AddToWishlist"),
        E::CheckoutStarted => Some("InitiateCheckout"),
        E::PaymentInfoEntered => Some("AddPaymentInfo"),
        E::OrderCompleted => Some("Purchase"),
        _ => None,
    }
}

/// "Customer information parameters": each has its own normal form, and most are hashed.
fn user_data(event: &Event<'_>) -> Result<Object, Skip> {
    let contact = Contact::of(event);
    let mut user = Object::new();
    for (name, value, normalise) in [
        ("em", &contact.email, lower as fn(&str) -> String),
        ("ph", &contact.phone, digits),
        ("fn", &contact.first_name, lower),
        ("ln", &contact.last_name, lower),
        ("ge", &contact.gender, gender),
        ("db", &contact.birthday, birthday),
        ("ct", &contact.city, letters),
        ("st", &contact.state, letters),
        ("zp", &contact.postal_code, postal_code),
        ("country", &contact.country, country),
    ] {
        put(
            &mut user,
            name,
            hashed(value.as_ref(), normalise).map(|hash| vec![hash]),
        );
    }
    let ids = [event.user_id(), event.anonymous_id()];
    let ids: Vec<String> = ids
        .iter()
        .filter_map(|id| hashed(id.as_ref(), |id| id.trim().to_owned()))
        .collect();
    put(&mut user, "external_id", (!ids.is_empty()).then_some(ids));
    put(&mut user, "fbp", event.context_text(&["fbp"]));
    put(&mut user, "fbc", click(event));
    let known = !user.is_empty();
    let ip = event.ip();
    let agent = event.context_text(&["userAgent"]);
    // Address and browser are enough to match by, one of them alone is not.
    if !known && (ip.is_none() || agent.is_none()) {
        return Err(Skip::Lacks("anything that tells who it was"));
    }
    put(&mut user, "client_ip_address", ip);
    put(&mut user, "client_user_agent", agent);
    Ok(user)
}

/// `_fbc`, or what it is made of (`fb.1.<milliseconds>.<fbclid>`):
/// <https://developers.facebook.com/docs/marketing-api/conversions-api/parameters/fbp-and-fbc>.
fn click(event: &Event<'_>) -> Option<String> {
    let cookie = event.context_text(&["fbc"]);
    cookie.or_else(|| {
        let id = event
            .click_id("fbclid")
            .or_else(|| parameter(&event.page_url()?, "fbclid"))?;
        Some(format!("fb.1.{}.{id}", event.timestamp_ms))
    })
}

/// A parameter of an address, as it stands there.
fn parameter(url: &str, name: &str) -> Option<String> {
    let query = url.split_once('?')?.1.split('#').next()?;
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    let (_, value) = pairs.find(|(key, value)| *key == name && !value.is_empty())?;
    Some(value.to_owned())
}

/// "Custom data parameters".
fn custom_data(event: &Event<'_>) -> Object {
    let mut custom = Object::new();
    if event.event_type != EventType::Track {
        return custom;
    }
    // An amount without its currency is none.
    if let (Some(currency), Some(value)) = (money::currency(event), value(event)) {
        put(&mut custom, "currency", Some(currency));
        put(&mut custom, "value", Some(money::amount(value)));
    }
    put(&mut custom, "order_id", event.property("order_id"));
    put(&mut custom, "search_string", event.property("query"));
    let products = products(event);
    let ids: Vec<String> = products.iter().filter_map(|product| product.id()).collect();
    if !ids.is_empty() {
        let pieces: f64 = products.iter().map(|product| product.quantity()).sum();
        put(&mut custom, "content_ids", Some(ids));
        put(&mut custom, "content_type", Some("product"));
        put(&mut custom, "num_items", Some(money::amount(pieces)));
        let contents = products.iter().filter_map(|product| {
            let mut content = Object::new();
            put(&mut content, "id", Some(product.id()?));
            put(
                &mut content,
                "quantity",
                Some(money::amount(product.quantity())),
            );
            put(
                &mut content,
                "item_price",
                product.price().map(money::amount),
            );
            Some(Value::Object(content))
        });
        custom.insert("contents".to_owned(), contents.collect());
    }
    if let [product] = products[..] {
        put(&mut custom, "content_name", product.text(&["name"]));
    }
    let category = event.property("category");
    put(&mut custom, "content_category", category);
    custom
}
