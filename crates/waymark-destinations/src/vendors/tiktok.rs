//! TikTok's Events API 2.0:
//! <https://business-api.tiktok.com/portal/docs?id=1771100865818625>. Fields and standard events as
//! Segment's own destination has them
//! (<https://segment.com/docs/connections/destinations/catalog/actions-tiktok-conversions/>).

use serde_json::Value;

use crate::answer::{Answer, Verdict};
use crate::contact::{Contact, e164, hashed, lower};
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
    /// The pixel's code.
    pub pixel_code: String,
    /// The access token.
    pub access_token: Secret,
    /// Where it is.
    #[serde(default = "default_host")]
    pub host: String,
    /// The code that "Test events" shows, while the setup is tried.
    pub test_event_code: Option<String>,
    /// What an order becomes: the name that the browser's pixel uses, so that the two are one.
    #[serde(default = "default_purchase_event")]
    pub purchase_event: String,
    /// Whether events without a standard event go under their own names.
    #[serde(default)]
    pub custom_events: bool,
}

fn default_host() -> String {
    "https://business-api.tiktok.com".to_owned()
}

fn default_purchase_event() -> String {
    "CompletePayment".to_owned()
}

impl Settings {
    pub(crate) fn hide_secrets(&mut self) {
        self.access_token.hide();
    }
}

/// TikTok.
#[derive(Debug)]
pub(crate) struct Vendor {
    url: String,
    settings: Settings,
}

impl Vendor {
    pub(crate) fn new(settings: Settings) -> Result<Self, SettingsError> {
        required("pixel_code", settings.pixel_code.trim().is_empty())?;
        required("access_token", settings.access_token.is_empty())?;
        let base = base_url("host", &settings.host)?;
        let url = format!("{base}/open_api/v1.3/event/track/");
        Ok(Self { url, settings })
    }

    fn request_with(&self, test_code: Option<&str>, payloads: &[&Payload]) -> Request {
        let data = array(payloads.iter().map(|payload| payload.body.as_str()));
        let code = Value::from(self.settings.pixel_code.as_str());
        let test = match test_code {
            Some(code) => format!(r#","test_event_code":{}"#, Value::from(code)),
            None => String::new(),
        };
        let body =
            format!(r#"{{"event_source":"web","event_source_id":{code},"data":{data}{test}}}"#);
        Request::json(self.url.clone(), body)
            .with("access-token", self.settings.access_token.expose())
    }

    fn name(&self, event: &Event<'_>) -> Result<String, Skip> {
        use EcommerceEvent as E;

        let none = Skip::Unsupported("TikTok has no standard event for it");
        let own = match event.event_type {
            EventType::Page => return Ok("Pageview".to_owned()),
            EventType::Track => event.name().ok_or(Skip::Lacks("a name"))?,
            EventType::Screen => return Err(none),
            EventType::Identify | EventType::Group | EventType::Alias => {
                return Err(Skip::Unsupported(
                    "TikTok takes what people do, not who they are",
                ));
            }
        };
        let standard = match event.ecommerce() {
            Some(E::ProductsSearched) => "Search",
            Some(E::ProductViewed) => "ViewContent",
            Some(E::ProductAdded | E::WishlistProductAddedToCart) => "AddToCart",
            Some(E::ProductAddedToWishlist) => "AddToWishlist",
            Some(E::CheckoutStarted) => "InitiateCheckout",
            Some(E::PaymentInfoEntered) => "AddPaymentInfo",
            Some(E::OrderCompleted) => &self.settings.purchase_event,
            _ if own == "Signed Up" => "CompleteRegistration",
            _ if self.settings.custom_events => &own,
            _ => return Err(none),
        };
        Ok(standard.to_owned())
    }
}

impl Destination for Vendor {
    fn integration_names(&self) -> &'static [&'static str] {
        &["TikTok Conversions", "Tiktok Conversions", "TikTok"]
    }

    /// The reference takes 1 000 events a request ("data"), older versions of the API took 50, and
    /// other servers keep to that and to 1 MB
    /// (<https://docs.tealium.com/server-side-connectors/tiktok-events-connector>). One that is
    /// refused spoils its request, too. No age is documented.
    fn limits(&self) -> Limits {
        Limits {
            payloads: 50,
            request_bytes: 1_000_000,
            payload_bytes: 500_000,
            envelope_bytes: 2048,
            age_ms: None,
        }
    }

    fn map(&self, event: &Event<'_>) -> Result<Vec<Payload>, Skip> {
        event.body()?;
        let name = self.name(event)?;
        let mut body = Object::new();
        put(&mut body, "event", Some(name.clone()));
        put(
            &mut body,
            "event_time",
            Some(event.timestamp_ms.div_euclid(1000)),
        );
        // With the same name and id the browser's and the server's event are one:
        // https://ads.tiktok.com/help/article/event-deduplication
        let id = event.property("event_id");
        let id = id.unwrap_or_else(|| event.message_id.to_owned());
        put(&mut body, "event_id", Some(id));
        body.insert("user".to_owned(), Value::Object(user(event)?));
        let mut page = Object::new();
        put(&mut page, "url", event.page_url());
        put(&mut page, "referrer", event.property_of_page("referrer"));
        put(&mut body, "page", (!page.is_empty()).then_some(page));
        let properties = properties(event);
        if event.ecommerce() == Some(EcommerceEvent::OrderCompleted)
            && !properties.contains_key("value")
        {
            return Err(Skip::Lacks("a total or its currency"));
        }
        put(
            &mut body,
            "properties",
            (!properties.is_empty()).then_some(properties),
        );
        Ok(vec![Payload::new(
            name,
            "/event/track/",
            Value::Object(body).to_string(),
        )])
    }

    fn request(&self, _: &Lane, payloads: &[&Payload], _: i64) -> Request {
        self.request_with(self.settings.test_event_code.as_deref(), payloads)
    }

    /// Events with a code show under "Test Events" of Events Manager
    /// (<https://business-api.tiktok.com/portal/docs?id=1771100865818625>, `test_event_code`).
    fn check(&self, _: &Lane, payloads: &[&Payload], test_code: Option<&str>, _: i64) -> Check {
        Check::with_code(
            test_code.or(self.settings.test_event_code.as_deref()),
            |code| self.request_with(Some(code), payloads),
            "it shows in Events Manager under \"Test Events\"",
        )
    }

    /// `message`, unless `code` is 0.
    fn findings(&self, answer: &Answer<'_>) -> Vec<String> {
        let body = answer.json();
        match body.get("code").and_then(Value::as_i64) {
            Some(0) => Vec::new(),
            Some(code) => {
                let message = body.get("message").and_then(Value::as_str);
                vec![format!("{} ({code})", message.unwrap_or("no message"))]
            }
            None => vec![format!("its answer is not TikTok's: {}", answer.status)],
        }
    }

    /// Errors are told by `code` in an answer of 200: 0 is taken, 40002 and its like are about the
    /// request, 401xx about token and rate, 5xxxx about the server
    /// (<https://business-api.tiktok.com/portal/docs?id=1737172488964097>).
    fn judge(&self, answer: &Answer<'_>, _: &[&Payload]) -> Verdict {
        if !answer.is_success() {
            return answer.by_status();
        }
        match answer.json().get("code").and_then(Value::as_i64) {
            Some(0) => Verdict::Taken,
            Some(40_000 | 40_002 | 40_006..=40_009) => answer.refused(),
            // An answer without a code is not TikTok's.
            _ => answer.later(),
        }
    }
}

/// "user": what tells who it was, hashed but for address, browser and TikTok's own ids.
fn user(event: &Event<'_>) -> Result<Object, Skip> {
    let contact = Contact::of(event);
    let mut user = Object::new();
    put(&mut user, "email", hashed(contact.email.as_ref(), lower));
    put(&mut user, "phone", hashed(contact.phone.as_ref(), e164));
    let id = event.user_id().or_else(|| event.anonymous_id());
    put(
        &mut user,
        "external_id",
        hashed(id.as_ref(), |id| id.trim().to_owned()),
    );
    put(&mut user, "ttclid", event.click_id("ttclid"));
    put(&mut user, "ttp", event.context_text(&["ttp"]));
    if user.is_empty() {
        return Err(Skip::Lacks("anything that tells who it was"));
    }
    put(&mut user, "ip", event.ip());
    put(&mut user, "user_agent", event.context_text(&["userAgent"]));
    put(&mut user, "locale", event.context_text(&["locale"]));
    Ok(user)
}

/// "properties".
fn properties(event: &Event<'_>) -> Object {
    let mut properties = Object::new();
    if event.event_type != EventType::Track {
        return properties;
    }
    if let (Some(currency), Some(value)) = (money::currency(event), value(event)) {
        put(&mut properties, "currency", Some(currency));
        put(&mut properties, "value", Some(money::amount(value)));
    }
    put(&mut properties, "order_id", event.property("order_id"));
    put(&mut properties, "query", event.property("query"));
    let contents: Vec<Value> = products(event)
        .into_iter()
        .filter_map(|product| {
            let mut content = Object::new();
            put(&mut content, "content_id", Some(product.id()?));
            put(&mut content, "content_name", product.text(&["name"]));
            put(
                &mut content,
                "content_category",
                product.text(&["category"]),
            );
            put(&mut content, "brand", product.text(&["brand"]));
            put(&mut content, "price", product.price().map(money::amount));
            put(
                &mut content,
                "quantity",
                Some(money::amount(product.quantity())),
            );
            Some(Value::Object(content))
        })
        .collect();
    if !contents.is_empty() {
        put(&mut properties, "content_type", Some("product"));
        properties.insert("contents".to_owned(), Value::Array(contents));
    }
    properties
}
