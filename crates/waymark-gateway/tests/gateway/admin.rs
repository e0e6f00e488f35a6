//! The admin listener: who may use it, and what it serves.

use http::Method;

use crate::program::{Gateway, SHOP, track};

#[tokio::test]
async fn with_a_token_only_its_holder_sees_events_and_metrics() {
    let gateway = Gateway::start(&format!("admin_token = \"secret-token\"\n{SHOP}")).await;
    let bearer = ("authorization", "Bearer secret-token");
    for (method, path) in [(Method::GET, "/metrics"), (Method::POST, "/flush")] {
        let url = format!("{}{path}", gateway.admin_url);
        for wrong in [&[][..], &[("authorization", "Bearer wrong")]] {
            let answer = gateway.request(method.clone(), &url, wrong, "").await;
            assert_eq!(answer.refusal(), (401, "admin_token_required".to_owned()));
        }
        let answer = gateway.request(method.clone(), &url, &[bearer], "").await;
        assert_eq!(answer.status, 200);
        let url = format!("{url}?token=secret-token");
        assert_eq!(gateway.request(method, &url, &[], "").await.status, 200);
    }
    let url = format!("{}/live/events", gateway.admin_url);
    assert_eq!(
        gateway.request(Method::GET, &url, &[], "").await.status,
        401
    );
    assert!(!gateway.log().contains("secret-token"));
}

#[tokio::test]
async fn the_public_listener_serves_no_admin_route() {
    let gateway = Gateway::start(SHOP).await;
    for path in ["/live/events", "/metrics", "/", "/live.js"] {
        assert_eq!(gateway.get(path).await.status, 404, "{path}");
    }
    assert_eq!(gateway.post("/flush", &[], "").await.status, 404);
}

#[tokio::test]
async fn a_foreign_name_that_resolves_to_this_machine_is_refused() {
    let gateway = Gateway::start(SHOP).await;
    let url = format!("{}/metrics", gateway.admin_url);
    for (host, status) in [
        ("evil.example:8081", 403),
        ("localhost", 200),
        ("[::1]:1", 200),
    ] {
        let answer = gateway
            .request(Method::GET, &url, &[("host", host)], "")
            .await;
        assert_eq!(answer.status, status, "{host}");
    }
}

#[tokio::test]
async fn the_page_has_a_strict_content_security_policy() {
    let gateway = Gateway::start(SHOP).await;
    for (path, kind) in [
        ("/", "text/html"),
        ("/live.js", "text/javascript"),
        ("/live.css", "text/css"),
    ] {
        let url = format!("{}{path}", gateway.admin_url);
        let answer = gateway.request(Method::GET, &url, &[], "").await;
        assert_eq!(answer.status, 200);
        assert!(answer.header("content-type").unwrap().starts_with(kind));
        assert_eq!(
            answer.header("content-security-policy"),
            Some(
                "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
                 img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
            )
        );
    }
}

#[tokio::test]
async fn the_metrics_count_events_and_requests() {
    let gateway = Gateway::start(SHOP).await;
    gateway
        .batch(&[track("a"), track("a"), serde_json::json!({})])
        .await;
    let retried = ("x-retry-count", "2");
    gateway.post("/v1/t", &[retried], "{}").await;
    assert_eq!(gateway.metric("waymark_events_stored_total").await, 1.0);
    assert_eq!(gateway.metric("waymark_events_duplicate_total").await, 1.0);
    let rejected = r#"waymark_events_rejected_total{code="missing_type"}"#;
    assert_eq!(gateway.metric(rejected).await, 1.0);
    assert_eq!(gateway.metric("waymark_retried_requests_total").await, 1.0);
    let requests = r#"waymark_requests_total{route="/v1/b",status="200"}"#;
    assert_eq!(gateway.metric(requests).await, 1.0);
    assert_eq!(gateway.metric("waymark_store_ready").await, 1.0);
}

#[tokio::test]
async fn flush_without_an_upstream_returns_at_once() {
    let gateway = Gateway::start(SHOP).await;
    let answer = gateway.flush().await;
    assert_eq!(
        (answer.status, answer.text.as_str()),
        (200, r#"{"success":true}"#)
    );
}
