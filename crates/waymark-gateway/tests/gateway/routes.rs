//! The paths, and what each stores.

use http::Method;
use serde_json::json;

use crate::program::{Gateway, SHOP, track};

const KINDS: [(&str, char, &str); 6] = [
    ("track", 't', r#"{"event":"A","userId":"u"}"#),
    ("identify", 'i', r#"{"userId":"u"}"#),
    ("page", 'p', r#"{"userId":"u","name":"Home"}"#),
    ("screen", 's', r#"{"userId":"u","name":"Home"}"#),
    ("group", 'g', r#"{"userId":"u","groupId":"g"}"#),
    ("alias", 'a', r#"{"userId":"u","previousId":"v"}"#),
];

#[tokio::test]
async fn every_path_of_segment_s_api_stores_its_type() {
    let gateway = Gateway::start(SHOP).await;
    let mut expected = Vec::new();
    for (name, letter, body) in KINDS {
        for path in [
            format!("/v1/{name}"),
            format!("/v1/{letter}"),
            format!("/{letter}"),
            format!("/v1/{name}/"),
        ] {
            let path = format!("{path}?writeKey=browser-key");
            let answer = gateway.post(&path, &[], body).await;
            assert_eq!(answer.status, 200, "{path}: {answer:?}");
            assert_eq!(answer.json()["success"], true);
            expected.push(name);
        }
    }
    let stored = gateway.export().await;
    let types: Vec<_> = stored
        .iter()
        .map(|event| event["type"].as_str().unwrap())
        .collect();
    assert_eq!(types, expected);
    assert!(
        stored
            .iter()
            .all(|event| event["event"]["type"] == event["type"])
    );
}

#[tokio::test]
async fn every_batch_path_counts_the_events_in_its_answer() {
    let gateway = Gateway::start(SHOP).await;
    let paths = ["/v1/batch", "/v1/b", "/v1/import", "/batch", "/v1/batch/"];
    for (number, path) in paths.into_iter().enumerate() {
        let events = [track(&format!("{number}a")), track(&format!("{number}b"))];
        let body = json!({ "writeKey": "server-key", "batch": events }).to_string();
        let answer = gateway.post(path, &[], body).await;
        assert_eq!(answer.status, 200, "{path}");
        let expected = json!({ "success": true, "accepted": 2, "duplicates": 0, "rejected": [] });
        assert_eq!(answer.json(), expected);
    }
    assert_eq!(gateway.export().await.len(), paths.len() * 2);
}

#[tokio::test]
async fn the_content_type_does_not_matter() {
    let gateway = Gateway::start(SHOP).await;
    for kind in [
        "text/plain",
        "application/json",
        "application/x-www-form-urlencoded",
    ] {
        let body = json!({ "writeKey": "browser-key", "batch": [track(kind)] }).to_string();
        let answer = gateway.post("/v1/b", &[("content-type", kind)], body).await;
        assert_eq!(answer.json()["accepted"], 1, "{kind}");
    }
}

#[tokio::test]
async fn the_batch_s_context_and_integrations_are_defaults_for_each_event() {
    let gateway = Gateway::start(SHOP).await;
    let mut own = track("own");
    own["context"] = json!({ "locale": "de" });
    let body = json!({
        "writeKey": "server-key",
        "context": { "locale": "en", "app": { "name": "shop" } },
        "integrations": { "All": true },
        "batch": [own, track("none")],
    });
    gateway.post("/v1/batch", &[], body.to_string()).await;
    let stored = gateway.export().await;
    let app = json!({ "name": "shop" });
    assert_eq!(
        stored[0]["event"]["context"],
        json!({ "app": app, "locale": "de" })
    );
    assert_eq!(
        stored[1]["event"]["context"],
        json!({ "locale": "en", "app": app })
    );
    assert_eq!(stored[1]["event"]["integrations"], json!({ "All": true }));
}

#[tokio::test]
async fn a_byte_order_mark_before_the_body_is_skipped() {
    let gateway = Gateway::start(SHOP).await;
    let batch = json!({ "writeKey": "browser-key", "batch": [track("a")] });
    let answer = gateway.post("/v1/b", &[], format!("\u{feff}{batch}")).await;
    assert_eq!(answer.json()["accepted"], 1);
    let single = "\u{feff}{\"event\":\"A\",\"userId\":\"u\",\"messageId\":\"b\"}";
    let path = "/v1/t?writeKey=browser-key";
    assert_eq!(gateway.post(path, &[], single).await.status, 200);
    assert_eq!(gateway.stored_ids().await, ["a", "b"]);
}

#[tokio::test]
async fn an_event_is_stored_as_it_came() {
    let gateway = Gateway::start(SHOP).await;
    let event = r#"{"type":"track","event":"é\u00e9","messageId":"m","userId":18446744073709551617,"anonymousId":null,"properties":{"z":1.50,"a":123456789012345678901234567890}}"#;
    let body = format!(r#"{{"writeKey":"browser-key","batch":[ {event} ]}}"#);
    assert_eq!(gateway.post("/v1/b", &[], body).await.json()["accepted"], 1);
    let stored = gateway.export().await;
    assert_eq!(stored[0]["userId"], "18446744073709551617");
    assert_eq!(stored[0]["anonymousId"], json!(null));
    assert_eq!(stored[0]["keyKind"], "browser");
    let database = rusqlite::Connection::open(gateway.database()).unwrap();
    let text: String = database
        .query_row("SELECT event FROM events", [], |row| row.get(0))
        .unwrap();
    assert_eq!(text, event);
}

#[tokio::test]
async fn an_event_without_an_id_gets_one() {
    let gateway = Gateway::start(SHOP).await;
    gateway
        .post(
            "/v1/t?writeKey=browser-key",
            &[],
            r#"{"event":"A","userId":"u"}"#,
        )
        .await;
    let stored = gateway.export().await;
    assert_eq!(stored[0]["messageId"].as_str().unwrap().len(), 36);
    assert_eq!(stored[0]["event"]["messageId"], stored[0]["messageId"]);
}

#[tokio::test]
async fn a_secret_key_is_not_stored_with_the_event() {
    let gateway = Gateway::start(SHOP).await;
    let body = r#"{"event":"A","userId":"u","writeKey":"server-key"}"#;
    assert_eq!(gateway.post("/v1/track", &[], body).await.status, 200);
    let stored = gateway.export().await;
    assert_eq!(stored[0]["event"].get("writeKey"), None);
    assert!(!gateway.log().contains("server-key"));
}

#[tokio::test]
async fn the_settings_point_analytics_next_to_the_gateway() {
    let gateway = Gateway::start(SHOP).await;
    let answer = gateway.get("/v1/projects/browser-key/settings").await;
    assert_eq!(answer.status, 200);
    let settings = &answer.json()["integrations"]["Segment.io"];
    assert_eq!(settings["apiKey"], "browser-key");
    let host = gateway.url.strip_prefix("http://").unwrap();
    assert_eq!(settings["apiHost"], format!("{host}/v1"));
    let unknown = gateway.get("/v1/projects/unknown/settings").await;
    assert_eq!(unknown.refusal(), (401, "unknown_write_key".to_owned()));
    assert!(!gateway.log().contains("browser-key"));
}

#[tokio::test]
async fn unknown_paths_and_methods_are_answered_in_json() {
    let gateway = Gateway::start(SHOP).await;
    let nowhere = gateway.post("/v1/nowhere", &[], "{}").await;
    assert_eq!(nowhere.refusal(), (404, "not_found".to_owned()));
    let url = format!("{}/v1/batch", gateway.url);
    let wrong = gateway.request(Method::GET, &url, &[], "").await;
    assert_eq!(wrong.refusal(), (405, "method_not_allowed".to_owned()));
    assert_eq!(
        gateway.post("/v1/m", &[], "{\"series\":[]}").await.status,
        204
    );
    assert_eq!(gateway.get("/health").await.status, 200);
    assert_eq!(gateway.get("/ready").await.json()["ready"], true);
}

#[tokio::test]
async fn a_body_that_is_not_a_json_object_is_refused() {
    let gateway = Gateway::start(SHOP).await;
    for body in ["", "nonsense", "[]", "{\"batch\":", "\"\\ud800\""] {
        let answer = gateway
            .post("/v1/batch?writeKey=browser-key", &[], body)
            .await;
        assert_eq!(answer.refusal(), (400, "invalid_body".to_owned()), "{body}");
    }
    let no_batch = gateway
        .post("/v1/batch?writeKey=browser-key", &[], "{}")
        .await;
    assert_eq!(no_batch.refusal(), (400, "invalid_body".to_owned()));
}
