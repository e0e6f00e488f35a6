//! The sums of the clients' ledgers.

use serde_json::{Value, json};

use crate::live::View;
use crate::program::{Gateway, SHOP, track};

fn body(ids: &[&str], ledger: &Value) -> String {
    let events: Vec<Value> = ids.iter().map(|id| track(id)).collect();
    let body = json!({ "writeKey": "browser-key", "batch": events, "ledger": ledger });
    body.to_string()
}

async fn count(gateway: &Gateway, counter: &str) -> f64 {
    let name = "waymark_client_events_total";
    let line = format!("{name}{{source=\"shop\",counter=\"{counter}\"}}");
    gateway.metric(&line).await
}

#[tokio::test]
async fn ledgers_are_added_up_and_show_a_loss() {
    let gateway = Gateway::start(SHOP).await;
    let mut view = View::open(&gateway).await;
    let first = json!({ "accepted": 2, "queueFull": 1, "tooOld": 0 });
    let answer = gateway.post("/v1/b", &[], body(&["a", "b"], &first)).await;
    assert_eq!(answer.status, 200);
    let second = json!({ "accepted": 3, "refused": 4 });
    gateway.post("/v1/b", &[], body(&["c"], &second)).await;
    assert_eq!(count(&gateway, "accepted").await, 5.0);
    assert_eq!(count(&gateway, "queueFull").await, 1.0);
    assert_eq!(count(&gateway, "refused").await, 4.0);
    let mut counters = view.next_of("counters").await;
    while counters["lost"] != 5 {
        counters = view.next_of("counters").await;
    }
    assert_eq!(counters["stored"], 3);
    let stored = gateway.export().await;
    assert_eq!(
        stored[0]["event"],
        track("a"),
        "the ledger is not part of an event"
    );
}

#[tokio::test]
async fn the_ledger_of_a_repeated_batch_is_counted_once() {
    let gateway = Gateway::start(SHOP).await;
    for _ in 0..2 {
        let body = body(&["a"], &json!({ "accepted": 1 }));
        gateway.post("/v1/b", &[], body).await;
    }
    assert_eq!(count(&gateway, "accepted").await, 1.0);
}

#[tokio::test]
async fn an_invalid_ledger_costs_no_event() {
    let gateway = Gateway::start(SHOP).await;
    let odd = [
        json!(null),
        json!("x"),
        json!([1]),
        json!({ "accepted": -1, "sent": "2", "retried": 1e99, "own counter": 7 }),
    ];
    for (number, ledger) in odd.into_iter().enumerate() {
        let id = number.to_string();
        let answer = gateway.post("/v1/b", &[], body(&[&id], &ledger)).await;
        assert_eq!(answer.status, 200);
    }
    assert_eq!(gateway.stored_ids().await, ["0", "1", "2", "3"]);
    let url = format!("{}/metrics", gateway.admin_url);
    let metrics = gateway.client.get(url).send().await.unwrap();
    assert!(!metrics.text().await.unwrap().contains("own counter"));
}
