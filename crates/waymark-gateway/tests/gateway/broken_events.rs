//! An invalid event never fails its batch.

use serde_json::json;

use crate::program::{Gateway, SHOP};

#[tokio::test]
async fn unpaired_surrogates_are_mended_in_their_own_event() {
    let gateway = Gateway::start(SHOP).await;
    let body = r#"{"writeKey":"browser-key","batch":[
        {"type":"track","event":"cut \ud83d","messageId":"1","userId":"u","properties":{"\udc00":"\ud800x","whole":"\ud83d\ude00 \u00e9"}},
        {"type":"track","event":"fine","messageId":"2","userId":"u"}]}"#;
    assert_eq!(gateway.post("/v1/b", &[], body).await.json()["accepted"], 2);
    let stored = gateway.export().await;
    assert_eq!(stored[0]["event"]["event"], "cut \u{fffd}");
    assert_eq!(
        stored[0]["event"]["properties"],
        json!({ "\u{fffd}": "\u{fffd}x", "whole": "😀 é" })
    );
    let alone = r#"{"event":"\ud83d","userId":"u","writeKey":"browser-key"}"#;
    assert_eq!(gateway.post("/v1/t", &[], alone).await.status, 200);
}

#[tokio::test]
async fn bytes_that_are_not_utf_8_invalidate_only_their_own_event() {
    let gateway = Gateway::start(SHOP).await;
    let mut body = br#"{"writeKey":"browser-key","batch":[{"type":"track","event":"a"#.to_vec();
    body.extend([0xff, 0xfe]);
    body.extend(br#"","userId":"u"},{"type":"track","event":"b","userId":"u"}]}"#);
    assert_eq!(gateway.post("/v1/b", &[], body).await.json()["accepted"], 2);
}

#[tokio::test]
async fn each_invalid_event_is_reported_with_its_reason_and_kept() {
    let gateway = Gateway::start(SHOP).await;
    let deep = format!("{}1{}", "[".repeat(200), "]".repeat(200));
    let broken = [
        ("7".to_owned(), "invalid_event"),
        (r#"{"userId":"u"}"#.to_owned(), "missing_type"),
        (
            r#"{"type":"delete","userId":"u"}"#.to_owned(),
            "invalid_type",
        ),
        (
            r#"{"type":"track","userId":"u"}"#.to_owned(),
            "missing_event",
        ),
        (
            r#"{"type":"track","event":"","userId":"u"}"#.to_owned(),
            "missing_event",
        ),
        (r#"{"type":"track","event":"A"}"#.to_owned(), "missing_user"),
        (
            r#"{"type":"track","event":"A","userId":""}"#.to_owned(),
            "missing_user",
        ),
        (
            r#"{"type":"track","event":"A","userId":{}}"#.to_owned(),
            "invalid_field",
        ),
        (
            r#"{"type":"group","userId":"u"}"#.to_owned(),
            "missing_group",
        ),
        (
            r#"{"type":"alias","userId":"u"}"#.to_owned(),
            "missing_alias",
        ),
        (
            format!(
                r#"{{"type":"track","event":"A","userId":"u","messageId":"{}"}}"#,
                "m".repeat(101)
            ),
            "field_too_long",
        ),
        (
            format!(r#"{{"type":"track","event":"A","userId":"u","properties":{deep}}}"#),
            "event_too_deep",
        ),
    ];
    let good = r#"{"type":"track","event":"A","userId":"u"}"#;
    let texts: Vec<_> = broken.iter().map(|(text, _)| text.as_str()).collect();
    let body = format!(
        r#"{{"writeKey":"browser-key","batch":[{good},{},{good}]}}"#,
        texts.join(",")
    );
    let answer = gateway.post("/v1/b", &[], body).await.json();
    assert_eq!(answer["accepted"], 2, "{answer}");
    let rejected = answer["rejected"].as_array().unwrap();
    assert_eq!(rejected.len(), broken.len());
    for (number, (rejected, (_, code))) in rejected.iter().zip(&broken).enumerate() {
        assert_eq!(rejected["index"], number + 1);
        assert_eq!(rejected["code"], *code);
        assert!(!rejected["message"].as_str().unwrap().is_empty());
    }
    let database = rusqlite::Connection::open(gateway.database()).unwrap();
    let mut statement = database.prepare("SELECT code, raw FROM rejected").unwrap();
    let kept: Vec<(String, String)> = statement
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    let kept: Vec<_> = kept
        .iter()
        .map(|(code, raw)| (raw.as_str(), code.as_str()))
        .collect();
    let expected: Vec<_> = broken
        .iter()
        .map(|(raw, code)| (raw.as_str(), *code))
        .collect();
    assert_eq!(kept, expected);
}

#[tokio::test]
async fn of_members_with_the_same_name_the_last_counts() {
    let gateway = Gateway::start(SHOP).await;
    let body = r#"{"event":"A","event":"B","userId":"u","messageId":"m","writeKey":"browser-key"}"#;
    assert_eq!(gateway.post("/v1/t", &[], body).await.status, 200);
    assert_eq!(gateway.export().await[0]["event"]["event"], "B");
}
