//! A batch's context and integrations are copied into its events: how much that may cost.

use serde_json::{Value, json};

use crate::program::{Gateway, SHOP, track};

/// Most bytes stored for a byte sent: the event itself, and ten times as much from the batch.
const STORED_PER_SENT: usize = 11;

fn batch(context: &str, n_events: usize) -> String {
    let events: Vec<_> = (0..n_events)
        .map(|n| format!(r#"{{"type":"track","event":"A","userId":"u","messageId":"{n}"}}"#))
        .collect();
    let events = events.join(",");
    format!(r#"{{"writeKey":"browser-key","context":{context},"batch":[{events}]}}"#)
}

fn stored_bytes(gateway: &Gateway) -> usize {
    let database = rusqlite::Connection::open(gateway.database()).unwrap();
    let sum = "SELECT coalesce(sum(length(CAST(event AS BLOB))), 0) FROM events";
    let n_bytes: i64 = database.query_row(sum, [], |row| row.get(0)).unwrap();
    usize::try_from(n_bytes).unwrap()
}

fn codes(answer: &Value) -> Vec<&str> {
    let rejected = answer["rejected"].as_array().unwrap();
    rejected
        .iter()
        .map(|one| one["code"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn a_batch_is_stored_in_proportion_to_the_bytes_sent() {
    for context_bytes in [100, 3_000, 30_000, 300_000] {
        let gateway = Gateway::start(SHOP).await;
        let context = format!(r#"{{"a":"{}"}}"#, "x".repeat(context_bytes));
        let body = batch(&context, 2_500);
        let sent_bytes = body.len();
        let answer = gateway.post("/v1/b", &[], body).await.json();
        let stored_bytes = stored_bytes(&gateway);
        assert!(
            stored_bytes <= STORED_PER_SENT * sent_bytes,
            "{stored_bytes} stored of {sent_bytes} sent"
        );
        let codes = codes(&answer);
        assert_eq!(answer["accepted"], 2_500 - codes.len());
        let expected = match context_bytes {
            0..=1_000 => None,
            1_001..=32_000 => Some("batch_grows_too_much"),
            _ => Some("event_too_large"),
        };
        assert_eq!(codes.first().copied(), expected, "{context_bytes}");
    }
}

#[tokio::test]
async fn events_with_a_usual_context_are_all_stored() {
    let gateway = Gateway::start(SHOP).await;
    let context = json!({ "library": { "name": "x" }, "text": "x".repeat(500) }).to_string();
    let answer = gateway.post("/v1/b", &[], batch(&context, 1_000)).await;
    assert_eq!(answer.json()["accepted"], 1_000);
}

#[tokio::test]
async fn size_and_depth_are_checked_after_the_batch_s_context_is_added() {
    let gateway = Gateway::start(SHOP).await;
    let context = |levels: usize| {
        let (open, close) = ("[".repeat(levels), "]".repeat(levels));
        format!(r#"{{"a":{open}{close}}}"#)
    };
    // The event and its context are two levels more.
    for (levels, expected) in [(98, None), (99, Some("event_too_deep"))] {
        let body = batch(&context(levels), 1);
        let answer = gateway.post("/v1/b", &[], body).await.json();
        assert_eq!(codes(&answer).first().copied(), expected, "{levels}");
    }
    let answer = gateway
        .post("/v1/b", &[], batch(&context(100_000), 1))
        .await;
    assert_eq!(codes(&answer.json()), ["event_too_large"]);

    let mut own = track("own");
    own["properties"] = json!({ "text": "x".repeat(20_000) });
    let body = json!({
        "writeKey": "browser-key",
        "context": { "text": "x".repeat(20_000) },
        "batch": [own, track("small")],
    });
    let answer = gateway.post("/v1/b", &[], body.to_string()).await.json();
    assert_eq!(codes(&answer), ["event_too_large"]);
    assert_eq!(answer["rejected"][0]["messageId"], "own");
    assert_eq!(answer["accepted"], 1);
}

#[tokio::test]
async fn a_user_agent_of_many_kilobytes_does_not_become_part_of_an_event() {
    let toml = format!("default_source = \"shop\"\n{SHOP}");
    let gateway = Gateway::start(&toml).await;
    let agent = "x".repeat(20_000);
    let body = r#"{"event":"A","userId":"u"}"#;
    let answer = gateway
        .post("/track", &[("user-agent", &agent)], body)
        .await;
    assert_eq!(answer.status, 200);
    assert!(stored_bytes(&gateway) < 1_000);
}
