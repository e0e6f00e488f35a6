//! The events and destinations that all tests share.

use waymark_destinations::{Destination, Event, EventType, Settings};

/// When the events are sent: three hours after they happened.
pub(crate) const NOW_MS: i64 = 1_763_643_600_000 + 365 * 24 * 3_600_000;

/// A line of `samples.jsonl`.
pub(crate) struct Sample {
    pub(crate) event_type: EventType,
    pub(crate) message_id: String,
    pub(crate) text: String,
    /// What it is called in the table: the call, or the event's name.
    pub(crate) title: String,
}

impl Sample {
    pub(crate) fn event(&self) -> Event<'_> {
        let timestamp_ms = NOW_MS - 3 * 3_600_000;
        Event::new(
            self.event_type,
            &self.message_id,
            timestamp_ms,
            None,
            &self.text,
        )
    }
}

/// Each call type, and each event of ecommerce.
pub(crate) fn all() -> Vec<Sample> {
    let lines = include_str!("samples.jsonl").lines();
    lines
        .map(|text| {
            let body: serde_json::Value = serde_json::from_str(text).expect("JSON");
            let of = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
            let call = of("type");
            let title = match (call.as_str(), body["userId"].is_null()) {
                ("track", _) => of("event"),
                (call, true) => format!("{call} of a guest"),
                (call, false) => call.to_owned(),
            };
            Sample {
                event_type: EventType::from_name(&call).expect("a call"),
                message_id: of("messageId"),
                text: text.to_owned(),
                title,
            }
        })
        .collect()
}

/// The settings of each kind, without secrets.
pub(crate) fn settings(kind: &str) -> Settings {
    let credentials = match kind {
        "segment" => r#""write_key":"k""#,
        "webhook" => r#""url":"https://hooks.example/events","secret":"s""#,
        "posthog" | "amplitude" | "klaviyo" => r#""api_key":"k""#,
        "mixpanel" => r#""token":"k""#,
        "ga4" => r#""measurement_id":"G-1","api_secret":"k""#,
        "meta" => r#""pixel_id":"123","access_token":"k""#,
        "tiktok" => r#""pixel_code":"C1","access_token":"k""#,
        "heap" => r#""app_id":"k""#,
        other => panic!("{other}"),
    };
    let text = format!(r#"{{"kind":"{kind}",{credentials}}}"#);
    let mut settings: Settings = serde_json::from_str(&text).expect("settings");
    settings.hide_secrets();
    settings
}

pub(crate) fn destination(kind: &str) -> Box<dyn Destination> {
    settings(kind).destination().expect("a destination")
}
