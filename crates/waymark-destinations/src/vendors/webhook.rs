//! Any server, by requests that are signed as Standard Webhooks has it:
//! <https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md>.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::destination::{Destination, Lane, Limits, Payload};
use crate::event::Event;
use crate::outgoing;
use crate::request::{Request, array};
use crate::secret::Secret;
use crate::settings::{SettingsError, base_url, required};
use crate::skip::Skip;
use crate::stable_id;

/// What a secret of Standard Webhooks begins with; base64 follows.
const SECRET_PREFIX: &str = "whsec_";

/// How to reach it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The address that takes the requests.
    pub url: String,
    /// The secret they are signed with: `whsec_` and base64, or any text.
    pub secret: Secret,
}

impl Settings {
    pub(crate) fn hide_secrets(&mut self) {
        self.secret.hide();
        // Addresses of webhooks often have a token in their path.
        let origin_end = self
            .url
            .find("://")
            .and_then(|at| Some(at + 3 + self.url[at + 3..].find('/')?));
        if let Some(end) = origin_end {
            self.url.truncate(end);
            self.url.push_str("/(hidden)");
        }
    }
}

/// A webhook.
#[derive(Debug)]
pub(crate) struct Vendor {
    url: String,
    secret: Secret,
}

impl Vendor {
    pub(crate) fn new(settings: Settings) -> Result<Self, SettingsError> {
        let address = settings.url.split('?').next();
        base_url("url", address.unwrap_or_default())?;
        required("secret", settings.secret.is_empty())?;
        if let Some(encoded) = settings.secret.expose().strip_prefix(SECRET_PREFIX)
            && STANDARD.decode(encoded).is_err()
        {
            let reason = "what follows `whsec_` must be base64";
            return Err(SettingsError::new("secret", reason));
        }
        Ok(Self {
            url: settings.url,
            secret: settings.secret,
        })
    }

    /// `v1,` and the base64 of HMAC-SHA256 over id, timestamp and body with dots between them
    /// ("Signature scheme").
    fn signature(&self, id: &str, timestamp_s: i64, body: &str) -> String {
        let text = self.secret.expose();
        let decoded = text
            .strip_prefix(SECRET_PREFIX)
            .and_then(|encoded| STANDARD.decode(encoded).ok());
        let key = decoded.unwrap_or_else(|| text.as_bytes().to_vec());
        // HMAC takes a key of any length.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&key) else {
            return String::new();
        };
        mac.update(format!("{id}.{timestamp_s}.{body}").as_bytes());
        format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
    }
}

impl Destination for Vendor {
    fn integration_names(&self) -> &'static [&'static str] {
        &["Webhook", "Webhooks"]
    }

    /// Requests that any server takes: the usual limit for a body is 1 MB.
    fn limits(&self) -> Limits {
        Limits {
            payloads: 100,
            request_bytes: 480 * 1024,
            payload_bytes: 480 * 1024,
            envelope_bytes: 64,
            age_ms: None,
        }
    }

    fn map(&self, event: &Event<'_>) -> Result<Vec<Payload>, Skip> {
        let name = event.event_type.name();
        Ok(vec![Payload::new(name, "", outgoing::text(event))])
    }

    /// `webhook-id` is the same each time that the same events are sent ("Webhook metadata"), so a
    /// receiver knows a repeat by it.
    fn request(&self, _: &Lane, payloads: &[&Payload], now_ms: i64) -> Request {
        let events = array(payloads.iter().map(|payload| payload.body.as_str()));
        let body = format!(r#"{{"events":{events}}}"#);
        let id = stable_id::uuid(&body, "webhook");
        let timestamp_s = now_ms.div_euclid(1000);
        let signature = self.signature(&id, timestamp_s, &body);
        Request::json(self.url.clone(), body)
            .with("webhook-id", id)
            .with("webhook-timestamp", timestamp_s.to_string())
            .with("webhook-signature", signature)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_is_that_of_the_specification_s_example() {
        let settings = Settings {
            url: "https://shop.example/hook".to_owned(),
            secret: Secret::new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
        };
        let webhook = Vendor::new(settings).expect("a webhook");
        let body = r#"{"test": 2432232314}"#;
        assert_eq!(
            webhook.signature("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, body),
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
        );
    }
}
