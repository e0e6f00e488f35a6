//! Events are sent again when asked for, and an upstream that refuses everything is paused.

use http::Method;
use serde_json::{Value, json};
use tokio::process::Command;

use crate::program::{Answer, Gateway, program, track};
use crate::upstream::{Behaviour, Upstream};

impl Gateway {
    async fn replay(&self, body: &Value) -> Answer {
        let url = format!("{}/replays", self.admin_url);
        self.request(Method::POST, &url, &[], body.to_string())
            .await
    }
}

fn all() -> Value {
    json!({ "source": "shop", "destination": "forward", "from": "2001-01-01", "to": "2101-01-01" })
}

fn sent(upstream: &mut Upstream) -> Vec<String> {
    let mut ids = Vec::new();
    while let Ok(received) = upstream.requests.try_recv() {
        ids.extend(received.ids());
    }
    ids
}

#[tokio::test]
async fn a_range_of_time_is_sent_again_and_the_regular_flow_goes_on() {
    let mut upstream = Upstream::start([]).await;
    let gateway = Gateway::start(&upstream.config()).await;
    gateway.send("browser-key", &["a", "b"]).await;
    assert_eq!(gateway.flush().await.status, 200);
    let database = rusqlite::Connection::open(gateway.database()).unwrap();
    let earlier = "UPDATE events SET received_ms = 1000 WHERE message_id = 'a'";
    database.execute(earlier, []).unwrap();
    sent(&mut upstream);
    let output = Command::new(program())
        .args([
            "replay",
            "--source",
            "shop",
            "--from",
            "2001-01-01",
            "--to",
            "2101-01-01",
        ])
        .args([
            "--destination",
            "forward",
            "--admin-listen",
            &gateway.admin_url["http://".len()..],
        ])
        .output()
        .await
        .unwrap();
    let done: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        (&done["state"], &done["taken"]),
        (&json!("done"), &json!(1)),
        "{done}"
    );
    assert_eq!(sent(&mut upstream), ["b"]);
    gateway.send("browser-key", &["c"]).await;
    assert_eq!(gateway.flush().await.status, 200);
    assert_eq!(sent(&mut upstream), ["c"]);
    assert_eq!(gateway.replay(&all()).await.json()["taken"], 2);
    assert_eq!(sent(&mut upstream), ["b", "c"]);
    assert_eq!(gateway.metric("waymark_forward_lag_events").await, 0.0);
}

#[tokio::test]
async fn what_is_refused_in_a_replay_is_a_dead_letter_and_a_stuck_one_can_be_stopped() {
    let mut upstream = Upstream::start([]).await;
    let gateway = Gateway::start(&upstream.config()).await;
    let mut events = [track("a"), track("b"), track("c")];
    events[1]["event"] = json!("Poison");
    gateway.batch(&events).await;
    assert_eq!(gateway.flush().await.status, 200);
    upstream.behave([Behaviour::Poisoned("Poison")]);
    let done = gateway.replay(&all()).await.json();
    assert_eq!(
        (&done["taken"], &done["refused"]),
        (&json!(2), &json!(1)),
        "{done}"
    );
    assert_eq!(gateway.metric("waymark_dead_letters").await, 1.0);
    sent(&mut upstream);

    upstream.behave(vec![Behaviour::Status(503); 100]);
    let asked = all();
    let stuck = gateway.replay(&asked);
    let url = format!("{}/replays/2/stop", gateway.admin_url);
    let stop = async {
        upstream.requests.recv().await.unwrap();
        gateway.request(Method::POST, &url, &[], "").await
    };
    let (stuck, stopped) = tokio::join!(stuck, stop);
    for answer in [stuck, stopped] {
        assert_eq!(answer.json()["state"], "stopped", "{answer:?}");
    }
}

#[tokio::test]
async fn a_replay_that_cannot_be_is_refused() {
    let upstream = Upstream::start([]).await;
    let gateway = Gateway::start(&upstream.config()).await;
    for (name, value) in [
        ("source", json!("nobody")),
        ("destination", json!("moon")),
        ("from", json!("soon")),
        ("to", json!("2000-01-01")),
        ("to", Value::Null),
        ("more", json!(1)),
    ] {
        let mut body = all();
        body[name] = value;
        let answer = gateway.replay(&body).await;
        assert_eq!(answer.refusal(), (400, "invalid_body".to_owned()), "{body}");
    }
    for path in ["/replays/1", "/replays/0", "/replays/x"] {
        let url = format!("{}{path}", gateway.admin_url);
        let answer = gateway.request(Method::GET, &url, &[], "").await;
        assert_eq!(answer.status, 404, "{path}");
    }
}

#[tokio::test]
async fn an_upstream_that_refuses_everything_is_paused_and_loses_nothing() {
    let mut upstream = Upstream::start([Behaviour::Poisoned("Product Added")]).await;
    let gateway = Gateway::start(&upstream.config()).await;
    let events: Vec<_> = (0..50).map(|number| track(&number.to_string())).collect();
    gateway.batch(&events).await;
    let paused = r#"waymark_forward_paused{source="shop",destination="forward"}"#;
    while gateway.metric(paused).await < 1.0 {
        tokio::task::yield_now().await;
    }
    assert_eq!(gateway.metric("waymark_dead_letters").await, 20.0);
    assert_eq!(gateway.metric("waymark_forward_lag_events").await, 30.0);
    let ready = || async {
        let url = format!("{}/ready", gateway.admin_url);
        gateway.request(Method::GET, &url, &[], "").await.json()
    };
    assert_eq!(ready().await, json!({ "ready": true, "paused": ["shop"] }));
    assert!(
        gateway
            .log()
            .contains("the upstream refuses every event and is paused")
    );
    assert_eq!(gateway.get("/ready").await.json(), json!({ "ready": true }));

    upstream.behave([]);
    sent(&mut upstream);
    assert_eq!(gateway.flush().await.status, 200);
    let mut ids: Vec<usize> = sent(&mut upstream)
        .iter()
        .map(|id| id.parse().unwrap())
        .collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids, (20..50).collect::<Vec<_>>());
    assert_eq!(gateway.metric(paused).await, 0.0);
    assert_eq!(gateway.metric("waymark_dead_letters").await, 20.0);
    assert_eq!(ready().await, json!({ "ready": true, "paused": [] }));
}
