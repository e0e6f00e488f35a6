//! Rows that were deleted from the file by hand.

use serde_json::{Value, json};

use crate::program::{Gateway, SHOP};
use crate::upstream::Upstream;

fn change(gateway: &Gateway, sql: &str) {
    let database = rusqlite::Connection::open(gateway.database()).unwrap();
    database.execute_batch(sql).unwrap();
}

/// Stops the gateway, changes its file and starts another one with it.
async fn restart_after(gateway: Gateway, sql: &str, toml: &str) -> Gateway {
    let folder = gateway.folder();
    gateway.ask_to_stop().await;
    let database = gateway.database();
    assert!(gateway.ended_well().await);
    let database = rusqlite::Connection::open(database).unwrap();
    database.execute_batch(sql).unwrap();
    drop(database);
    Gateway::start_in(folder, toml).await
}

#[tokio::test]
async fn a_repeat_of_a_deleted_event_fails_no_request() {
    let gateway = Gateway::start(SHOP).await;
    gateway.send("browser-key", &["a", "b"]).await;
    change(&gateway, "DELETE FROM events WHERE message_id = 'a'");
    let answer = gateway.send("browser-key", &["a"]).await;
    assert_eq!(answer["duplicates"], 1);
    let answer = gateway.send("server-key", &["a", "b", "c"]).await;
    assert_eq!(
        (&answer["accepted"], &answer["duplicates"]),
        (&json!(3), &json!(0))
    );
    assert_eq!(gateway.stored_ids().await, ["a", "b", "c"]);
}

#[tokio::test]
async fn numbers_are_not_used_again_after_all_events_were_deleted() {
    let mut upstream = Upstream::start([]).await;
    let toml = upstream.config();
    let gateway = Gateway::start(&toml).await;
    gateway.send("browser-key", &["a", "b", "c"]).await;
    assert_eq!(gateway.flush().await.status, 200);
    upstream.next().await;
    let delete = "DELETE FROM events; DELETE FROM rejected;";
    let gateway = restart_after(gateway, delete, &toml).await;
    gateway.send("browser-key", &["d"]).await;
    assert_eq!(gateway.flush().await.status, 200);
    assert_eq!(upstream.next().await.ids(), ["d"]);
    assert_eq!(gateway.metric("waymark_forward_lag_events").await, 0.0);
    let database = rusqlite::Connection::open(gateway.database()).unwrap();
    let seq: i64 = database
        .query_row("SELECT seq FROM events", [], |row| row.get(0))
        .unwrap();
    assert_eq!(seq, 4);
    assert!(!gateway.log().contains("beyond the newest event"));
}

#[tokio::test]
async fn a_cursor_beyond_the_newest_event_is_an_alarm_and_later_events_are_forwarded() {
    let mut upstream = Upstream::start([]).await;
    let toml = upstream.config();
    let gateway = Gateway::start(&toml).await;
    gateway.send("browser-key", &["a", "b"]).await;
    assert_eq!(gateway.flush().await.status, 200);
    upstream.next().await;
    // As a gateway of an earlier version leaves it: without the last number.
    let delete = "DELETE FROM events; DELETE FROM meta WHERE name LIKE 'last%';";
    let gateway = restart_after(gateway, delete, &toml).await;
    let log = gateway.log();
    let alarm = log
        .lines()
        .find(|line| line.contains("beyond the newest event"));
    let alarm: Value = serde_json::from_str(alarm.unwrap()).unwrap();
    assert_eq!(
        (&alarm["level"], &alarm["source"], &alarm["cursor"]),
        (&json!("ERROR"), &json!("shop"), &json!(2))
    );
    gateway.send("browser-key", &["c"]).await;
    assert_eq!(gateway.flush().await.status, 200);
    assert_eq!(upstream.next().await.ids(), ["c"]);
}
