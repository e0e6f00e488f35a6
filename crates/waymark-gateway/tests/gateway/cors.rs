//! Pages of other origins: which requests they may send, and that they can read every answer.

use http::Method;

use crate::program::{Answer, Gateway, SHOP};

const OTHER: &str = r#"
[[sources]]
name = "other"
allowed_origins = ["https://other.example"]
keys = [{ key = "other-key", kind = "browser" }]
"#;

const EVENT: &str = r#"{"event":"A","userId":"u"}"#;

fn assert_readable(answer: &Answer, origin: &str) {
    assert_eq!(
        answer.header("access-control-allow-origin"),
        Some(origin),
        "{answer:?}"
    );
    assert_eq!(
        answer.header("access-control-allow-credentials"),
        Some("true")
    );
    assert_eq!(
        answer.header("access-control-expose-headers"),
        Some("Retry-After")
    );
    let vary = answer.headers.get_all("vary");
    assert!(vary.iter().any(|value| value == "Origin"), "{answer:?}");
}

#[tokio::test]
async fn a_preflight_allows_the_headers_that_are_asked_for() {
    let gateway = Gateway::start(SHOP).await;
    let url = format!("{}/v1/b", gateway.url);
    let ask = async |names: &str| {
        let headers = [
            ("origin", "https://shop.example"),
            ("access-control-request-method", "POST"),
            ("access-control-request-headers", names),
        ];
        gateway.request(Method::OPTIONS, &url, &headers, "").await
    };
    let own = "authorization, content-type, content-encoding, x-retry-count";
    let many = "x-a,".repeat(1_000);
    let long = "x".repeat(1_000);
    for (asked, added) in [
        (
            "traceparent,baggage, Sentry-Trace",
            ", traceparent, baggage, sentry-trace",
        ),
        ("content-type", ""),
        ("x a,b\"c,,*/*,x-ok", ", x-ok"),
        (&long, ""),
        (&many, &", x-a".repeat(64)),
    ] {
        let answer = ask(asked).await;
        let allowed = answer.header("access-control-allow-headers").unwrap();
        assert_eq!(
            (answer.status, allowed),
            (204, format!("{own}{added}").as_str())
        );
        let mut vary = answer.headers.get_all("vary").iter();
        assert!(vary.any(|value| value == "Access-Control-Request-Headers"));
    }
}

#[tokio::test]
async fn a_preflight_succeeds_for_an_origin_that_any_source_allows() {
    let gateway = Gateway::start(&format!("{SHOP}{OTHER}")).await;
    for path in ["/v1/b", "/track", "/v1/projects/x/settings", "/nowhere"] {
        for origin in ["https://shop.example", "https://other.example"] {
            let url = format!("{}{path}", gateway.url);
            let headers = [
                ("origin", origin),
                ("access-control-request-method", "POST"),
                (
                    "access-control-request-headers",
                    "authorization,content-type",
                ),
            ];
            let answer = gateway.request(Method::OPTIONS, &url, &headers, "").await;
            assert_eq!(answer.status, 204);
            assert_readable(&answer, origin);
            let allowed = answer.header("access-control-allow-headers").unwrap();
            assert!(allowed.contains("authorization") && allowed.contains("content-type"));
            assert!(
                answer
                    .header("access-control-allow-methods")
                    .unwrap()
                    .contains("POST")
            );
            assert_eq!(answer.header("access-control-max-age"), Some("7200"));
        }
    }
    let url = format!("{}/v1/b", gateway.url);
    let headers = [("origin", "https://evil.example")];
    let refused = gateway.request(Method::OPTIONS, &url, &headers, "").await;
    assert_eq!(refused.status, 403);
    assert_eq!(refused.header("access-control-allow-methods"), None);
}

#[tokio::test]
async fn a_request_is_checked_against_its_own_source() {
    let gateway = Gateway::start(&format!("{SHOP}{OTHER}")).await;
    let cases = [
        ("browser-key", "https://shop.example", 200),
        ("server-key", "https://shop.example", 200),
        ("other-key", "https://other.example", 200),
        ("other-key", "https://shop.example", 403),
        ("browser-key", "https://other.example", 403),
        ("browser-key", "http://shop.example", 403),
        ("browser-key", "null", 403),
    ];
    for (key, origin, status) in cases {
        let path = format!("/v1/t?writeKey={key}");
        let answer = gateway.post(&path, &[("origin", origin)], EVENT).await;
        assert_eq!(answer.status, status, "{key} from {origin}");
        assert_readable(&answer, origin);
    }
    assert_eq!(gateway.export().await.len(), 3);
}

#[tokio::test]
async fn the_page_can_read_every_error() {
    let toml = format!("{SHOP}[limits]\nrequests_per_second_per_key = 1\n");
    let gateway = Gateway::start(&toml).await;
    let origin = ("origin", "https://shop.example");
    let key = "?writeKey=browser-key";
    let big = "x".repeat(600 * 1024);
    let cases: [(Method, String, &str, u16); 8] = [
        (Method::POST, "/nowhere".to_owned(), "", 404),
        (Method::GET, "/v1/b".to_owned(), "", 405),
        (Method::POST, format!("/v1/b{key}"), &big, 413),
        (Method::POST, "/v1/t".to_owned(), EVENT, 401),
        (Method::POST, "/track".to_owned(), EVENT, 401),
        (Method::POST, format!("/v1/b{key}"), "nonsense", 400),
        (Method::POST, format!("/v1/t{key}"), EVENT, 200),
        (Method::POST, format!("/v1/t{key}"), EVENT, 429),
    ];
    for (method, path, body, status) in cases {
        let url = format!("{}{path}", gateway.url);
        let answer = gateway
            .request(method, &url, &[origin], body.to_owned())
            .await;
        assert_eq!(answer.status, status, "{path}");
        assert_readable(&answer, origin.1);
    }
}

#[tokio::test]
async fn a_request_without_an_origin_is_not_a_page_s_and_passes() {
    let gateway = Gateway::start(SHOP).await;
    let answer = gateway.post("/v1/t?writeKey=browser-key", &[], EVENT).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
    assert_eq!(answer.header("access-control-allow-credentials"), None);
    assert_eq!(answer.header("vary"), Some("Origin"));
}

#[tokio::test]
async fn a_star_allows_every_page() {
    let toml = SHOP.replace("https://shop.example", "*");
    let gateway = Gateway::start(&toml).await;
    for origin in ["https://any.example", "null"] {
        let path = "/v1/t?writeKey=browser-key";
        let answer = gateway.post(path, &[("origin", origin)], EVENT).await;
        assert_eq!(answer.status, 200);
        assert_readable(&answer, origin);
    }
}
