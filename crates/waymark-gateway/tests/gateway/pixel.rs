//! Segment's pixel: an event in an image's address.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use http::Method;
use serde_json::{Value, json};

use crate::program::{Answer, Gateway, SHOP};

impl Gateway {
    async fn pixel(&self, event_type: &str, data: &str) -> Answer {
        self.pixel_as(Method::GET, event_type, data, &[]).await
    }

    async fn pixel_as(
        &self,
        method: Method,
        event_type: &str,
        data: &str,
        more: &[(&str, &str)],
    ) -> Answer {
        let url = format!("{}/v1/pixel/{event_type}?data={data}", self.url);
        let headers = [&[("user-agent", "Mail/1.0")], more].concat();
        self.request(method, &url, &headers, "").await
    }
}

/// The shop, which takes pixels.
fn with_pixels() -> String {
    format!("{SHOP}[[sources]]\nname = \"no-pixels\"\n[[sources.keys]]\nkey = \"other-key\"\nkind = \"browser\"\n")
        .replacen("name = \"shop\"\n", "name = \"shop\"\npixel = true\n", 1)
}

fn data(event: &Value) -> String {
    URL_SAFE_NO_PAD.encode(event.to_string())
}

fn opened(key: &str, subject: &str) -> Value {
    json!({
        "writeKey": key, "userId": "u", "event": "Email Opened",
        "properties": { "subject": subject },
    })
}

#[tokio::test]
async fn each_showing_of_the_image_is_an_event() {
    let gateway = Gateway::start(&with_pixels()).await;
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
    let asked = gateway.pixel_as(Method::HEAD, "track", &safe, &[]).await;
    assert_eq!(asked.status, 200);
    assert_eq!(asked.header("content-type"), Some("image/gif"));
    assert_eq!(gateway.export().await.len(), 3);
    let event = &stored[2]["event"];
    assert_eq!(event["properties"]["subject"], "ÿÿ>~~?>ü🏕?");
    assert_eq!(event["context"]["userAgent"], "Mail/1.0");
    assert_eq!(event["context"]["ip"], "127.0.0.1");
    assert_ne!(stored[0]["messageId"], stored[1]["messageId"]);
}

#[tokio::test]
async fn what_is_not_stored_is_an_image_with_the_status_of_the_error() {
    let gateway = Gateway::start(&with_pixels()).await;
    let cases = [
        ("track", "!".to_owned(), 400),
        ("track", data(&json!([])), 400),
        ("track", data(&json!({ "writeKey": "browser-key" })), 400),
        ("track", data(&opened("no-such-key", "")), 401),
        ("track", data(&opened("server-key", "")), 403),
        ("track", data(&opened("other-key", "")), 403),
        ("batch", data(&opened("browser-key", "")), 404),
    ];
    for (event_type, data, status) in cases {
        let answer = gateway.pixel(event_type, &data).await;
        assert_eq!(answer.status, status, "{event_type} {data}");
        assert_eq!(answer.text.starts_with("GIF89a"), status != 404);
    }
    let answer = gateway.get("/v1/pixel/track").await;
    assert_eq!(answer.status, 400);
    assert_eq!(gateway.export().await, Vec::<Value>::new());
    let metrics = gateway.admin(Method::GET, "/metrics", &Value::Null).await;
    for reason in ["server_key_shown", "pixel_not_allowed"] {
        assert!(metrics.text.contains(&format!("reason=\"{reason}\"")));
    }
}

#[tokio::test]
async fn no_key_of_a_pixel_is_stored() {
    let gateway = Gateway::start(&with_pixels()).await;
    let authorization = STANDARD.encode("browser-key:");
    let authorization = format!("Basic {authorization}");
    let allowed = [("authorization", authorization.as_str())];
    let secret = opened("server-key", "");
    let nameless = json!({ "writeKey": "server-key", "userId": "u" });
    for (event, headers, status) in [
        (&secret, &[][..], 403),
        (&nameless, &[][..], 403),
        (&secret, &allowed[..], 200),
        (&nameless, &allowed[..], 400),
        (&opened("browser-key", ""), &[][..], 200),
    ] {
        let data = data(event);
        let answer = gateway.pixel_as(Method::GET, "track", &data, headers);
        assert_eq!(answer.await.status, status, "{event}");
    }
    let stored = gateway.export().await;
    assert_eq!(stored.len(), 2);
    assert_eq!(stored[0]["event"].get("writeKey"), None);
    let file = std::fs::read(gateway.database()).unwrap();
    let wal = std::fs::read(gateway.database().with_extension("sqlite-wal")).unwrap_or_default();
    let bytes = [file, wal].concat();
    let has = |text: &str| {
        bytes
            .windows(text.len())
            .any(|part| part == text.as_bytes())
    };
    assert!(has("Email Opened") && !has("server-key"));
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
