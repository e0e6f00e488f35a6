//! A server's version of an event supersedes the browser's, whichever comes first.

use serde_json::{Value, json};

use crate::program::{BACK_TO_VERSION_3, Gateway, SHOP, track};

/// Sends one event with the key of this kind, marked by its `sender`, and returns the answer.
async fn send(gateway: &Gateway, kind: &str, id: &str) -> Value {
    let mut event = track(id);
    event["properties"] = json!({ "sender": kind });
    let body = json!({ "writeKey": format!("{kind}-key"), "batch": [event] }).to_string();
    gateway.post("/v1/b", &[], body).await.json()
}

/// The id and the sender of every exported event.
async fn senders(gateway: &Gateway) -> Vec<(String, String)> {
    let events = gateway.export().await;
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    events
        .iter()
        .map(|line| {
            let sender = text(&line["event"]["properties"]["sender"]);
            assert_eq!(line["keyKind"], sender.as_str());
            (text(&line["messageId"]), sender)
        })
        .collect()
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    let owned = |(id, sender): &(&str, &str)| ((*id).to_owned(), (*sender).to_owned());
    expected.iter().map(owned).collect()
}

#[tokio::test]
async fn a_server_s_event_supersedes_the_browser_s() {
    let gateway = Gateway::start(SHOP).await;
    send(&gateway, "browser", "a").await;
    send(&gateway, "browser", "b").await;
    let answer = send(&gateway, "server", "a").await;
    assert_eq!(
        (&answer["accepted"], &answer["duplicates"]),
        (&json!(1), &json!(0))
    );
    let expected = pairs(&[("b", "browser"), ("a", "server")]);
    assert_eq!(senders(&gateway).await, expected);
    for kind in ["browser", "server"] {
        let answer = send(&gateway, kind, "a").await;
        assert_eq!(
            (&answer["accepted"], &answer["duplicates"]),
            (&json!(0), &json!(1)),
            "{kind}"
        );
    }
    assert_eq!(senders(&gateway).await, expected);
    let metrics = gateway.client.get(format!("{}/metrics", gateway.admin_url));
    let metrics = metrics.send().await.unwrap().text().await.unwrap();
    for line in [
        "waymark_events_stored_total 3",
        "waymark_events_superseding_total 1",
        "waymark_events_duplicate_total 2",
    ] {
        assert!(metrics.contains(line), "{line}: {metrics}");
    }
}

#[tokio::test]
async fn a_browser_s_event_never_supersedes_the_server_s_even_after_a_restart() {
    let gateway = Gateway::start(SHOP).await;
    send(&gateway, "browser", "a").await;
    send(&gateway, "server", "a").await;
    send(&gateway, "server", "b").await;
    let folder = gateway.folder();
    gateway.ask_to_stop().await;
    assert!(gateway.ended_well().await);
    let gateway = Gateway::start_in(folder, SHOP).await;
    for id in ["a", "b"] {
        assert_eq!(send(&gateway, "browser", id).await["duplicates"], 1);
        assert_eq!(send(&gateway, "server", id).await["duplicates"], 1);
    }
    let expected = pairs(&[("a", "server"), ("b", "server")]);
    assert_eq!(senders(&gateway).await, expected);
}

#[tokio::test]
async fn a_file_of_version_1_is_upgraded_and_can_supersede() {
    let gateway = Gateway::start(SHOP).await;
    send(&gateway, "browser", "a").await;
    let folder = gateway.folder();
    let database = gateway.database();
    gateway.ask_to_stop().await;
    assert!(gateway.ended_well().await);
    let old = rusqlite::Connection::open(&database).unwrap();
    old.execute_batch(BACK_TO_VERSION_3).unwrap();
    old.execute_batch("DROP TABLE superseded; PRAGMA user_version = 1;")
        .unwrap();
    drop(old);
    let mut exported = Vec::new();
    waymark_gateway::store::export(&database, None, &mut exported).unwrap();
    assert!(exported.ends_with(b"}\n"));
    let gateway = Gateway::start_in(folder, SHOP).await;
    send(&gateway, "server", "a").await;
    assert_eq!(senders(&gateway).await, pairs(&[("a", "server")]));
}
