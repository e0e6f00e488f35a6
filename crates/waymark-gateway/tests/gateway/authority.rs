//! What a server says of an event stands, whatever a browser said of it before or says later.

use serde_json::{Value, json};

use crate::program::{Gateway, SHOP, track};

/// Sends one event with a key, told apart by its `teller`, and gives the gateway's answer.
async fn tell(gateway: &Gateway, kind: &str, id: &str) -> Value {
    let mut event = track(id);
    event["properties"] = json!({ "teller": kind });
    let body = json!({ "writeKey": format!("{kind}-key"), "batch": [event] }).to_string();
    gateway.post("/v1/b", &[], body).await.json()
}

/// Every exported event as its id and who told of it.
async fn told(gateway: &Gateway) -> Vec<(String, String)> {
    let events = gateway.export().await;
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    events
        .iter()
        .map(|record| {
            let teller = text(&record["event"]["properties"]["teller"]);
            assert_eq!(record["keyKind"], teller.as_str());
            (text(&record["messageId"]), teller)
        })
        .collect()
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    let owned = |(id, teller): &(&str, &str)| ((*id).to_owned(), (*teller).to_owned());
    expected.iter().map(owned).collect()
}

#[tokio::test]
async fn an_event_of_a_server_takes_the_place_of_the_browsers() {
    let gateway = Gateway::start(SHOP).await;
    tell(&gateway, "browser", "a").await;
    tell(&gateway, "browser", "b").await;
    let answer = tell(&gateway, "server", "a").await;
    assert_eq!(
        (&answer["accepted"], &answer["duplicates"]),
        (&json!(1), &json!(0))
    );
    let expected = pairs(&[("b", "browser"), ("a", "server")]);
    assert_eq!(told(&gateway).await, expected);
    for kind in ["browser", "server"] {
        let answer = tell(&gateway, kind, "a").await;
        assert_eq!(
            (&answer["accepted"], &answer["duplicates"]),
            (&json!(0), &json!(1)),
            "{kind}"
        );
    }
    assert_eq!(told(&gateway).await, expected);
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
async fn an_event_of_a_browser_never_takes_the_place_of_the_servers_over_restarts() {
    let gateway = Gateway::start(SHOP).await;
    tell(&gateway, "browser", "a").await;
    tell(&gateway, "server", "a").await;
    tell(&gateway, "server", "b").await;
    let folder = gateway.folder();
    gateway.ask_to_stop().await;
    assert!(gateway.ended_well().await);
    let gateway = Gateway::start_in(folder, SHOP).await;
    for id in ["a", "b"] {
        assert_eq!(tell(&gateway, "browser", id).await["duplicates"], 1);
        assert_eq!(tell(&gateway, "server", id).await["duplicates"], 1);
    }
    let expected = pairs(&[("a", "server"), ("b", "server")]);
    assert_eq!(told(&gateway).await, expected);
}

#[tokio::test]
async fn a_store_of_before_learns_to_supersede() {
    let gateway = Gateway::start(SHOP).await;
    tell(&gateway, "browser", "a").await;
    let folder = gateway.folder();
    let database = gateway.database();
    gateway.ask_to_stop().await;
    assert!(gateway.ended_well().await);
    let old = rusqlite::Connection::open(&database).unwrap();
    old.execute_batch("DROP TABLE superseded; PRAGMA user_version = 1;")
        .unwrap();
    drop(old);
    let mut exported = Vec::new();
    waymark_gateway::store::export(&database, None, &mut exported).unwrap();
    assert!(exported.ends_with(b"}\n"));
    let gateway = Gateway::start_in(folder, SHOP).await;
    tell(&gateway, "server", "a").await;
    assert_eq!(told(&gateway).await, pairs(&[("a", "server")]));
}
