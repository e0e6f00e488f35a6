//! What destinations answer decides over each event: partial refusals, throttling, failures.

use std::collections::HashSet;

use http::Method;
use serde_json::json;

use crate::destinations::{entry, imported, mixpanel};
use crate::program::{Gateway, SHOP, track};
use crate::vendor::{Vendor, fine};

#[tokio::test]
async fn a_request_that_is_throttled_comes_again_with_the_same_ids() {
    let mut n_refused = 0;
    let mut vendor = Vendor::start(move |_, _| {
        n_refused += 1;
        match n_refused {
            1 => Some((429, r#"{"error":"rate limited"}"#.to_owned())),
            2 => Some((503, String::new())),
            _ => fine(),
        }
    })
    .await;
    let gateway = Gateway::start(&[SHOP.to_owned(), mixpanel(&vendor.url)].concat()).await;
    gateway.batch(&[track("a"), track("b")]).await;
    assert_eq!(gateway.flush().await.status, 200);
    let received = vendor.so_far();
    assert_eq!(received.len(), 3);
    let ids = |at: usize| imported(&received[at..=at]);
    assert_eq!(ids(0), ids(1));
    assert_eq!(ids(0), ids(2));
    let unique: HashSet<_> = ids(0).into_iter().collect();
    assert_eq!(unique.len(), 2);
}

#[tokio::test]
async fn what_mixpanel_names_is_a_dead_letter_and_the_rest_is_taken() {
    let mut vendor = Vendor::start(|_, body| {
        let events = body.as_array().unwrap();
        let bad = events.iter().position(|event| event["event"] == "Bad")?;
        let body = json!({
            "code": 400, "num_records_imported": events.len() - 1, "status": "Bad Request",
            "failed_records": [{ "index": bad, "field": "properties.time", "message": "too old" }],
        });
        Some((400, body.to_string()))
    })
    .await;
    let gateway = Gateway::start(&[SHOP.to_owned(), mixpanel(&vendor.url)].concat()).await;
    let mut events = [track("a"), track("b"), track("c")];
    events[1]["event"] = json!("Bad");
    gateway.batch(&events).await;
    assert_eq!(gateway.flush().await.status, 200);
    assert_eq!(vendor.so_far().len(), 1, "nothing is sent twice");
    let url = format!("{}/dead-letters?destination=mixpanel", gateway.admin_url);
    let letters = gateway.request(Method::GET, &url, &[], "").await.json();
    let letters = letters["deadLetters"].as_array().unwrap();
    assert_eq!(letters.len(), 1, "{letters:?}");
    assert_eq!(letters[0]["messageId"], "b");
    assert_eq!(letters[0]["destination"], "mixpanel");
    assert_eq!(letters[0]["reason"], "properties.time: too old");
    let taken = r#"waymark_events_forwarded_total{source="shop",destination="mixpanel"}"#;
    assert_eq!(gateway.metric(taken).await, 2.0);
    // Once the vendor takes it, it is a dead letter no more.
    vendor.answer_by(|_, _| fine());
    let url = format!("{}/dead-letters/retry", gateway.admin_url);
    let body = r#"{"destination":"mixpanel"}"#;
    let done = gateway.request(Method::POST, &url, &[], body).await.json();
    assert_eq!(done, json!({ "taken": 1, "refused": 0, "stopped": null }));
    assert_eq!(imported(&vendor.so_far())[0].0, "Bad");
}

#[tokio::test]
async fn many_refusals_in_an_answer_that_takes_others_pause_nothing() {
    let mut vendor = Vendor::start(|_, body| {
        let events = body.as_array().unwrap();
        let failed: Vec<_> = (0..30)
            .map(|index| json!({ "index": index, "field": "event", "message": "no" }))
            .collect();
        let body = json!({
            "code": 400, "num_records_imported": events.len() - 30, "status": "Bad Request",
            "failed_records": failed,
        });
        Some((400, body.to_string()))
    })
    .await;
    let gateway = Gateway::start(&[SHOP.to_owned(), mixpanel(&vendor.url)].concat()).await;
    let events: Vec<_> = (0..40).map(|number| track(&number.to_string())).collect();
    gateway.batch(&events).await;
    assert_eq!(gateway.flush().await.status, 200);
    assert_eq!(vendor.so_far().len(), 1, "nothing is sent twice");
    for (name, n) in [
        ("events_forwarded_total", 10.0),
        ("events_refused_total", 30.0),
        ("dead_letters", 30.0),
        ("forward_paused", 0.0),
    ] {
        let metric = format!(r#"waymark_{name}{{source="shop",destination="mixpanel"}}"#);
        assert_eq!(gateway.metric(&metric).await, n, "{name}");
    }
}

#[tokio::test]
async fn amplitude_takes_the_rest_without_what_it_names() {
    let mut vendor = Vendor::start(|_, body| {
        let events = body["events"].as_array().unwrap();
        match events.iter().position(|event| event["event_type"] == "Bad") {
            None => fine(),
            Some(bad) => {
                let body = json!({
                    "code": 400, "error": "Invalid field values on some events",
                    "events_with_invalid_fields": { "time": [bad] },
                });
                Some((400, body.to_string()))
            }
        }
    })
    .await;
    let destination = entry(
        "amplitude",
        &format!("api_key = \"k\"\nhost = \"{}\"", vendor.url),
    );
    let gateway = Gateway::start(&[SHOP.to_owned(), destination].concat()).await;
    let mut events = [track("a"), track("b"), track("c")];
    events[1]["event"] = json!("Bad");
    gateway.batch(&events).await;
    assert_eq!(gateway.flush().await.status, 200);
    let received = vendor.so_far();
    assert_eq!(received.len(), 2);
    let ids: Vec<_> = received[1].body["events"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| event["insert_id"].clone())
        .collect();
    assert_eq!(ids, ["a", "c"]);
    let letters = r#"waymark_dead_letters{source="shop",destination="amplitude"}"#;
    assert_eq!(gateway.metric(letters).await, 1.0);
}

#[tokio::test]
async fn what_one_endpoint_has_taken_is_not_sent_again_when_another_fails() {
    let mut failing = true;
    let mut vendor = Vendor::start(move |path, _| {
        if path.starts_with("/import") && failing {
            failing = false;
            return Some((500, String::new()));
        }
        fine()
    })
    .await;
    let gateway = Gateway::start(&[SHOP.to_owned(), mixpanel(&vendor.url)].concat()).await;
    let identify = json!({
        "type": "identify", "messageId": "i", "userId": "u", "anonymousId": "visitor",
        "traits": { "email": "ann@shop.example" },
    });
    gateway.batch(&[identify, track("t")]).await;
    assert_eq!(gateway.flush().await.status, 200);
    let paths: Vec<_> = vendor.so_far().into_iter().map(|one| one.path).collect();
    assert_eq!(
        paths,
        ["/engage?verbose=1", "/import?strict=1", "/import?strict=1"]
    );
}
