//! The express lane: events made of a page's held calls.

use serde_json::{Value, json};

use crate::program::{Gateway, SHOP};

const ANONYMOUS: &str = r#"{"ajs_anonymous_id":"\"a-1\""}"#;
const UUID: &str = "0b7b7a4e-5c0a-4f0e-9c57-2f0f6f0a";

/// The text of a call with the number of its id.
fn call(method: &str, number: usize, arguments: &str) -> String {
    format!("{method} {UUID}{number:04}\n{arguments}")
}

fn request(calls: &[String]) -> Value {
    let calls: Vec<_> = calls
        .iter()
        .map(|text| {
            json!([
                1_700_000_000_000_i64,
                text,
                ["https://shop.example/a", "/a"]
            ])
        })
        .collect();
    json!({
        "writeKey": "browser-key",
        "sentAtMs": 1_700_000_000_500_i64,
        "settings": { "locale": "de", "library": { "name": "waymark", "version": "1" } },
        "cookies": "ajs_user_id=u-1; other=x",
        "local": serde_json::from_str::<Value>(ANONYMOUS).unwrap(),
        "calls": calls,
    })
}

async fn post(gateway: &Gateway, body: &Value) -> Value {
    let answer = gateway.post("/v1/calls", &[], body.to_string()).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()
}

#[tokio::test]
async fn events_are_made_of_calls_and_the_stored_identity() {
    let gateway = Gateway::start(SHOP).await;
    let calls = [
        call("page", 1, ""),
        call("track", 2, "\"Seen\"\n{\"price\":9.50}"),
    ];
    let answer = post(&gateway, &request(&calls)).await;
    assert_eq!(answer, json!({ "success": true, "stored": [0, 1] }));
    let stored = gateway.export().await;
    for (event, kind) in stored.iter().zip(["page", "track"]) {
        let event = &event["event"];
        assert_eq!(event["type"], kind);
        assert_eq!(event["userId"], "u-1");
        assert_eq!(event["anonymousId"], "a-1");
        assert_eq!(event["context"]["locale"], "de");
        assert_eq!(event["context"]["page"]["path"], "/a");
    }
    assert_eq!(stored[1]["event"]["properties"], json!({ "price": 9.5 }));
    assert_eq!(
        stored[1]["messageId"],
        format!("ajs-next-1700000000000-{UUID}0002")
    );
}

#[tokio::test]
async fn what_comes_again_on_either_way_is_stored_once() {
    let gateway = Gateway::start(SHOP).await;
    let body = request(&[call("track", 1, "\"Seen\"")]);
    post(&gateway, &body).await;
    assert_eq!(post(&gateway, &body).await["stored"], json!([0]));
    let event = gateway.export().await[0]["event"].clone();
    let batch = json!({ "writeKey": "browser-key", "batch": [event] });
    let answer = gateway.post("/v1/b", &[], batch.to_string()).await.json();
    assert_eq!(answer["duplicates"], 1);
    assert_eq!(gateway.export().await.len(), 1);
}

#[tokio::test]
async fn what_only_the_page_can_make_is_left_to_it_and_so_is_all_after_it() {
    let seen = |number| call("track", number, "\"Seen\"");
    let cases = [
        // Another user gets a new anonymous id, which only the page can store.
        call("identify", 1, "\"u-2\""),
        format!("reset {UUID}0001"),
        "reset".to_owned(),
        // Without an id, the page would make another event.
        "track\n\"Seen\"".to_owned(),
        // The page tells that such a call is refused.
        call("track", 1, "7"),
        String::new(),
    ];
    for between in cases {
        let gateway = Gateway::start(SHOP).await;
        let calls = [seen(7), between.clone(), seen(8)];
        let answer = post(&gateway, &request(&calls)).await;
        assert_eq!(answer["stored"], json!([0]), "{between}");
        assert_eq!(gateway.export().await.len(), 1, "{between}");
    }
}

#[tokio::test]
async fn an_event_that_is_no_json_or_too_large_is_left_to_the_page_alone() {
    let gateway = Gateway::start(SHOP).await;
    let large = format!("\"Large\"\n{{\"text\":\"{}\"}}", "x".repeat(40_000));
    let calls = [
        call("track", 1, "\"Broken\"\n{\"a\":}"),
        call("track", 2, "\"Seen\""),
        call("track", 3, &large),
    ];
    let answer = post(&gateway, &request(&calls)).await;
    assert_eq!(answer["stored"], json!([1]));
    assert_eq!(gateway.export().await.len(), 1);
    // The page sends them, too, and is told then: they are noted once.
    let database = rusqlite::Connection::open(gateway.database()).unwrap();
    let count = "SELECT count(*) FROM rejected";
    let n_rejected: i64 = database.query_row(count, [], |row| row.get(0)).unwrap();
    assert_eq!(n_rejected, 0);
}

#[tokio::test]
async fn a_visitor_without_an_anonymous_id_is_left_to_the_page() {
    let gateway = Gateway::start(SHOP).await;
    let mut body = request(&[call("track", 1, "\"Seen\"")]);
    for local in [
        json!({}),
        json!(null),
        json!({ "ajs_anonymous_id": "null" }),
    ] {
        body["local"] = local;
        assert_eq!(post(&gateway, &body).await["stored"], json!([]));
    }
    assert_eq!(gateway.export().await.len(), 0);
}

#[tokio::test]
async fn a_request_is_refused_as_any_other() {
    let gateway = Gateway::start(SHOP).await;
    let body = request(&[call("track", 1, "\"Seen\"")]);
    let with = |name: &str, value: Value| {
        let mut changed = body.clone();
        changed[name] = value;
        changed.to_string()
    };
    let origin: &[(&str, &str)] = &[("origin", "https://other.example")];
    let cases = [
        (with("writeKey", json!("unknown")), &[][..], 401),
        (with("writeKey", json!(null)), &[][..], 401),
        (body.to_string(), origin, 403),
        (with("calls", json!(null)), &[][..], 400),
        (with("calls", json!({})), &[][..], 400),
        (with("calls", json!([1])), &[][..], 400),
        (with("calls", json!([[1, 2, []]])), &[][..], 400),
        (with("calls", json!([[1, "track", [1]]])), &[][..], 400),
        (with("calls", json!([[1, "track", [], 4]])), &[][..], 400),
        (with("local", json!([1])), &[][..], 400),
        (with("local", json!({ "ajs_user_id": 7 })), &[][..], 400),
        ("[]".to_owned(), &[][..], 400),
        ("x".to_owned(), &[][..], 400),
    ];
    for (body, headers, status) in cases {
        let answer = gateway.post("/v1/calls", headers, body.clone()).await;
        assert_eq!(answer.status, status, "{body}");
        assert!(answer.json()["code"].is_string());
    }
    assert_eq!(gateway.export().await.len(), 0);
}

#[tokio::test]
async fn a_request_is_stored_in_proportion_to_the_bytes_sent() {
    for context_bytes in [100, 3_000, 30_000] {
        let gateway = Gateway::start(SHOP).await;
        let calls: Vec<_> = (0..100).map(|n| call("track", n, "\"A\"")).collect();
        let mut body = request(&calls);
        body["settings"]["library"]["more"] = json!("x".repeat(context_bytes));
        let sent_bytes = body.to_string().len();
        post(&gateway, &body).await;
        let stored_bytes: usize = gateway
            .export()
            .await
            .iter()
            .map(|line| line["event"].to_string().len())
            .sum();
        assert!(stored_bytes > 0);
        assert!(
            stored_bytes <= 11 * sent_bytes,
            "{stored_bytes} stored of {sent_bytes} sent"
        );
    }
}

#[tokio::test]
async fn what_costs_more_than_its_bytes_is_bounded_before_it_is_paid() {
    let gateway = Gateway::start(SHOP).await;
    let dotted = vec!["a"; 15_000].join(".");
    let deep = call("track", 1, &format!("\"Deep\"\n{{}}\n{{\"{dotted}\":1}}"));
    assert_eq!(
        post(&gateway, &request(&[deep])).await["stored"],
        json!([0])
    );
    assert_eq!(gateway.export().await.len(), 1);

    let many: Vec<_> = (0..250).map(|n| call("track", 1000 + n, "\"A\"")).collect();
    let stored = post(&gateway, &request(&many)).await["stored"].clone();
    assert_eq!(stored.as_array().unwrap().len(), 200);

    let mut large = request(&[call("track", 3, "\"A\"")]);
    large["settings"]["more"] = json!("x".repeat(64 * 1024));
    let answer = gateway.post("/v1/calls", &[], large.to_string()).await;
    assert_eq!(answer.refusal(), (413, "body_too_large".to_owned()));
}

#[tokio::test]
async fn a_text_that_is_cut_or_has_nul_is_mended_as_in_the_page() {
    let gateway = Gateway::start(SHOP).await;
    let body = request(&[call("page", 1, "")]).to_string();
    let body = body.replace(
        r#"["https://shop.example/a","/a"]"#,
        r#"["https://shop.example/a","/a","","cut \ud83d and \u0000"]"#,
    );
    let answer = gateway.post("/v1/calls", &[], body).await;
    assert_eq!(answer.json()["stored"], json!([0]));
    let event = gateway.export().await[0]["event"].clone();
    assert_eq!(
        event["context"]["page"]["title"],
        "cut \u{fffd} and \u{fffd}"
    );
}
