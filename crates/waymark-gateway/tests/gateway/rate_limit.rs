//! Requests over the limit are answered 429 with Retry-After, and their events are not stored.

use crate::program::{Gateway, SHOP, track};

async fn assert_limits(setting: &str) {
    let gateway = Gateway::start(&format!("{SHOP}[limits]\n{setting} = 3\n")).await;
    let mut n_taken = 0;
    let limited = loop {
        let answer = gateway.batch(&[track(&n_taken.to_string())]).await;
        if answer.status != 200 {
            break answer;
        }
        n_taken += 1;
        assert!(n_taken < 1_000, "there is no limit");
    };
    assert_eq!(limited.refusal(), (429, "rate_limited".to_owned()));
    let seconds: u64 = limited.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=2).contains(&seconds));
    assert!(n_taken >= 3);
    assert_eq!(gateway.export().await.len(), n_taken);
}

#[tokio::test]
async fn requests_with_one_key_are_limited() {
    assert_limits("requests_per_second_per_key").await;
}

#[tokio::test]
async fn requests_from_one_address_are_limited() {
    assert_limits("requests_per_second_per_address").await;
}

#[tokio::test]
async fn behind_a_trusted_proxy_each_client_has_its_own_limit() {
    let toml = format!(
        "trusted_proxies = [\"127.0.0.1\"]\n{SHOP}[limits]\nrequests_per_second_per_address = 1\n"
    );
    let gateway = Gateway::start(&toml).await;
    for client in ["192.0.2.1", "192.0.2.2", "192.0.2.3"] {
        let headers = [("x-forwarded-for", client)];
        let body = r#"{"event":"A","userId":"u","context":{"ip":"spoofed"}}"#;
        let answer = gateway
            .post("/v1/t?writeKey=browser-key", &headers, body)
            .await;
        assert_eq!(answer.status, 200, "{client}");
    }
    assert!(!gateway.log().contains("192.0.2."));
}
