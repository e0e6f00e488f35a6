//! The plain paths, which answer as an Express service would.

use crate::program::{Gateway, SHOP};

fn demo() -> String {
    format!("default_source = \"shop\"\n{SHOP}")
}

#[tokio::test]
async fn a_missing_field_is_named_in_the_error() {
    let gateway = Gateway::start(&demo()).await;
    let cases = [
        ("/identify", "{}", "userId or anonymousId is required"),
        ("/track", "{}", "Event name is required"),
        (
            "/track",
            r#"{"event":"A"}"#,
            "userId or anonymousId is required",
        ),
        ("/page", "{}", "userId or anonymousId is required"),
        ("/group", r#"{"userId":"u"}"#, "groupId is required"),
        (
            "/alias",
            r#"{"userId":"u"}"#,
            "userId and previousId are required",
        ),
        (
            "/alias",
            r#"{"previousId":"u"}"#,
            "userId and previousId are required",
        ),
    ];
    for (path, body, message) in cases {
        let answer = gateway.post(path, &[], body).await;
        assert_eq!(answer.status, 400, "{path} {body}");
        assert_eq!(answer.json()["error"], message, "{path} {body}");
    }
    assert_eq!(gateway.export().await.len(), 0);
}

#[tokio::test]
async fn a_plain_event_gets_address_user_agent_and_id() {
    let gateway = Gateway::start(&demo()).await;
    let cases = [
        ("/identify", r#"{"userId":"u","traits":{"a":1}}"#),
        (
            "/track",
            r#"{"anonymousId":"a","event":"A","context":{"locale":"de"}}"#,
        ),
        ("/page", r#"{"userId":"u","category":"C","name":"N"}"#),
        ("/group", r#"{"userId":"u","groupId":"g"}"#),
        ("/alias", r#"{"userId":"u","previousId":"p"}"#),
    ];
    for (path, body) in cases {
        let answer = gateway.post(path, &[("user-agent", "curl/8")], body).await;
        assert_eq!(
            (answer.status, answer.text.as_str()),
            (200, r#"{"success":true}"#)
        );
    }
    let stored = gateway.export().await;
    assert_eq!(stored.len(), cases.len());
    for (event, (path, _)) in stored.iter().zip(cases) {
        assert_eq!(event["source"], "shop");
        assert_eq!(
            format!("/{}", event["event"]["type"].as_str().unwrap()),
            path
        );
        assert_eq!(event["event"]["context"]["ip"], "127.0.0.1");
        assert_eq!(event["event"]["context"]["userAgent"], "curl/8");
    }
    assert_eq!(stored[1]["event"]["context"]["locale"], "de");
}

#[tokio::test]
async fn without_a_default_source_a_key_is_required() {
    let gateway = Gateway::start(SHOP).await;
    let body = r#"{"event":"A","userId":"u"}"#;
    let refused = gateway.post("/track", &[], body).await;
    assert_eq!(refused.refusal(), (401, "missing_write_key".to_owned()));
    assert!(
        refused.json()["error"]
            .as_str()
            .unwrap()
            .contains("write key")
    );
    let path = "/track?writeKey=server-key";
    assert_eq!(gateway.post(path, &[], body).await.status, 200);
    assert_eq!(gateway.export().await[0]["keyKind"], "server");
}

#[tokio::test]
async fn a_page_of_another_origin_cannot_use_the_default_source() {
    let gateway = Gateway::start(&demo()).await;
    let headers = [("origin", "https://evil.example")];
    let answer = gateway
        .post("/track", &headers, r#"{"event":"A","userId":"u"}"#)
        .await;
    assert_eq!(answer.refusal(), (403, "origin_not_allowed".to_owned()));
}
