//! Segment's limits, and bodies that are small only in compressed form.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};

use crate::program::{Gateway, SHOP, track};

fn gzip(data: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(data).unwrap();
    encoder.finish().unwrap()
}

const GZIP: (&str, &str) = ("content-encoding", "gzip");

#[tokio::test]
async fn a_compressed_batch_is_read() {
    let gateway = Gateway::start(SHOP).await;
    let body = json!({ "writeKey": "browser-key", "batch": [track("m")] }).to_string();
    let answer = gateway
        .post("/v1/batch", &[GZIP], gzip(body.as_bytes()))
        .await;
    assert_eq!(answer.json()["accepted"], 1);
}

#[tokio::test]
async fn a_decompression_bomb_is_refused_early() {
    let gateway = Gateway::start(SHOP).await;
    // A gzip stream may have several members.
    let bomb = gzip(&vec![b' '; 1024 * 1024]).repeat(200);
    assert!(bomb.len() < 512 * 1024);
    let answer = gateway.post("/v1/batch", &[GZIP], bomb).await;
    assert_eq!(answer.refusal(), (413, "body_too_large".to_owned()));
    let status = std::fs::read_to_string(format!("/proc/{}/status", gateway.pid())).unwrap();
    let peak = status
        .lines()
        .find(|line| line.starts_with("VmHWM"))
        .unwrap();
    let peak_kib: u64 = peak.split_whitespace().nth(1).unwrap().parse().unwrap();
    assert!(peak_kib < 150 * 1024, "{peak}");
}

#[tokio::test]
async fn an_unknown_or_broken_encoding_is_refused() {
    let gateway = Gateway::start(SHOP).await;
    for (encoding, body) in [("gzip", "no gzip"), ("br", "x")] {
        let headers = [("content-encoding", encoding)];
        let answer = gateway.post("/v1/batch", &headers, body).await;
        assert_eq!(answer.refusal(), (415, "invalid_encoding".to_owned()));
    }
}

#[tokio::test]
async fn a_body_of_many_megabytes_gets_an_answer() {
    let gateway = Gateway::start(SHOP).await;
    let answer = gateway
        .post("/v1/batch", &[], vec![b'x'; 4 * 1024 * 1024])
        .await;
    assert_eq!(answer.refusal(), (413, "body_too_large".to_owned()));
}

#[tokio::test]
async fn of_a_batch_the_first_2500_events_are_taken() {
    let gateway = Gateway::start(SHOP).await;
    let events = |n: usize| -> Vec<Value> {
        (0..n)
            .map(|number| {
                let id = number.to_string();
                json!({ "type": "identify", "userId": number, "messageId": id })
            })
            .collect()
    };
    assert_eq!(
        gateway.batch(&events(2_500)).await.json()["accepted"],
        2_500
    );
    let gateway = Gateway::start(SHOP).await;
    let answer = gateway.batch(&events(2_502)).await.json();
    assert_eq!(answer["accepted"], 2_500);
    let rejected = answer["rejected"].as_array().unwrap();
    assert_eq!(rejected.len(), 2);
    for (one, index) in rejected.iter().zip(2_500..) {
        assert_eq!(one["index"], index);
        assert_eq!(one["messageId"], index.to_string());
        assert_eq!(one["code"], "too_many_events");
    }
    assert_eq!(gateway.export().await.len(), 2_500);
    let body = format!(
        r#"{{"writeKey":"browser-key","batch":[{}1]}}"#,
        "1,".repeat(200_000)
    );
    let answer = gateway.post("/v1/b", &[], body).await;
    assert_eq!(answer.refusal(), (400, "too_many_events".to_owned()));
}

#[tokio::test]
async fn an_event_has_at_most_32_kilobytes() {
    let gateway = Gateway::start(SHOP).await;
    let mut big = track("big");
    big["properties"] = json!({ "text": "x".repeat(32 * 1024) });
    let answer = gateway
        .batch(&[track("a"), big.clone(), track("b")])
        .await
        .json();
    assert_eq!(answer["accepted"], 2);
    assert_eq!(answer["rejected"][0]["index"], 1);
    assert_eq!(answer["rejected"][0]["messageId"], "big");
    assert_eq!(answer["rejected"][0]["code"], "event_too_large");
    let alone = gateway
        .post("/v1/t?writeKey=browser-key", &[], big.to_string())
        .await;
    assert_eq!(alone.refusal(), (400, "event_too_large".to_owned()));
    assert_eq!(gateway.stored_ids().await, ["a", "b"]);
}
