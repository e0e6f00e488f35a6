//! Copies of the database: made while the gateway runs, checked, and put back.

use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};

use http::Method;
use serde_json::{Value, json};
use tokio::process::Command;

use crate::erasing::{USER, events};
use crate::program::{Gateway, SHOP, new_folder, program, track};

/// What a command said: its exit code, the JSON on its output, and its errors.
async fn run(args: &[&str]) -> (Option<i32>, Value, String) {
    let output = Command::new(program()).args(args).output().await.unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    let said = serde_json::from_str(&said).unwrap_or(Value::Null);
    (output.status.code(), said, errors)
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// The names of a folder's files that belong to a database, in order.
fn files_of(database: &Path) -> Vec<String> {
    let name = database.file_name().unwrap().to_str().unwrap().to_owned();
    let entries = std::fs::read_dir(database.parent().unwrap()).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<_> = names.filter(|one| one.starts_with(&name)).collect();
    names.sort();
    names
}

async fn exported_ids(database: &Path) -> Vec<String> {
    let args = ["export", "--database", text(database)];
    let output = Command::new(program()).args(args).output().await.unwrap();
    assert!(output.status.success(), "{output:?}");
    let ids = String::from_utf8(output.stdout).unwrap();
    let ids = ids.lines().map(|line| {
        let line: Value = serde_json::from_str(line).unwrap();
        line["messageId"].as_str().unwrap().to_owned()
    });
    ids.collect()
}

/// A folder with a database of these events, of which no gateway runs.
async fn closed(ids: &[&str]) -> (std::sync::Arc<tempfile::TempDir>, PathBuf) {
    let gateway = Gateway::start(SHOP).await;
    gateway.send("browser-key", ids).await;
    let (folder, database) = (gateway.folder(), gateway.database());
    gateway.ask_to_stop().await;
    assert!(gateway.ended_well().await);
    (folder, database)
}

#[tokio::test]
async fn a_backup_of_a_busy_gateway_serves_on_another_machine() {
    let gateway = Gateway::start(SHOP).await;
    let first: Vec<_> = (0..500).map(|number| format!("before-{number}")).collect();
    let first: Vec<_> = first.iter().map(String::as_str).collect();
    gateway.send("browser-key", &first).await;
    let elsewhere = new_folder();
    let file = elsewhere.path().join("backup.sqlite");
    let database = gateway.database();
    let args = ["backup", text(&file), "--database", text(&database)];
    let backing = run(&args);
    tokio::pin!(backing);
    let mut n_meanwhile = 0;
    let (code, made, errors) = loop {
        let id = format!("meanwhile-{n_meanwhile}");
        let ids = [id.as_str()];
        tokio::select! {
            made = &mut backing => break made,
            answer = gateway.send("browser-key", &ids) => {
                assert_eq!(answer["accepted"], 1);
                n_meanwhile += 1;
            }
        }
    };
    assert_eq!(code, Some(0), "{errors}");
    assert_eq!(files_of(&file), ["backup.sqlite"]);
    assert_eq!(made["bytes"], std::fs::metadata(&file).unwrap().len());

    let (code, checked, _) = run(&["check", "--database", text(&file)]).await;
    assert_eq!((code, &checked["sound"]), (Some(0), &json!(true)));
    assert_eq!(checked["events"], made["events"]);
    let database = elsewhere.path().join("events.sqlite");
    let (code, restored, errors) =
        run(&["restore", text(&file), "--database", text(&database)]).await;
    assert_eq!(code, Some(0), "{errors}");
    assert_eq!(
        (&restored["before"], &restored["events"]),
        (&Value::Null, &made["events"])
    );

    let restored = Gateway::start_in(elsewhere, SHOP).await;
    let ids = restored.stored_ids().await;
    let all = gateway.stored_ids().await;
    assert!(ids.len() >= 500 && all.starts_with(&ids), "{ids:?}");
    let again: Vec<_> = ids.iter().map(String::as_str).collect();
    let answer = restored.send("browser-key", &again).await;
    assert_eq!(answer["duplicates"], ids.len());
}

#[tokio::test]
async fn a_backup_overwrites_nothing() {
    let (folder, database) = closed(&["a"]).await;
    let file = folder.path().join("backup");
    std::fs::write(&file, "precious").unwrap();
    let (code, _, errors) = run(&["backup", text(&file), "--database", text(&database)]).await;
    assert_eq!(code, Some(1));
    assert!(errors.contains("is there already"), "{errors}");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "precious");
    let missing = folder.path().join("missing.sqlite");
    let file = folder.path().join("other");
    let (code, _, _) = run(&["backup", text(&file), "--database", text(&missing)]).await;
    assert_eq!(code, Some(1));
    assert!(files_of(&file).is_empty() && files_of(&missing).is_empty());
}

/// A gateway with a thousand long events.
async fn filled() -> Gateway {
    let gateway = Gateway::start(SHOP).await;
    let long = "x".repeat(20_000);
    for start in (0..1_000).step_by(20) {
        let batch = (start..start + 20).map(|number| {
            let mut event = track(&number.to_string());
            event["properties"] = json!({ "long": long });
            event
        });
        let answer = gateway.batch(&batch.collect::<Vec<_>>()).await;
        assert_eq!(answer.json()["accepted"], 20);
    }
    gateway
}

/// Kills a command while it writes a file.
async fn kill_when_it_grows(args: &[&str], file: &Path) {
    let size = || std::fs::metadata(file).map_or(0, |found| found.len());
    let mut child = Command::new(program()).args(args).spawn().unwrap();
    // Something of the last one may be there until it begins.
    let before = size();
    while size() == before || size() == 0 {
        let ended = child.try_wait().unwrap();
        assert!(ended.is_none(), "it was too late to kill it");
        tokio::task::yield_now().await;
    }
    child.kill().await.unwrap();
    assert_eq!(child.wait().await.unwrap().signal(), Some(9));
}

#[tokio::test]
async fn a_backup_that_is_killed_leaves_no_file_that_looks_complete() {
    let gateway = filled().await;
    let (folder, database) = (gateway.folder(), gateway.database());
    let file = folder.path().join("backup");
    let partial = folder.path().join("backup.partial");
    let args = ["backup", text(&file), "--database", text(&database)];
    for _ in 0..3 {
        kill_when_it_grows(&args, &partial).await;
        assert_eq!(files_of(&file), ["backup.partial"]);
        let elsewhere = folder.path().join("elsewhere.sqlite");
        let (code, _, _) = run(&["restore", text(&partial), "--database", text(&elsewhere)]).await;
        assert_eq!(code, Some(1));
    }
    let (code, made, errors) = run(&args).await;
    assert_eq!(
        (code, &made["events"]),
        (Some(0), &json!(1_000)),
        "{errors}"
    );
    assert_eq!(files_of(&file), ["backup"]);
}

#[tokio::test]
async fn a_restore_that_is_killed_leaves_the_database_as_it_was() {
    let gateway = filled().await;
    let (folder, database) = (gateway.folder(), gateway.database());
    let file = folder.path().join("backup");
    let (code, _, errors) = run(&["backup", text(&file), "--database", text(&database)]).await;
    assert_eq!(code, Some(0), "{errors}");
    gateway.send("browser-key", &["late"]).await;
    gateway.ask_to_stop().await;
    assert!(gateway.ended_well().await);
    let fresh = folder.path().join("events.sqlite.restoring");
    let args = ["restore", text(&file), "--database", text(&database)];
    kill_when_it_grows(&args, &fresh).await;
    assert_eq!(exported_ids(&database).await.len(), 1_001);
    assert_eq!(
        run(&["check", "--database", text(&database)]).await.0,
        Some(0)
    );
    let (code, restored, errors) = run(&args).await;
    assert_eq!(
        (code, &restored["events"]),
        (Some(0), &json!(1_000)),
        "{errors}"
    );
    assert!(!fresh.exists());
}

#[tokio::test]
async fn the_database_before_is_kept_with_what_a_killed_gateway_left() {
    let mut gateway = Gateway::start(SHOP).await;
    gateway.batch(&events()).await;
    let (folder, database) = (gateway.folder(), gateway.database());
    let file = folder.path().join("backup");
    let (code, made, _) = run(&["backup", text(&file), "--database", text(&database)]).await;
    assert_eq!(code, Some(0));
    gateway.erase_user().await;
    gateway.send("browser-key", &["late"]).await;
    let in_use = run(&["restore", text(&file), "--database", text(&database)]).await;
    assert_eq!(in_use.0, Some(1));
    assert!(in_use.2.contains("another gateway is using"), "{in_use:?}");
    gateway.kill().await;

    let (code, restored, errors) =
        run(&["restore", text(&file), "--database", text(&database)]).await;
    assert_eq!(
        (code, &restored["events"]),
        (Some(0), &made["events"]),
        "{errors}"
    );
    let kept = PathBuf::from(restored["before"].as_str().unwrap());
    assert_eq!(exported_ids(&kept).await, ["shared", "other", "late"]);

    // Who was erased since is not back.
    assert_eq!(restored["erasedAgain"], 1);
    let names = files_of(&database);
    let of_restore = names.iter().filter(|name| name.contains(".restoring"));
    assert_eq!(of_restore.count(), 0, "{names:?}");
    let gateway = Gateway::start_in(folder, SHOP).await;
    let receipt = gateway
        .admin(Method::GET, "/erasures/1", &Value::Null)
        .await;
    let receipt = receipt.json();
    assert_eq!(
        (&receipt["state"], &receipt["events"]),
        (&json!("done"), &json!(4))
    );
    assert_eq!(gateway.stored_ids().await, ["shared", "other"]);
    assert!(gateway.found_in_files(&[USER]).is_empty());
    let refused = gateway.batch(&events()[1..2]).await;
    assert_eq!(refused.json()["rejected"][0]["code"], "erased_id");
}

#[tokio::test]
async fn a_file_that_is_no_sound_backup_changes_nothing() {
    let (folder, database) = closed(&["a"]).await;
    let (_other_folder, other) = closed(&["b"]).await;
    let sound = std::fs::read(&other).unwrap();
    let file = folder.path().join("file");
    let newer = |bytes: &[u8]| {
        std::fs::write(&file, bytes).unwrap();
        let connection = rusqlite::Connection::open(&file).unwrap();
        connection
            .execute_batch("PRAGMA user_version = 1000")
            .unwrap();
        drop(connection);
        std::fs::read(&file).unwrap()
    };
    let mut overwritten = sound.clone();
    // The second half of the pages, but for the file's head.
    let half = overwritten.len() / 2;
    overwritten[half..].fill(0xaa);
    let before = std::fs::read(&database).unwrap();
    for (bytes, reason) in [
        (newer(&sound), "too old for"),
        (overwritten, "damaged"),
        (sound[..half].to_vec(), "damaged"),
        (
            b"no database at all, but long enough to be looked at".repeat(20),
            "damaged",
        ),
        (Vec::new(), "no database of a gateway"),
    ] {
        std::fs::write(&file, &bytes).unwrap();
        let (code, _, errors) = run(&["restore", text(&file), "--database", text(&database)]).await;
        assert_eq!(code, Some(1), "{reason}");
        assert!(errors.contains(reason), "{errors} lacks {reason}");
        assert_eq!(std::fs::read(&database).unwrap(), before, "{reason}");
        assert_eq!(
            files_of(&database),
            ["events.sqlite", "events.sqlite.lock"],
            "{reason}"
        );
    }
    let itself = run(&["restore", text(&database), "--database", text(&database)]).await;
    assert_eq!(itself.0, Some(1));
    assert_eq!(exported_ids(&database).await, ["a"]);
}

#[tokio::test]
async fn a_check_tells_by_its_exit_code() {
    let (folder, database) = closed(&["a", "b"]).await;
    let check = ["check", "--database", text(&database)];
    let (code, said, _) = run(&check).await;
    let sound = json!({
        "sound": true, "events": 2, "newestEvent": 2, "damage": [], "contradictions": [],
    });
    assert_eq!((code, said), (Some(0), sound));

    let connection = rusqlite::Connection::open(&database).unwrap();
    for (wrong, right) in [
        (
            "UPDATE meta SET value = 1 WHERE name = 'last_seq'",
            "UPDATE meta SET value = 2 WHERE name = 'last_seq'",
        ),
        (
            "INSERT INTO forward_cursors VALUES (1, 'forward', 3)",
            "DELETE FROM forward_cursors",
        ),
        (
            "UPDATE events SET source_id = 7 WHERE seq = 1",
            "UPDATE events SET source_id = 1 WHERE seq = 1",
        ),
        (
            "INSERT INTO superseded VALUES (2, 1)",
            "DELETE FROM superseded",
        ),
        (
            "INSERT INTO erasing VALUES (1, 1, 0, 'someone')",
            "DELETE FROM erasing",
        ),
    ] {
        connection.execute_batch(wrong).unwrap();
        let (code, said, _) = run(&check).await;
        assert_eq!((code, &said["sound"]), (Some(3), &json!(false)), "{wrong}");
        assert_eq!(
            said["contradictions"].as_array().unwrap().len(),
            1,
            "{said}"
        );
        connection.execute_batch(right).unwrap();
        assert_eq!(run(&check).await.0, Some(0), "{right}");
    }
    drop(connection);

    let mut bytes = std::fs::read(&database).unwrap();
    let half = bytes.len() / 2;
    bytes[half..].fill(0xaa);
    std::fs::write(&database, bytes).unwrap();
    let (code, said, _) = run(&check).await;
    assert_eq!(code, Some(3));
    assert!(!said["damage"].as_array().unwrap().is_empty(), "{said}");
    let missing = folder.path().join("missing");
    let (code, _, errors) = run(&["check", "--database", text(&missing)]).await;
    assert_eq!(code, Some(1));
    assert!(errors.starts_with("waymark-gateway: "), "{errors}");
}

#[tokio::test]
async fn who_came_back_before_the_backup_stays_when_it_is_restored() {
    let toml = format!("{SHOP}[store]\nrefuse_erased_days = 0\n");
    let gateway = Gateway::start(&toml).await;
    gateway.batch(&events()).await;
    gateway.erase_user().await;
    let mut again = events()[1].clone();
    again["messageId"] = json!("again");
    assert_eq!(gateway.batch(&[again]).await.json()["accepted"], 1);
    let (folder, database) = (gateway.folder(), gateway.database());
    let file = folder.path().join("backup");
    let (code, _, errors) = run(&["backup", text(&file), "--database", text(&database)]).await;
    assert_eq!(code, Some(0), "{errors}");
    gateway.ask_to_stop().await;
    assert!(gateway.ended_well().await);
    let (code, restored, _) = run(&["restore", text(&file), "--database", text(&database)]).await;
    assert_eq!((code, &restored["erasedAgain"]), (Some(0), &json!(0)));
    let gateway = Gateway::start_in(folder, &toml).await;
    assert!(gateway.stored_ids().await.contains(&"again".to_owned()));
}
