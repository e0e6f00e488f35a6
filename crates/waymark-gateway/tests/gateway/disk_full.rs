//! A full disk: the gateway answers 503, is not ready, and goes on when there is room.

use tokio::process::Command;

use crate::program::{Gateway, SHOP, new_folder, program, track};

/// Sets the largest size that a file of the gateway may have, in bytes; `None` lifts the limit.
async fn limit_files(gateway: &Gateway, size_bytes: Option<u64>) {
    let soft = size_bytes.map_or_else(|| "unlimited".to_owned(), |size| size.to_string());
    let set = Command::new("prlimit")
        .args([
            "--pid",
            &gateway.pid().to_string(),
            &format!("--fsize={soft}:"),
        ])
        .status()
        .await;
    assert!(set.unwrap().success());
}

#[tokio::test]
async fn with_a_full_disk_no_event_is_acknowledged_until_there_is_room() {
    // A write over the limit sends a signal that ends the process; a full disk does not.
    let mut command = Command::new("sh");
    command.args(["-c", "trap '' XFSZ; exec \"$@\"", "sh", program()]);
    let gateway = Gateway::start_by(command, new_folder(), SHOP).await;
    assert_eq!(gateway.batch(&[track("before")]).await.status, 200);

    let size = std::fs::metadata(gateway.folder().path().join("events.sqlite-wal"));
    limit_files(&gateway, Some(size.unwrap().len())).await;
    let refused = gateway.batch(&[track("during")]).await;
    assert_eq!(refused.refusal(), (503, "store_unavailable".to_owned()));
    assert!(
        refused
            .header("retry-after")
            .unwrap()
            .parse::<u64>()
            .unwrap()
            > 0
    );
    let ready = gateway.get("/ready").await;
    assert_eq!(
        (ready.status, ready.json()["ready"].as_bool()),
        (503, Some(false))
    );
    assert_eq!(gateway.get("/health").await.status, 200);
    assert_eq!(gateway.stored_ids().await, ["before"]);

    limit_files(&gateway, None).await;
    while gateway.get("/ready").await.status != 200 {
        tokio::task::yield_now().await;
    }
    let retried = gateway
        .batch(&[track("during"), track("before")])
        .await
        .json();
    assert_eq!(
        (retried["accepted"].as_i64(), retried["duplicates"].as_i64()),
        (Some(1), Some(1))
    );
    assert_eq!(gateway.stored_ids().await, ["before", "during"]);
}
