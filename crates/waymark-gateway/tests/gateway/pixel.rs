//! Segment's pixel: an event in an image's address.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use http::Method;
use serde_json::{Value, json};

use crate::program::{Answer, Gateway, SHOP};

impl Gateway {
    async fn pixel(&self, event_type: &str, data: &str) -> Answer {
        let url = format!("{}/v1/pixel/{event_type}?data={data}", self.url);
        let headers = [("user-agent", "Mail/1.0")];
        self.request(Method::GET, &url, &headers, "").await
    }
}

fn opened(key: &str, subject: &str) -> Value {
    json!({
        "writeKey": key, "userId": "u", "event": "Email Opened",
        "properties": { "subject": subject },
    })
}

#[tokio::test]
async fn each_showing_of_the_image_is_an_event() {
    let gateway = Gateway::start(SHOP).await;
    // With what base64 has `+`, `/` and `=` for.
    let text = opened("browser-key", "ÿÿ>~~?>ü🏕?").to_string();
    let safe = URL_SAFE_NO_PAD.encode(&text);
    let standard = STANDARD.encode(&text);
    assert!(standard.contains(['+', '/']));
    for data in [&safe, &safe, &standard] {
        let answer = gateway.pixel("track", data).await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("content-type"), Some("image/gif"));
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        assert!(answer.text.starts_with("GIF89a"));
    }
    let stored = gateway.export().await;
    assert_eq!(stored.len(), 3);
    let event = &stored[2]["event"];
    assert_eq!(event["properties"]["subject"], "ÿÿ>~~?>ü🏕?");
    assert_eq!(event["context"]["userAgent"], "Mail/1.0");
    assert_eq!(event["context"]["ip"], "127.0.0.1");
    assert_ne!(stored[0]["messageId"], stored[1]["messageId"]);
}

#[tokio::test]
async fn what_is_not_stored_is_an_image_with_the_status_of_the_error() {
    let gateway = Gateway::start(SHOP).await;
    let data = |event: &Value| URL_SAFE_NO_PAD.encode(event.to_string());
    let cases = [
        ("track", "!".to_owned(), 400),
        ("track", data(&json!([])), 400),
        ("track", data(&json!({ "writeKey": "browser-key" })), 400),
        ("track", data(&opened("no-such-key", "")), 401),
        ("batch", data(&opened("browser-key", "")), 404),
    ];
    for (event_type, data, status) in cases {
        let answer = gateway.pixel(event_type, &data).await;
        assert_eq!(answer.status, status, "{event_type} {data}");
        assert_eq!(answer.text.starts_with("GIF89a"), status != 404);
    }
    let answer = gateway.get("/v1/pixel/track").await;
    assert_eq!(answer.status, 400);
    // A key that an e-mail shows makes no server's event.
    let answer = gateway
        .pixel("track", &data(&opened("server-key", "")))
        .await;
    assert_eq!(answer.status, 200);
    assert_eq!(gateway.export().await[0]["keyKind"], "browser");
}

#[tokio::test]
async fn pixels_count_for_the_rate_of_their_address() {
    let toml = format!("{SHOP}[limits]\nrequests_per_second_per_address = 1\n");
    let gateway = Gateway::start(&toml).await;
    let mut statuses = Vec::new();
    for _ in 0..4 {
        statuses.push(gateway.pixel("track", "!").await.status);
    }
    assert!(statuses.contains(&429), "{statuses:?}");
}
