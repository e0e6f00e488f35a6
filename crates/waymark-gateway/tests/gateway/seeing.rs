//! What an operator sees: the metrics, and the alerts and the dashboard that are made of them.

use std::collections::BTreeSet;
use std::path::Path;

use http::Method;
use serde_json::{Value, json};

use crate::program::{Gateway, SHOP, new_folder, track};
use crate::upstream::Upstream;

/// The names of series in a text: `waymark_` and what follows.
fn names(text: &str) -> BTreeSet<&str> {
    let is_part = |one: char| one.is_ascii_alphanumeric() || one == '_';
    text.match_indices("waymark_")
        .map(|(at, _)| {
            let rest = &text[at..];
            &rest[..rest.find(|one| !is_part(one)).unwrap_or(rest.len())]
        })
        .collect()
}

async fn metrics(gateway: &Gateway) -> String {
    let answer = gateway.admin(Method::GET, "/metrics", &Value::Null).await;
    answer.text
}

#[tokio::test]
async fn every_metric_of_the_alerts_and_the_dashboard_is_there() {
    let upstream = Upstream::start([]).await;
    let folder = new_folder();
    let plan = folder.path().join("plan.json");
    std::fs::write(&plan, r#"{"events":{}}"#).unwrap();
    let toml = SHOP.replace(
        "kind = \"browser\"\n",
        "kind = \"browser\"\nnot_after = \"2100-01-01T00:00:00Z\"\n",
    );
    let toml = format!(
        "{toml}[sources.forward]\nupstream = \"{}\"\nwrite_key = \"k\"\n[sources.plan]\nfile = \"{}\"\n",
        upstream.url,
        plan.display()
    );
    let gateway = Gateway::start_in(folder, &toml).await;
    // Something of each kind: stored, repeated, rejected, refused, given up by a browser.
    let batch = [track("a"), track("a"), json!({ "type": "odd" })];
    let body = json!({ "writeKey": "browser-key", "batch": batch, "ledger": { "refused": 1 } });
    assert_eq!(
        gateway.post("/v1/b", &[], body.to_string()).await.status,
        200
    );
    assert_eq!(gateway.post("/v1/b", &[], "{}").await.status, 401);
    assert_eq!(gateway.flush().await.status, 200);
    let text = metrics(&gateway).await;
    let there: BTreeSet<&str> = text
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split(['{', ' ']).next())
        .collect();
    let deploy = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy");
    for file in ["prometheus-alerts.yml", "grafana-dashboard.json"] {
        let written = std::fs::read_to_string(deploy.join(file)).unwrap();
        let expressions: Vec<&str> = written
            .lines()
            .filter(|line| !line.contains("summary:"))
            .collect();
        let used = expressions.join("\n");
        let used = names(&used);
        assert!(used.len() > 10, "{file}: {used:?}");
        // Dead letters are counted where there are some.
        let missing: Vec<_> = used
            .difference(&there)
            .filter(|name| **name != "waymark_dead_letters")
            .collect();
        assert!(missing.is_empty(), "{file}: {missing:?} in {text}");
    }
}

#[tokio::test]
async fn refused_requests_are_counted_by_reason_and_origin() {
    let gateway = Gateway::start(SHOP).await;
    let body = json!({ "writeKey": "browser-key", "batch": [track("a")] }).to_string();
    for origin in ["https://other.example", "https://shop.example"] {
        gateway
            .post("/v1/b", &[("origin", origin)], body.clone())
            .await;
    }
    // Without a key of the source anybody may make up origins.
    let made_up = [("origin", "https://made-up.example")];
    let unknown = json!({ "writeKey": "no-such-key", "batch": [track("a")] }).to_string();
    assert_eq!(gateway.post("/v1/b", &made_up, unknown).await.status, 401);
    assert_eq!(gateway.post("/v1/b", &made_up, "{}").await.status, 401);
    let url = format!("{}/v1/b", gateway.url);
    let asked = gateway.request(Method::OPTIONS, &url, &made_up, "").await;
    assert_eq!(asked.refusal(), (403, "origin_not_allowed".to_owned()));
    let url = format!("{}/wp-login.php", gateway.url);
    let asked = gateway.request(Method::GET, &url, &[], "").await;
    assert_eq!(asked.status, 404);
    let text = metrics(&gateway).await;
    let mut refused: Vec<_> = text
        .lines()
        .filter(|line| line.starts_with("waymark_refused_requests_total"))
        .collect();
    refused.sort_unstable();
    assert_eq!(
        refused,
        [
            r#"waymark_refused_requests_total{reason="missing_write_key"} 1"#,
            r#"waymark_refused_requests_total{reason="not_found"} 1"#,
            r#"waymark_refused_requests_total{reason="origin_not_allowed",origin="https://other.example"} 1"#,
            r#"waymark_refused_requests_total{reason="origin_not_allowed"} 1"#,
            r#"waymark_refused_requests_total{reason="unknown_write_key"} 1"#,
        ]
    );
    let log = gateway.log();
    assert!(log.contains(r#""reason":"origin_not_allowed","origin":"https://other.example""#));
    assert!(log.contains(r#""reason":"unknown_write_key""#), "{log}");
    assert!(
        !log.contains("not_found") && !log.contains("made-up") && !log.contains("no-such-key"),
        "{log}"
    );
    assert!(gateway.metric("waymark_memory_bytes").await > 1e6);
    let version = env!("CARGO_PKG_VERSION");
    let build = format!("waymark_build_info{{version=\"{version}\"}} 1");
    assert!(text.contains(&build));
    // The one that asks.
    let of_admin = "waymark_connections{listener=\"admin\"}";
    assert!(gateway.metric(of_admin).await >= 1.0);
    assert_eq!(gateway.metric("waymark_work_bytes").await, 0.0);
}
