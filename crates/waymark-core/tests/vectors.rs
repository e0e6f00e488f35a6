//! The wire vectors, against the core.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use serde_json::Value;
use uuid::Builder;
use waymark_core::client::Client;
use waymark_core::identity::Identity;
use waymark_core::page::PageFacts;
use waymark_core::settings::Settings;
use waymark_core::stored::{Legacy, Stored};

const VECTORS: &str = include_str!("../../../tests/vectors/events.json");
const NOW_MS: f64 = 1_795_231_923_636.0;
const NOW: &str = "2026-11-21T03:32:03.636Z";
const ANONYMOUS_ID: &str = "01010101-0101-4101-8101-010101010101";

/// A UUID of these random bytes.
fn uuid_of(random: [u8; 16]) -> String {
    Builder::from_random_bytes(random).into_uuid().to_string()
}

/// The text of a call, as the facade encodes it.
fn encode(call: &[Value]) -> String {
    let args = call.iter().skip(1).map(|arg| match arg {
        Value::Null => String::new(),
        Value::Number(number) => format!("n{number}"),
        other => other.to_string(),
    });
    std::iter::once(call[0].as_str().unwrap().to_owned())
        .chain(args)
        .collect::<Vec<_>>()
        .join("\n")
}

fn page_text(facts: &Value) -> String {
    let facts = facts.as_array().unwrap().iter();
    let facts: Vec<_> = facts.map(|fact| fact.as_str().unwrap()).collect();
    facts.join("\0")
}

/// Replaces the placeholders of an expected value by what this test gives the core.
fn fill(expected: &Value, plain: &Value, message_id: &str) -> Value {
    match expected.as_str() {
        Some("<plain>") => plain.clone(),
        Some("<message id>") => message_id.into(),
        Some("<anonymous id>") => ANONYMOUS_ID.into(),
        Some("<now>") => NOW.into(),
        _ => expected.clone(),
    }
}

#[test]
fn every_vector_becomes_its_events() {
    let vectors: Value = serde_json::from_str(VECTORS).unwrap();
    let plain = &vectors["plainContext"];
    for case in vectors["cases"].as_array().unwrap() {
        let name = &case["name"];
        let identity = Identity::load(|_| Stored::default(), &Legacy::default());
        let mut client = Client::new(
            Settings::from_json(&vectors["settings"].to_string()),
            identity,
        );
        client.set_page(&PageFacts::parse(&page_text(&vectors["page"])));
        let mut drawn = 0_u8;
        let calls = case["calls"].as_array().unwrap();
        let events = case["events"].as_array().unwrap();
        assert_eq!(calls.len(), events.len(), "{name}");
        for (call, expected) in calls.iter().zip(events) {
            let text = encode(call.as_array().unwrap());
            let event = client
                .record(&text, NOW_MS, || {
                    drawn += 1;
                    uuid_of([drawn; 16])
                })
                .unwrap();
            let event: Value = serde_json::from_str(&event).unwrap();
            let message_id = format!("ajs-next-1795231923636-{}", uuid_of([drawn; 16]));
            for (key, value) in expected.as_object().unwrap() {
                let value = fill(value, plain, &message_id);
                assert_eq!(event[key], value, "{name}: {key}");
            }
            if expected.get("_metadata").is_some() {
                let keys = |value: &Value| {
                    value
                        .as_object()
                        .unwrap()
                        .keys()
                        .cloned()
                        .collect::<Vec<_>>()
                };
                assert_eq!(keys(&event), keys(expected), "{name}");
            }
        }
    }
}

#[test]
fn members_of_the_call_win_over_stamped_ones() {
    let identity = Identity::load(|_| Stored::default(), &Legacy::default());
    let mut client = Client::new(Settings::default(), identity);
    let uuid = uuid_of([7; 16]);
    let call = format!(
        "track {uuid} {}\n\"A\"\n{{}}\n{}",
        r#"{"session":{"id":"s p"},"plan":"stamped"}"#, r#"{"plan":"said"}"#
    );
    let event = client.record(&call, NOW_MS, || uuid_of([1; 16])).unwrap();
    let event: Value = serde_json::from_str(&event).unwrap();
    assert_eq!(event["context"]["session"]["id"], "s p");
    assert_eq!(event["context"]["plan"], "said");
    assert_eq!(event["messageId"], format!("ajs-next-1795231923636-{uuid}"));
}
