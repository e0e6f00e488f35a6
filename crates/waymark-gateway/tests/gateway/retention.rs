//! Old events are deleted, but for those that a destination has not taken.

use serde_json::json;

use crate::program::{Gateway, SHOP};
use crate::upstream::{Behaviour, Upstream};

const QUIET: &str =
    "[[sources]]\nname = \"quiet\"\nkeys = [{ key = \"quiet-key\", kind = \"server\" }]\n";

/// The shop, forwarded to this upstream, and a source without one. Events are kept for two days.
fn config(upstream: &Upstream) -> String {
    format!(
        "{}{QUIET}[store]\nretention_days = 2\nmax_database_size = \"1 GiB\"\n",
        upstream.config()
    )
}

/// Waits until exactly these events are stored.
async fn left(gateway: &Gateway, ids: &[&str]) {
    while gateway.stored_ids().await != ids {
        tokio::task::yield_now().await;
    }
}

/// Stops the gateway, makes all of its events three days old, and starts another one.
async fn three_days_later(gateway: Gateway, toml: &str) -> Gateway {
    let folder = gateway.folder();
    let database = gateway.database();
    gateway.ask_to_stop().await;
    assert!(gateway.ended_well().await);
    let database = rusqlite::Connection::open(database).unwrap();
    database
        .execute_batch(
            "UPDATE events SET received_ms = received_ms - 3 * 86400000;
             UPDATE rejected SET received_ms = received_ms - 3 * 86400000;",
        )
        .unwrap();
    drop(database);
    Gateway::start_in(folder, toml).await
}

#[tokio::test]
async fn old_events_are_deleted_once_their_destination_has_them() {
    let dead = Upstream::start(vec![Behaviour::Status(503); 1_000]).await;
    let gateway = Gateway::start(&config(&dead)).await;
    gateway.send("browser-key", &["a", "b"]).await;
    gateway.send("quiet-key", &["c", "d"]).await;
    gateway.batch(&[json!({})]).await;

    let gateway = three_days_later(gateway, &config(&dead)).await;
    left(&gateway, &["a", "b"]).await;
    let kept = "their destination has not taken them yet";
    assert!(gateway.log().contains(kept), "{}", gateway.log());
    let age = r#"waymark_oldest_undelivered_age_seconds{source="shop",destination="forward"}"#;
    while gateway.metric(age).await < 250_000.0 {
        tokio::task::yield_now().await;
    }
    assert!(gateway.metric("waymark_oldest_event_age_seconds").await > 250_000.0);
    assert_eq!(gateway.metric("waymark_events_deleted_total").await, 2.0);
    for name in ["database_bytes", "wal_bytes", "disk_free_bytes"] {
        assert!(
            gateway.metric(&format!("waymark_{name}")).await > 0.0,
            "{name}"
        );
    }

    let mut alive = Upstream::start([]).await;
    let gateway = three_days_later(gateway, &config(&alive)).await;
    assert_eq!(alive.next().await.ids(), ["a", "b"]);
    left(&gateway, &[]).await;
    assert_eq!(gateway.metric(age).await, 0.0);
    for (key, ids) in [("server-key", ["a", "b"]), ("quiet-key", ["c", "d"])] {
        let answer = gateway.send(key, &ids).await;
        // A server's version is not a repeat of the shop's browsers'.
        let n_new = if key == "server-key" { 2 } else { 0 };
        assert_eq!(answer["accepted"], n_new, "{answer}");
    }
    let database = rusqlite::Connection::open(gateway.database()).unwrap();
    let number = |sql: &str| -> i64 { database.query_row(sql, [], |row| row.get(0)).unwrap() };
    assert_eq!(number("SELECT min(seq) FROM events"), 5);
    assert_eq!(number("SELECT count(*) FROM rejected"), 0);
    assert_eq!(number("PRAGMA auto_vacuum"), 2);
}

#[tokio::test]
async fn dead_letters_go_with_their_events() {
    let upstream = Upstream::start([Behaviour::Poisoned("Product Added")]).await;
    let gateway = Gateway::start(&config(&upstream)).await;
    gateway.send("browser-key", &["a", "b", "c"]).await;
    assert_eq!(gateway.flush().await.status, 200);
    let letters = r#"waymark_dead_letters{source="shop",destination="forward"}"#;
    assert_eq!(gateway.metric(letters).await, 3.0);
    let gateway = three_days_later(gateway, &config(&upstream)).await;
    left(&gateway, &[]).await;
    while gateway.metric(letters).await > 0.0 {
        tokio::task::yield_now().await;
    }
    gateway.send("browser-key", &["d"]).await;
    assert_eq!(gateway.flush().await.status, 200);
    let database = rusqlite::Connection::open(gateway.database()).unwrap();
    let letters = "SELECT id, seq FROM dead_letters";
    let letter: (i64, i64) = database
        .query_row(letters, [], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap();
    assert_eq!(letter, (4, 4), "its number is new");
}

#[tokio::test]
async fn without_the_section_nothing_is_deleted() {
    let gateway = Gateway::start(SHOP).await;
    gateway.send("browser-key", &["a"]).await;
    let gateway = three_days_later(gateway, SHOP).await;
    gateway.send("browser-key", &["b"]).await;
    assert_eq!(gateway.stored_ids().await, ["a", "b"]);
    assert_eq!(gateway.metric("waymark_events_deleted_total").await, 0.0);
}
