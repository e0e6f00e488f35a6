//! The places of the write key, and which one wins.

use crate::program::{Gateway, Headers, SHOP};

const OTHER: &str = r#"
[[sources]]
name = "other"
keys = [{ key = "other-key", kind = "browser" }, { key = "third-key", kind = "browser" }]
"#;

// "server-key:" and "server-key" in base 64.
const BASIC: (&str, &str) = ("authorization", "Basic c2VydmVyLWtleTo=");
const BASIC_BARE: (&str, &str) = ("authorization", "Basic c2VydmVyLWtleQ==");
const BEARER: (&str, &str) = ("authorization", "Bearer token");

#[tokio::test]
async fn basic_wins_over_body_and_body_over_query() {
    let gateway = Gateway::start(&format!("{SHOP}{OTHER}")).await;
    let keyed = r#"{"event":"A","userId":"u","writeKey":"other-key"}"#;
    let bare = r#"{"event":"A","userId":"u"}"#;
    let cases: [(&str, Headers<'_>, &str, &str); 5] = [
        (
            "/v1/track?writeKey=third-key",
            &[BASIC],
            keyed,
            "server shop",
        ),
        ("/v1/track", &[BASIC_BARE], bare, "server shop"),
        (
            "/v1/track?writeKey=browser-key",
            &[],
            keyed,
            "browser other",
        ),
        (
            "/v1/track?writeKey=browser-key",
            &[BEARER],
            bare,
            "browser shop",
        ),
        ("/v1/track", &[BEARER], keyed, "browser other"),
    ];
    for (number, (path, headers, body, _)) in cases.into_iter().enumerate() {
        let answer = gateway.post(path, headers, body).await;
        assert_eq!(answer.status, 200, "case {number}: {answer:?}");
    }
    let stored = gateway.export().await;
    for (number, (event, (.., expected))) in stored.iter().zip(cases).enumerate() {
        let kind = event["keyKind"].as_str().unwrap();
        let source = event["source"].as_str().unwrap();
        assert_eq!(format!("{kind} {source}"), expected, "case {number}");
    }
    assert_eq!(stored.len(), cases.len());
}

#[tokio::test]
async fn a_batch_may_carry_its_key_in_its_events() {
    let gateway = Gateway::start(SHOP).await;
    let body = r#"{"batch":[{"type":"track","event":"A","userId":"u","writeKey":"browser-key"}]}"#;
    assert_eq!(gateway.post("/v1/b", &[], body).await.json()["accepted"], 1);
}

#[tokio::test]
async fn events_without_a_known_key_are_not_stored() {
    let gateway = Gateway::start(SHOP).await;
    let cases: [(&str, Headers<'_>, &str); 4] = [
        ("/v1/track", &[], "missing_write_key"),
        ("/v1/track?writeKey=unknown", &[], "unknown_write_key"),
        (
            "/v1/track?writeKey=browser-key",
            &[("authorization", "Basic dW5rbm93bjo=")],
            "unknown_write_key",
        ),
        (
            "/v1/track?writeKey=browser-key",
            &[("authorization", "Basic ???")],
            "unknown_write_key",
        ),
    ];
    for (path, headers, code) in cases {
        let answer = gateway
            .post(path, headers, r#"{"event":"A","userId":"u"}"#)
            .await;
        assert_eq!(answer.refusal(), (401, code.to_owned()), "{path}");
    }
    assert_eq!(gateway.export().await.len(), 0);
}
