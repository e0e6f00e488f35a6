//! The live stream: the newest events first, then each new one.

use http::Method;
use serde_json::{Value, json};

use crate::destinations::entry;
use crate::program::{Gateway, SHOP, track};
use crate::vendor::Vendor;

/// A live view's stream.
pub(crate) struct View {
    response: reqwest::Response,
    text: String,
}

impl View {
    pub(crate) async fn open(gateway: &Gateway) -> Self {
        let url = format!("{}/live/events", gateway.admin_url);
        let response = gateway.client.get(url).send().await.unwrap();
        assert_eq!(response.status(), 200);
        let kind = response.headers()["content-type"].to_str().unwrap();
        assert!(kind.starts_with("text/event-stream"));
        Self {
            response,
            text: String::new(),
        }
    }

    /// The next message: its kind, its id and its data. `None` at the end.
    async fn next(&mut self) -> Option<(String, String, Value)> {
        loop {
            if let Some((message, rest)) = self.text.split_once("\n\n") {
                let field = |name: &str| {
                    let line = message.lines().find_map(|line| line.strip_prefix(name));
                    line.unwrap_or_default().trim().to_owned()
                };
                let (kind, id, data) = (field("event:"), field("id:"), field("data:"));
                self.text = rest.to_owned();
                if !kind.is_empty() {
                    return Some((kind, id, serde_json::from_str(&data).unwrap()));
                }
                continue;
            }
            let chunk = self.response.chunk().await.ok()??;
            self.text.push_str(std::str::from_utf8(&chunk).unwrap());
        }
    }

    /// The data of the next message of this kind.
    pub(crate) async fn next_of(&mut self, kind: &str) -> Value {
        loop {
            let (found, _, data) = self.next().await.unwrap();
            if found == kind {
                return data;
            }
        }
    }
}

#[tokio::test]
async fn a_view_gets_the_newest_events_and_then_each_new_one() {
    let gateway = Gateway::start(SHOP).await;
    let events: Vec<_> = (0..250).map(|number| track(&number.to_string())).collect();
    gateway.batch(&events).await;
    let mut view = View::open(&gateway).await;
    for (number, event) in events.iter().enumerate().skip(50) {
        let (kind, id, data) = view.next().await.unwrap();
        assert_eq!((kind.as_str(), id), ("stored", (number + 1).to_string()));
        assert_eq!(data["messageId"], number.to_string());
        assert_eq!(data["event"], *event);
        assert_eq!(data["name"], "Product Added");
        assert_eq!(data["duplicate"], false);
    }
    let counters = view.next_of("counters").await;
    assert_eq!(
        counters,
        json!({ "stored": 250, "duplicates": 0, "rejected": 0 })
    );
    gateway
        .batch(&[track("new"), track("7"), json!({ "type": "track" })])
        .await;
    assert_eq!(view.next_of("stored").await["messageId"], "new");
    let repeat = view.next_of("stored").await;
    assert_eq!(
        (&repeat["seq"], &repeat["duplicate"]),
        (&json!(8), &json!(true))
    );
    let rejected = view.next_of("rejected").await;
    assert_eq!(rejected["code"], "missing_event");
    assert_eq!(rejected["raw"], r#"{"type":"track"}"#);
    assert_eq!(rejected["source"], "shop");
    let counters = view.next_of("counters").await;
    assert_eq!(
        counters,
        json!({ "stored": 251, "duplicates": 1, "rejected": 1 })
    );
}

#[tokio::test]
async fn hostile_names_and_line_breaks_remain_data() {
    let gateway = Gateway::start(SHOP).await;
    let name = "</script><img src=x onerror=alert(1)>\n\nevent: stored\ndata: {}\n\n\u{2028}";
    let event = json!({ "type": "track", "event": name, "userId": "u\r\n\r\n", "messageId": "m" });
    let mut view = View::open(&gateway).await;
    let body = format!(
        "{{\"writeKey\":\"browser-key\",\"batch\":[{}]}}",
        serde_json::to_string_pretty(&event).unwrap()
    );
    gateway.post("/v1/b", &[], body).await;
    let data = view.next_of("stored").await;
    assert_eq!(data["name"], name);
    assert_eq!(data["event"], event);
    assert_eq!(gateway.export().await[0]["event"], event);
}

#[tokio::test]
async fn an_open_view_ends_when_the_gateway_stops() {
    let gateway = Gateway::start(SHOP).await;
    let mut view = View::open(&gateway).await;
    view.next_of("counters").await;
    gateway.ask_to_stop().await;
    assert!(gateway.ended_well().await);
    while view.next().await.is_some() {}
}

#[tokio::test]
async fn a_view_is_told_what_became_of_each_event_at_each_destination() {
    let vendor = Vendor::start(|_, body| {
        let is_bad = body["events"][0]["event"] == "Bad";
        Some((if is_bad { 400 } else { 200 }, "too bad".to_owned()))
    })
    .await;
    let keys = format!(
        "secret = \"s\"\nurl = \"{}\"\nexclude_events = [\"Left Out\"]",
        vendor.url
    );
    let gateway = Gateway::start(&[SHOP.to_owned(), entry("webhook", &keys)].concat()).await;
    let mut view = View::open(&gateway).await;
    let places = view.next_of("destinations").await;
    assert_eq!(
        places,
        json!([{ "source": "shop", "destination": "webhook", "passed": 0 }])
    );
    for (name, expected) in [
        ("Good", json!({ "seq": 1, "fate": "taken" })),
        (
            "Left Out",
            json!({ "seq": 2, "fate": "skipped", "reason": "filtered",
                "why": "left out by the destination's filters" }),
        ),
        (
            "Bad",
            json!({ "seq": 3, "fate": "refused", "status": 400, "why": "too bad" }),
        ),
    ] {
        let mut event = track(name);
        event["event"] = json!(name);
        if name == "Good" {
            event["anonymousId"] = json!("other");
        }
        gateway.batch(&[event]).await;
        let told = view.next_of("fates").await;
        assert_eq!(told["destination"], "webhook");
        assert_eq!(told["fates"], json!([expected]));
    }
    // A view that is opened later is told the same.
    let mut later = View::open(&gateway).await;
    assert_eq!(later.next_of("destinations").await[0]["passed"], 3);
    let fates = later.next_of("fates").await["fates"].clone();
    assert_eq!(fates.as_array().unwrap().len(), 3);
    // And nothing of what was erased.
    let asked = json!({ "anonymousId": "visitor" });
    gateway.admin(Method::POST, "/erase", &asked).await;
    let mut last = View::open(&gateway).await;
    assert_eq!(
        last.next_of("fates").await["fates"],
        json!([{ "seq": 1, "fate": "taken" }])
    );
}
