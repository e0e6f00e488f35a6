//! Segment's HTTP Tracking API, or what speaks it:
//! <https://segment.com/docs/connections/sources/catalog/libraries/server/http-api/>.

use crate::destination::{Destination, Lane, Limits, Payload};
use crate::event::Event;
use crate::outgoing::{self, iso_time};
use crate::request::{Request, array};
use crate::secret::Secret;
use crate::settings::{SettingsError, base_url, required};
use crate::skip::Skip;

/// How to reach it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Its base URL, such as `https://api.segment.io/v1`; `/batch` is appended.
    #[serde(default = "default_upstream")]
    pub upstream: String,
    /// The write key to use there.
    pub write_key: Secret,
}

fn default_upstream() -> String {
    "https://api.segment.io/v1".to_owned()
}

impl Settings {
    pub(crate) fn hide_secrets(&mut self) {
        self.write_key.hide();
    }
}

/// Segment.
#[derive(Debug)]
pub(crate) struct Vendor {
    url: String,
    write_key: Secret,
}

impl Vendor {
    pub(crate) fn new(settings: Settings) -> Result<Self, SettingsError> {
        let base = base_url("upstream", &settings.upstream)?;
        if base.ends_with("/batch") {
            let reason = "must be the base URL without /batch, which is appended";
            return Err(SettingsError::new("upstream", reason));
        }
        required("write_key", settings.write_key.is_empty())?;
        Ok(Self {
            url: format!("{base}/batch"),
            write_key: settings.write_key,
        })
    }
}

impl Destination for Vendor {
    /// The event's `integrations` are Segment's to read.
    fn integration_names(&self) -> &'static [&'static str] {
        &[]
    }

    /// "Max request size": 500 KB a batch, 32 KB an event, 2 500 events. An event that has grown
    /// beyond 32 KB is left to Segment to refuse. A fifth of the events, so that halving a refused
    /// batch is quick.
    fn limits(&self) -> Limits {
        Limits {
            payloads: 500,
            request_bytes: 480 * 1024,
            payload_bytes: 480 * 1024,
            envelope_bytes: 64,
            age_ms: None,
        }
    }

    fn map(&self, event: &Event<'_>) -> Result<Vec<Payload>, Skip> {
        let name = event.event_type.name();
        Ok(vec![Payload::new(name, "/batch", outgoing::text(event))])
    }

    /// Segment corrects times by `sentAt`, as the gateway did. The events' times are correct
    /// already, so `sentAt` is now.
    fn request(&self, _: &Lane, payloads: &[&Payload], now_ms: i64) -> Request {
        let batch = array(payloads.iter().map(|payload| payload.body.as_str()));
        let sent_at = iso_time(now_ms);
        let body = format!(r#"{{"batch":{batch},"sentAt":"{sent_at}"}}"#);
        Request::json(self.url.clone(), body).with_basic_auth(self.write_key.expose(), "")
    }
}
