//! Events of a file are stored as at ingest, once however often they are imported.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};

use crate::program::{Gateway, SHOP, track};

/// Runs `import` beside the gateway. Gives whether it succeeded, and its lines.
async fn import(gateway: &Gateway, lines: &[String], args: &[&str]) -> (bool, Vec<Value>) {
    let file = gateway.folder().path().join("lines.gz");
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(lines.join("\n").as_bytes()).unwrap();
    std::fs::write(&file, encoder.finish().unwrap()).unwrap();
    import_file(gateway, file.to_str().unwrap(), args).await
}

async fn import_file(gateway: &Gateway, file: &str, args: &[&str]) -> (bool, Vec<Value>) {
    let admin = gateway.admin_url.replace("http://", "");
    let mut all = vec!["import", file, "--admin-listen", &admin];
    all.extend(args);
    let (ok, said, errors) = gateway.command(&all).await;
    let lines = said.lines().map(serde_json::from_str);
    let lines = lines.collect::<Result<_, _>>();
    (
        ok,
        lines.unwrap_or_else(|error| panic!("{error}: {said}{errors}")),
    )
}

fn result(accepted: usize, duplicates: usize, refused: usize) -> Value {
    json!({
        "lines": accepted + duplicates + refused,
        "accepted": accepted,
        "duplicates": duplicates,
        "refused": refused,
    })
}

/// An event as Segment archives it.
fn archived(message_id: &str) -> String {
    let mut event = track(message_id);
    event["writeKey"] = json!("a-key-at-segment");
    event["receivedAt"] = json!("2026-01-01T08:00:02.000Z");
    event["originalTimestamp"] = json!("2026-01-01T10:00:00.000Z");
    event["sentAt"] = json!("2026-01-01T10:00:01.000Z");
    event["timestamp"] = json!("2026-01-01T08:00:01.000Z");
    event.to_string()
}

#[tokio::test]
async fn an_export_is_stored_once_by_another_gateway() {
    let from = Gateway::start(SHOP).await;
    let ids: Vec<_> = (0..1_200).map(|number| number.to_string()).collect();
    let ids: Vec<_> = ids.iter().map(String::as_str).collect();
    from.send("browser-key", &ids).await;
    from.send("server-key", &["server", "7"]).await;
    let (_, exported, _) = from.command(&["export"]).await;
    let lines: Vec<_> = exported.lines().map(str::to_owned).collect();
    assert_eq!(lines.len(), 1_201);

    let to = Gateway::start(SHOP).await;
    to.send("browser-key", &["9"]).await;
    let (ok, said) = import(&to, &lines, &[]).await;
    assert_eq!((ok, said), (true, vec![result(1_200, 1, 0)]));
    let (ok, said) = import(&to, &lines, &[]).await;
    assert_eq!((ok, said), (true, vec![result(0, 1_201, 0)]));
    assert_eq!(to.metric("waymark_events_stored_total").await, 1_201.0);
    // All but the times of receipt is the same.
    let without = |event: &Value| {
        let mut event = event.clone();
        event["receivedAt"] = Value::Null;
        (event["messageId"].to_string(), event)
    };
    let mut before: Vec<_> = from.export().await.iter().map(without).collect();
    let mut after: Vec<_> = to.export().await.iter().map(without).collect();
    before.sort_by(|one, other| one.0.cmp(&other.0));
    after.sort_by(|one, other| one.0.cmp(&other.0));
    let other = |all: &mut Vec<(String, Value)>| all.retain(|one| one.0 != "\"9\"");
    other(&mut before);
    other(&mut after);
    assert_eq!(before, after);
    let answer = to.send("browser-key", &ids[..100]).await;
    assert_eq!(answer["duplicates"], 100);
}

#[tokio::test]
async fn an_archive_of_segment_takes_no_event_s_place() {
    let gateway = Gateway::start(SHOP).await;
    gateway.send("browser-key", &["kept"]).await;
    let lines = [archived("kept"), archived("new")];
    let (ok, said) = import(&gateway, &lines, &["--source", "shop"]).await;
    assert_eq!((ok, said), (true, vec![result(1, 1, 0)]));
    let stored = gateway.export().await;
    assert_eq!(stored.len(), 2);
    assert_eq!(stored[1]["timestamp"], "2026-01-01T08:00:01.000Z");
    assert!(!stored[1].to_string().contains("a-key-at-segment"));
    // A repeat of it by a browser is one; a server's own event takes its place, as at ingest.
    let answer = gateway.send("browser-key", &["new"]).await;
    assert_eq!(answer["duplicates"], 1);
}

#[tokio::test]
async fn lines_that_are_refused_are_listed_and_all_others_stored() {
    let gateway = Gateway::start(SHOP).await;
    gateway.batch(&crate::erasing::events()).await;
    gateway.erase_user().await;
    let mut lines: Vec<_> = (0..600)
        .map(|number| archived(&number.to_string()))
        .collect();
    lines[2] = "{".to_owned();
    lines[3] = "x".repeat(100_000);
    lines[550] = json!({ "type": "track", "userId": "u", "messageId": "m" }).to_string();
    lines[551] =
        json!({ "type": "identify", "userId": crate::erasing::USER, "messageId": "e" }).to_string();
    let (ok, said) = import(&gateway, &lines, &["--source", "shop"]).await;
    assert!(!ok);
    let refused: Vec<_> = said[..4]
        .iter()
        .map(|line| {
            (
                line["line"].as_i64().unwrap(),
                line["code"].as_str().unwrap(),
            )
        })
        .collect();
    let expected = [
        (3, "invalid_line"),
        (4, "line_too_long"),
        (551, "missing_event"),
        (552, "erased_id"),
    ];
    assert_eq!(refused, expected);
    assert_eq!(said[2]["messageId"], "m");
    assert_eq!(said[4..], [result(596, 0, 4)]);
    for (source, code) in [(None, "missing_source"), (Some("other"), "unknown_source")] {
        let args: Vec<_> = source.iter().flat_map(|name| ["--source", name]).collect();
        let (ok, said) = import(&gateway, &lines[..1], &args).await;
        assert_eq!((ok, said[0]["code"].as_str()), (false, Some(code)));
    }
}

#[tokio::test]
async fn where_no_gateway_runs_the_command_stores_them() {
    let gateway = Gateway::start(SHOP).await;
    let folder = gateway.folder();
    gateway.ask_to_stop().await;
    assert!(gateway.ended_well().await);
    let database = folder.path().join("events.sqlite");
    let file = folder.path().join("lines");
    std::fs::write(&file, archived("a") + "\n" + &archived("b") + "\n").unwrap();
    let output = tokio::process::Command::new(crate::program::program())
        .arg("import")
        .arg(&file)
        .args(["--source", "shop", "--database"])
        .arg(&database)
        .output()
        .await
        .unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(said, format!("{}\n", result(2, 0, 0)));
    let gateway = Gateway::start_in(folder, SHOP).await;
    let (ok, said) = import_file(&gateway, file.to_str().unwrap(), &["--source", "shop"]).await;
    assert_eq!((ok, said), (true, vec![result(0, 2, 0)]));
}

#[tokio::test]
async fn a_killed_gateway_stops_the_import_and_the_next_one_completes_it() {
    let mut gateway = Gateway::start(SHOP).await;
    let lines: Vec<_> = (0..20_000)
        .map(|number| archived(&number.to_string()))
        .collect();
    let file = gateway.folder().path().join("lines");
    std::fs::write(&file, lines.join("\n")).unwrap();
    let admin = gateway.admin_url.replace("http://", "");
    let importing = tokio::process::Command::new(crate::program::program())
        .arg("import")
        .arg(&file)
        .args(["--source", "shop", "--admin-listen", &admin, "--database"])
        .arg(gateway.database())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    while gateway.metric("waymark_events_stored_total").await == 0.0 {
        tokio::task::yield_now().await;
    }
    gateway.kill().await;
    let output = importing.wait_with_output().await.unwrap();
    assert!(!output.status.success());
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(errors.contains("import the file again"), "{errors}");
    let said: Value = serde_json::from_slice(&output.stdout).unwrap();
    let n_accepted = said["accepted"].as_u64().unwrap();
    assert!(
        (0..20_000).contains(&n_accepted),
        "it was too late to kill it"
    );

    let gateway = Gateway::start_in(gateway.folder(), SHOP).await;
    let (ok, said) = import_file(&gateway, file.to_str().unwrap(), &["--source", "shop"]).await;
    assert!(ok, "{said:?}");
    assert!(
        said[0]["duplicates"].as_u64().unwrap() >= n_accepted,
        "{said:?}"
    );
    assert_eq!(gateway.stored_ids().await.len(), 20_000);
}

#[tokio::test]
async fn an_import_is_bounded_and_for_the_operator_alone() {
    let gateway = Gateway::start(SHOP).await;
    // The path of that name on the public listener is Segment's, and asks for a key.
    let public = gateway.post("/import?source=shop", &[], "{}").await;
    assert_eq!(public.refusal(), (401, "missing_write_key".to_owned()));
    let url = format!("{}/import?source=shop", gateway.admin_url);
    let post = async |url: &str, body: String| {
        let answer = gateway.request(http::Method::POST, url, &[], body).await;
        answer.refusal()
    };
    let (status, code) = post(&url, "{}\n".repeat(501)).await;
    assert_eq!((status, code.as_str()), (400, "too_many_events"));
    let (status, code) = post(&url, " ".repeat(3 * 1024 * 1024)).await;
    assert_eq!((status, code.as_str()), (413, "body_too_large"));
    let (status, code) = post(&format!("{url}&other=1"), String::new()).await;
    assert_eq!((status, code.as_str()), (400, "invalid_query"));
}
