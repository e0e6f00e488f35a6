//! Stored events reach the upstream, however it behaves.

use serde_json::{Value, json};

use crate::program::{Gateway, SHOP, track};
use crate::upstream::{Behaviour, Upstream};

fn events(n: usize) -> Vec<Value> {
    (0..n).map(|number| track(&number.to_string())).collect()
}

#[tokio::test]
async fn an_event_arrives_with_client_address_and_corrected_time_but_without_write_key() {
    let mut upstream = Upstream::start([]).await;
    let gateway = Gateway::start(&upstream.config()).await;
    let mut event = track("m");
    event["timestamp"] = json!("2001-01-01T00:00:00.000Z");
    event["context"] = json!({ "ip": "spoofed", "locale": "de" });
    let body = json!({
        "writeKey": "browser-key",
        "sentAt": "2001-01-01T00:00:10.000Z",
        "batch": [event],
    });
    gateway.post("/v1/b", &[], body.to_string()).await;
    let received = upstream.next().await;
    let authorization = received.headers["authorization"].to_str().unwrap();
    assert_eq!(authorization, "Basic dXBzdHJlYW0ta2V5Og==");
    let forwarded = &received.body["batch"][0];
    assert_eq!(forwarded["messageId"], "m");
    assert_eq!(
        forwarded["context"],
        json!({ "ip": "127.0.0.1", "locale": "de" })
    );
    assert_eq!(forwarded["originalTimestamp"], "2001-01-01T00:00:00.000Z");
    let time = |value: &Value| value.as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
    let stored = gateway.export().await;
    let before = time(&stored[0]["receivedAt"]).duration_since(time(&forwarded["timestamp"]));
    assert_eq!(before.as_secs(), 10, "the client's clock is corrected");
    assert!(!received.body.to_string().contains("browser-key"));
}

#[tokio::test]
async fn failed_requests_are_retried_and_no_event_is_lost_or_reordered() {
    let behaviours = [
        Behaviour::Status(500),
        Behaviour::WithHeader(429, "retry-after", "0"),
        Behaviour::Status(401),
        Behaviour::WithHeader(302, "location", "/elsewhere"),
        Behaviour::WithHeader(200, "content-type", "text/html"),
    ];
    let mut upstream = Upstream::start(behaviours.clone()).await;
    let gateway = Gateway::start(&upstream.config()).await;
    gateway.batch(&events(3)).await;
    for _ in 0..=behaviours.len() {
        assert_eq!(upstream.next().await.ids(), ["0", "1", "2"]);
    }
    assert_eq!(gateway.flush().await.status, 200);
    assert_eq!(gateway.metric("waymark_events_forwarded_total").await, 3.0);
    assert_eq!(
        gateway.metric("waymark_forward_failures_total").await,
        behaviours.len() as f64
    );
    assert_eq!(gateway.metric("waymark_dead_letters").await, 0.0);
}

#[tokio::test]
async fn an_event_the_upstream_refuses_is_isolated_and_kept_with_its_reason() {
    let upstream = Upstream::start([Behaviour::Poisoned("Poison")]).await;
    let gateway = Gateway::start(&upstream.config()).await;
    let mut events = events(20);
    events[13]["event"] = json!("Poison");
    gateway.batch(&events).await;
    assert_eq!(gateway.flush().await.status, 200);
    assert_eq!(gateway.metric("waymark_events_forwarded_total").await, 19.0);
    let database = rusqlite::Connection::open(gateway.database()).unwrap();
    let dead: (i64, u16, String) = database
        .query_row("SELECT seq, status, reason FROM dead_letters", [], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })
        .unwrap();
    assert_eq!(dead, (14, 400, "I do not like this event".to_owned()));
}

#[tokio::test]
async fn a_dead_upstream_delays_no_request_and_gets_the_events_later() {
    let mut upstream = Upstream::start([Behaviour::Silent]).await;
    let gateway = Gateway::start(&upstream.config()).await;
    gateway.batch(&events(1)).await;
    upstream.next().await;
    for number in 1..50 {
        let answer = gateway.batch(&[track(&number.to_string())]).await;
        assert_eq!(answer.status, 200);
    }
    let folder = gateway.folder();
    let toml = upstream.config();
    gateway.ask_to_stop().await;
    assert!(
        gateway.ended_well().await,
        "a silent upstream does not delay the end"
    );
    let gateway = Gateway::start_in(folder, &toml).await;
    assert_eq!(gateway.flush().await.status, 200);
    let mut ids = Vec::new();
    while ids.len() < 50 {
        ids.extend(upstream.next().await.ids());
    }
    let expected: Vec<_> = (0..50).map(|number| number.to_string()).collect();
    assert_eq!(ids, expected);
}

#[tokio::test]
async fn delivered_events_are_not_delivered_again_after_a_kill() {
    let mut upstream = Upstream::start([]).await;
    let mut gateway = Gateway::start(&upstream.config()).await;
    gateway.batch(&events(10)).await;
    assert_eq!(gateway.flush().await.status, 200);
    let folder = gateway.folder();
    let toml = upstream.config();
    gateway.kill().await;
    let gateway = Gateway::start_in(folder, &toml).await;
    gateway.batch(&[track("new")]).await;
    assert_eq!(gateway.flush().await.status, 200);
    let mut ids = Vec::new();
    while let Ok(received) = upstream.requests.try_recv() {
        ids.extend(received.ids());
    }
    assert_eq!(ids.len(), 11, "{ids:?}");
    assert_eq!(ids.last().map(String::as_str), Some("new"));
}

#[tokio::test]
async fn a_backlog_is_sent_in_full_batches_within_the_upstream_s_limits() {
    let mut upstream = Upstream::start([Behaviour::Status(503)]).await;
    let gateway = Gateway::start(&upstream.config()).await;
    gateway.batch(&[track("first")]).await;
    upstream.next().await;
    let mut events = events(1_000);
    for (number, event) in events.iter_mut().enumerate() {
        // Large events first, so that some batches are limited by bytes and others by number.
        event["properties"] = json!({ "text": "x".repeat(if number < 100 { 10_000 } else { 0 }) });
    }
    for part in events.chunks(40) {
        assert_eq!(gateway.batch(part).await.json()["accepted"], part.len());
    }
    assert_eq!(gateway.flush().await.status, 200);
    let (mut ids, mut n_requests) = (Vec::new(), 0);
    while let Ok(received) = upstream.requests.try_recv() {
        assert!(received.n_bytes <= 500 * 1024, "{}", received.n_bytes);
        ids.extend(received.ids());
        n_requests += 1;
    }
    ids.dedup();
    assert!(ids.len() >= 1_000);
    assert!(n_requests < 20, "{n_requests}");
}

#[tokio::test]
async fn sources_without_an_upstream_are_not_forwarded() {
    let mut upstream = Upstream::start([]).await;
    let toml = format!(
        "{}[[sources]]\nname = \"quiet\"\nkeys = [{{ key = \"quiet-key\", kind = \"server\" }}]\n",
        upstream.config()
    );
    assert!(toml.contains(SHOP));
    let gateway = Gateway::start(&toml).await;
    let body = json!({ "writeKey": "quiet-key", "batch": [track("quiet")] });
    gateway.post("/v1/b", &[], body.to_string()).await;
    gateway.batch(&[track("loud")]).await;
    assert_eq!(gateway.flush().await.status, 200);
    assert_eq!(upstream.next().await.ids(), ["loud"]);
}
