//! An operator erases and exports people: by commands, by the admin listener, and what is refused.

use http::Method;
use serde_json::{Value, json};
use tokio::process::Command;

use crate::erasing::{USER, events};
use crate::program::{BACK_TO_VERSION_3, Gateway, SHOP, program};

#[tokio::test]
async fn the_commands_work_while_a_gateway_runs_and_while_none_does() {
    let gateway = Gateway::start(SHOP).await;
    gateway.batch(&events()).await;
    let admin = gateway.admin_url.replace("http://", "");
    let (ok, lines, _) = gateway.command(&["export", "--user", USER]).await;
    assert!(ok);
    let asked = json!({ "userId": USER });
    let answer = gateway.admin(Method::POST, "/export", &asked).await;
    assert_eq!(answer.text, lines);
    let lines: Vec<Value> = lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let kinds: Vec<_> = lines
        .iter()
        .map(|line| (line["kind"].as_str().unwrap(), line["messageId"].as_str()))
        .collect();
    assert_eq!(
        kinds,
        [
            ("event", Some("before")),
            ("event", Some("login")),
            ("event", Some("server")),
            ("event", Some("alias")),
            ("rejected", None),
        ]
    );
    assert_eq!(lines[0]["ip"], "127.0.0.1");

    let erase = ["erase", "--user", USER, "--admin-listen", &admin];
    let (ok, receipt, errors) = gateway.command(&erase).await;
    assert!(ok, "{errors}");
    let receipt: Value = serde_json::from_str(&receipt).unwrap();
    assert_eq!(
        (&receipt["state"], &receipt["events"]),
        (&json!("done"), &json!(4))
    );
    let (ok, lines, _) = gateway.command(&["export", "--user", USER]).await;
    assert_eq!((ok, lines.as_str()), (true, ""));

    let wrong = ["erase", "--user", USER, "--admin-listen", "127.0.0.1:1"];
    let (ok, _, errors) = gateway.command(&wrong).await;
    assert!(!ok);
    let expected = "waymark-gateway: no gateway answers at http://127.0.0.1:1: name its admin \
                    listener by --admin-listen or --config\n";
    assert_eq!(errors, expected);

    let database = gateway.database();
    let folder = gateway.folder();
    gateway.ask_to_stop().await;
    assert!(gateway.ended_well().await);
    let output = Command::new(program())
        .args(["erase", "--anonymous", "another-visitor", "--database"])
        .arg(&database)
        .output()
        .await
        .unwrap();
    let receipt: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        (&receipt["state"], &receipt["events"]),
        (&json!("done"), &json!(1))
    );
    let gateway = Gateway::start_in(folder, SHOP).await;
    assert!(gateway.found_in_files(&["another-visitor"]).is_empty());
    assert_eq!(gateway.stored_ids().await, ["shared"]);
}

#[tokio::test]
async fn a_request_that_names_nobody_is_refused() {
    let gateway = Gateway::start(SHOP).await;
    for path in ["/erase", "/export"] {
        for body in [
            json!({}),
            json!({ "userId": "" }),
            json!({ "userId": "a", "anonymousId": "b" }),
            json!({ "user": "a" }),
            json!({ "userId": "x".repeat(1_025) }),
            json!("a"),
        ] {
            let answer = gateway.admin(Method::POST, path, &body).await;
            assert_eq!(answer.refusal(), (400, "invalid_body".to_owned()), "{body}");
        }
    }
    for path in ["/erasures/1", "/erasures/x"] {
        let answer = gateway.admin(Method::GET, path, &json!("")).await;
        assert_eq!(answer.refusal(), (404, "not_found".to_owned()), "{path}");
    }
    for args in [
        &["erase"][..],
        &["erase", "--user", ""],
        &["erase", "--user", "a", "--anonymous", "b"],
    ] {
        let (ok, said, errors) = gateway.command(args).await;
        assert!(!ok && said.is_empty() && !errors.is_empty(), "{args:?}");
    }
}

#[tokio::test]
async fn a_file_of_the_version_before_is_upgraded() {
    let gateway = Gateway::start(SHOP).await;
    gateway.batch(&events()).await;
    let (folder, database) = (gateway.folder(), gateway.database());
    gateway.ask_to_stop().await;
    assert!(gateway.ended_well().await);
    let database = rusqlite::Connection::open(database).unwrap();
    database.execute_batch(BACK_TO_VERSION_3).unwrap();
    drop(database);
    let gateway = Gateway::start_in(folder, SHOP).await;
    assert_eq!(gateway.erase_user().await["events"], 4);
    assert!(gateway.found_in_files(&[USER]).is_empty());
}
