//! `POST /v1/identity`: which pages it serves, and which ids it sets.

use http::Method;

use crate::program::{Answer, Gateway};

const SOURCES: &str = r#"
[[sources]]
name = "shop"
allowed_origins = [
  "https://www.example.co.uk", "https://example.co.uk", "https://me.github.io",
  "https://github.io", "http://localhost:5173",
]
keys = [{ key = "shop-key", kind = "browser" }]
[[sources]]
name = "open"
allowed_origins = ["*"]
keys = [{ key = "open-key", kind = "browser" }]
[[sources]]
name = "strict"
allowed_origins = ["https://strict.example"]
keys = [{ key = "strict-key", kind = "browser" }]
[sources.identity]
cookie_scope = "host"
http_only = true
"#;

const PAGE: &str = "https://www.example.co.uk";
const GATEWAY: &str = "t.example.co.uk";
const BODY: &str = r#"{"writeKey":"shop-key","anonymousId":"page's id"}"#;

/// Sends the request of a page of `origin` to a gateway at `host`.
async fn ask(gateway: &Gateway, origin: &str, host: &str, cookies: &str, body: &str) -> Answer {
    let headers = [
        ("origin", origin),
        ("host", host),
        ("cookie", cookies),
        ("content-type", "text/plain;charset=UTF-8"),
    ];
    let headers: Vec<_> = headers.into_iter().filter(|(_, v)| !v.is_empty()).collect();
    gateway
        .post("/v1/identity", &headers, body.to_owned())
        .await
}

fn cookies(answer: &Answer) -> Vec<&str> {
    let all = answer.headers.get_all("set-cookie").iter();
    all.map(|value| value.to_str().unwrap()).collect()
}

fn assert_refused(answer: &Answer, what: &str) {
    assert_eq!(
        answer.refusal(),
        (403, "origin_not_allowed".to_owned()),
        "{what}"
    );
    assert!(cookies(answer).is_empty(), "{what}");
    assert_eq!(answer.header("access-control-allow-origin"), None, "{what}");
}

const REST: &str = "; path=/; max-age=31536000; sameSite=Lax; domain=example.co.uk; secure";

#[tokio::test]
async fn the_ids_of_the_request_s_cookies_are_set_again() {
    let gateway = Gateway::start(SOURCES).await;
    let sent = "a=1; ajs_anonymous_id=b%20c%3B; ajs_user_id=%22u%C3%BC%22; ajs_group_id=g:1";
    let body = r#"{"writeKey":"shop-key","anonymousId":"x","userId":"evil","groupId":"evil"}"#;
    let answer = ask(&gateway, PAGE, GATEWAY, sent, body).await;
    assert_eq!(answer.status, 204);
    assert_eq!(answer.header("access-control-allow-origin"), Some(PAGE));
    assert_eq!(
        answer.header("access-control-allow-credentials"),
        Some("true")
    );
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(
        cookies(&answer),
        [
            format!("ajs_anonymous_id=b%20c%3B{REST}"),
            format!("ajs_user_id=u%C3%BC{REST}"),
            format!("ajs_group_id=g:1{REST}"),
        ]
    );
}

#[tokio::test]
async fn a_first_visit_gets_the_page_s_anonymous_id_and_no_user_id() {
    let gateway = Gateway::start(SOURCES).await;
    let body = r#"{"writeKey":"shop-key","anonymousId":"first","userId":"evil"}"#;
    let answer = ask(&gateway, PAGE, GATEWAY, "", body).await;
    assert_eq!(cookies(&answer), [format!("ajs_anonymous_id=first{REST}")]);
    for odd in [
        r#"{"writeKey":"shop-key"}"#.to_owned(),
        r#"{"writeKey":"shop-key","anonymousId":7}"#.to_owned(),
        r#"{"writeKey":"shop-key","anonymousId":""}"#.to_owned(),
        format!(
            r#"{{"writeKey":"shop-key","anonymousId":"{}"}}"#,
            "x".repeat(1_025)
        ),
    ] {
        let answer = ask(&gateway, PAGE, GATEWAY, "", &odd).await;
        assert_eq!((answer.status, cookies(&answer).len()), (204, 0), "{odd}");
    }
    let nasty = r#"{"writeKey":"shop-key","anonymousId":"a\r\nb; domain=evil"}"#;
    let answer = ask(&gateway, PAGE, GATEWAY, "", nasty).await;
    let expected = format!("ajs_anonymous_id=a%0D%0Ab%3B%20domain=evil{REST}");
    assert_eq!(cookies(&answer), [expected]);
}

#[tokio::test]
async fn only_listed_pages_on_the_gateway_s_domain_are_served() {
    let gateway = Gateway::start(SOURCES).await;
    for (origin, host) in [
        ("https://example.co.uk", GATEWAY),
        ("https://example.co.uk", "EXAMPLE.co.uk:443"),
        ("https://me.github.io", "t.me.github.io:8443"),
        ("http://localhost:5173", "localhost:8080"),
    ] {
        let answer = ask(&gateway, origin, host, "", BODY).await;
        assert_eq!(answer.status, 204, "{origin} at {host}");
        assert_eq!(cookies(&answer).len(), 1, "{origin} at {host}");
    }
    for (origin, host) in [
        ("", GATEWAY),
        ("null", GATEWAY),
        ("https://other.example.co.uk", GATEWAY),
        ("http://www.example.co.uk", GATEWAY),
        (PAGE, "collect.example.com"),
        (PAGE, "other.co.uk"),
        ("https://me.github.io", "you.github.io"),
        ("https://github.io", "me.github.io"),
        ("http://localhost:5173", "127.0.0.1"),
    ] {
        let answer = ask(&gateway, origin, host, "", BODY).await;
        assert_refused(&answer, &format!("{origin} at {host}"));
    }
    // `*` lists no origin, and another source's list does not count.
    let open = r#"{"writeKey":"open-key","anonymousId":"a"}"#;
    assert_refused(&ask(&gateway, PAGE, GATEWAY, "", open).await, "any origin");
    let strict = r#"{"writeKey":"strict-key","anonymousId":"a"}"#;
    assert_refused(&ask(&gateway, PAGE, GATEWAY, "", strict).await, "another's");
}

#[tokio::test]
async fn a_preflight_succeeds_for_listed_origins_only() {
    let gateway = Gateway::start(SOURCES).await;
    for (origin, allowed) in [(PAGE, true), ("https://evil.example", false)] {
        let url = format!("{}/v1/identity", gateway.url);
        let headers = [("origin", origin)];
        let answer = gateway.request(Method::OPTIONS, &url, &headers, "").await;
        assert_eq!(answer.status, if allowed { 204 } else { 403 }, "{origin}");
        let readable = answer.header("access-control-allow-origin");
        assert_eq!(readable, allowed.then_some(origin));
        let mut vary = answer.headers.get_all("vary").iter();
        assert!(vary.any(|value| value == "Origin"), "{origin}");
    }
}

#[tokio::test]
async fn a_source_can_limit_cookies_to_its_host_and_hide_them_from_scripts() {
    let gateway = Gateway::start(SOURCES).await;
    let body = r#"{"writeKey":"strict-key","anonymousId":"a"}"#;
    let origin = "https://strict.example";
    let answer = ask(&gateway, origin, "strict.example", "", body).await;
    assert_eq!(
        cookies(&answer),
        ["ajs_anonymous_id=a; path=/; max-age=31536000; sameSite=Lax; secure; HttpOnly"]
    );
}

#[tokio::test]
async fn a_body_that_is_too_large_or_invalid_is_refused() {
    let gateway = Gateway::start(SOURCES).await;
    let large = format!(
        r#"{{"writeKey":"shop-key","x":"{}"}}"#,
        "x".repeat(8 * 1024)
    );
    let unknown = r#"{"writeKey":"unknown"}"#;
    for (body, status, code) in [
        (large.as_str(), 413, "body_too_large"),
        ("", 400, "invalid_body"),
        ("[]", 400, "invalid_body"),
        ("{}", 401, "missing_write_key"),
        (unknown, 401, "unknown_write_key"),
    ] {
        let answer = ask(&gateway, PAGE, GATEWAY, "ajs_user_id=u", body).await;
        assert_eq!(answer.refusal(), (status, code.to_owned()));
        assert!(cookies(&answer).is_empty());
    }
    assert_eq!(gateway.get("/v1/identity").await.status, 405);
}

#[tokio::test]
async fn it_counts_towards_the_rate_of_its_key() {
    let toml = format!("{SOURCES}\n[limits]\nrequests_per_second_per_key = 1\n");
    let gateway = Gateway::start(&toml).await;
    loop {
        let answer = ask(&gateway, PAGE, GATEWAY, "", BODY).await;
        if answer.status != 204 {
            assert_eq!(answer.refusal(), (429, "rate_limited".to_owned()));
            break;
        }
    }
}
