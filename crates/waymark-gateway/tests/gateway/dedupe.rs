//! A repeated event is acknowledged and not stored again.

use serde_json::{Value, json};

use crate::program::{Gateway, SHOP, track};

#[tokio::test]
async fn the_first_event_is_stored_and_repeats_are_acknowledged() {
    let gateway = Gateway::start(SHOP).await;
    let mut other = track("a");
    other["event"] = json!("Other");
    let answer = gateway
        .batch(&[track("a"), track("b"), other.clone()])
        .await
        .json();
    assert_eq!(
        (&answer["accepted"], &answer["duplicates"]),
        (&json!(2), &json!(1))
    );
    let answer = gateway.batch(&[other, track("c")]).await.json();
    assert_eq!(
        (&answer["accepted"], &answer["duplicates"]),
        (&json!(1), &json!(1))
    );
    assert_eq!(gateway.stored_ids().await, ["a", "b", "c"]);
    assert_eq!(gateway.export().await[0]["event"]["event"], "Product Added");
}

#[tokio::test]
async fn repeats_are_recognised_after_a_restart_but_not_across_sources() {
    let toml = format!(
        "{SHOP}[[sources]]\nname = \"b\"\nkeys = [{{ key = \"b-key\", kind = \"server\" }}]\n"
    );
    let gateway = Gateway::start(&toml).await;
    let send = async |gateway: &Gateway, key: &str| -> Value {
        let body = json!({ "writeKey": key, "batch": [track("a")] }).to_string();
        gateway.post("/v1/b", &[], body).await.json()["accepted"].clone()
    };
    assert_eq!(send(&gateway, "server-key").await, 1);
    assert_eq!(send(&gateway, "browser-key").await, 0);
    assert_eq!(send(&gateway, "b-key").await, 1);
    let folder = gateway.folder();
    gateway.ask_to_stop().await;
    assert!(gateway.ended_well().await);
    let gateway = Gateway::start_in(folder, &toml).await;
    assert_eq!(send(&gateway, "server-key").await, 0);
    assert_eq!(send(&gateway, "b-key").await, 0);
    assert_eq!(gateway.export().await.len(), 2);
}

#[tokio::test]
async fn the_same_event_from_many_connections_at_once_is_stored_once() {
    let gateway = Gateway::start(SHOP).await;
    let answers = futures_util::future::join_all((0..40).map(|_| {
        let events: Vec<_> = (0..25).map(|number| track(&number.to_string())).collect();
        let gateway = &gateway;
        async move { gateway.batch(&events).await.json() }
    }))
    .await;
    let accepted: i64 = answers
        .iter()
        .map(|answer| answer["accepted"].as_i64().unwrap())
        .sum();
    assert_eq!(accepted, 25);
    assert_eq!(gateway.export().await.len(), 25);
}

#[tokio::test]
async fn a_second_gateway_cannot_use_the_file() {
    let gateway = Gateway::start(SHOP).await;
    let database = gateway.database().display().to_string();
    let args = [
        "--database",
        &database,
        "--listen",
        "127.0.0.1:0",
        "--admin-listen",
        "127.0.0.1:0",
    ];
    let (well, said) = crate::program::run(&args, SHOP).await;
    assert!(!well);
    assert_eq!(
        said,
        "waymark-gateway: database: another gateway is using this file\n"
    );
}
