//! Where the forwarding of a source begins that has a history, and what becomes of a source that
//! is not forwarded any more.

use serde_json::Value;

use crate::program::{BACK_TO_VERSION_3, Gateway, SHOP, track};
use crate::upstream::{Behaviour, Upstream};

/// Stops the gateway, runs `sql` on its file, and starts another one with it.
async fn restart(gateway: Gateway, sql: &str, toml: &str) -> Gateway {
    let folder = gateway.folder();
    let database = gateway.database();
    gateway.ask_to_stop().await;
    assert!(gateway.ended_well().await);
    let database = rusqlite::Connection::open(database).unwrap();
    database.execute_batch(sql).unwrap();
    drop(database);
    Gateway::start_in(folder, toml).await
}

/// The ids that the upstream gets of a history, two old and one young, and of an event after it.
async fn forwarded(sql: &str, start: &str) -> Vec<String> {
    let mut upstream = Upstream::start([]).await;
    let gateway = Gateway::start(SHOP).await;
    for id in ["old", "older", "young"] {
        gateway.batch(&[track(id)]).await;
    }
    let sql = format!("UPDATE events SET received_ms = 1000 * seq WHERE seq < 3; {sql}");
    let toml = format!("{}{start}", upstream.config());
    let gateway = restart(gateway, &sql, &toml).await;
    gateway.batch(&[track("new")]).await;
    // Nothing is skipped at a later start.
    let gateway = restart(gateway, "", &toml).await;
    assert_eq!(gateway.flush().await.status, 200);
    let mut ids = Vec::new();
    while ids.last().is_none_or(|id| id != "new") {
        ids.extend(upstream.next().await.ids());
    }
    ids
}

#[tokio::test]
async fn a_history_is_forwarded_from_where_the_configuration_says() {
    for (start, expected) in [
        ("", &["new"][..]),
        ("start = \"now\"", &["new"]),
        ("start = \"2020-01-01\"", &["young", "new"]),
        (
            "start = \"1970-01-01T00:00:02Z\"",
            &["older", "young", "new"],
        ),
        ("start = \"2999-01-01\"", &["new"]),
        ("start = \"beginning\"", &["old", "older", "young", "new"]),
    ] {
        assert_eq!(forwarded("", start).await, expected, "{start}");
    }
}

#[tokio::test]
async fn what_an_earlier_version_had_not_delivered_yet_is_forwarded() {
    let earlier =
        format!("{BACK_TO_VERSION_3} PRAGMA user_version = 2; DELETE FROM forward_cursors;");
    let expected = ["old", "older", "young", "new"];
    assert_eq!(forwarded(&earlier, "").await, expected);
    assert_eq!(forwarded(&earlier, "start = \"now\"").await, ["new"]);
}

#[tokio::test]
async fn a_source_that_is_forwarded_no_more_is_told_until_it_is_abandoned() {
    let dead = Upstream::start(vec![Behaviour::Status(503); 1_000]).await;
    let gateway = Gateway::start(&dead.config()).await;
    gateway.batch(&[track("a")]).await;
    let renamed = dead.config().replace("\"shop\"", "\"new-shop\"");
    let n_told = |gateway: &Gateway| {
        let log = gateway.log();
        let told = log
            .lines()
            .filter(|line| line.contains("store.abandoned_sources"));
        told.map(|line| serde_json::from_str::<Value>(line).unwrap())
            .inspect(|line| {
                assert_eq!(
                    (&line["level"], &line["source"]),
                    (&"WARN".into(), &"shop".into())
                )
            })
            .count()
    };
    assert_eq!(n_told(&gateway), 0);
    let gateway = restart(gateway, "", &renamed).await;
    assert_eq!(n_told(&gateway), 1);
    let abandoned = format!("{renamed}[store]\nabandoned_sources = [\"shop\"]\n");
    let gateway = restart(gateway, "", &abandoned).await;
    let gateway = restart(gateway, "", &renamed).await;
    assert_eq!(n_told(&gateway), 1);
    assert_eq!(gateway.stored_ids().await, ["a"]);
}
