//! The configuration is read again while the gateway runs: all of it that can change, or nothing.

use http::Method;
use serde_json::{Value, json};

use crate::program::{Answer, Gateway, SHOP, client, track};
use crate::upstream::Upstream;

/// A second source.
const APP: &str = r#"
[[sources]]
name = "app"
allowed_origins = ["https://app.example"]
keys = [{ key = "app-key", kind = "browser" }]
"#;

impl Gateway {
    fn configure(&self, toml: &str) {
        std::fs::write(self.folder().path().join("gateway.toml"), toml).unwrap();
    }

    /// Has the gateway read this configuration.
    async fn reload(&self, toml: &str) -> Answer {
        self.configure(toml);
        self.admin(Method::POST, "/reload", &Value::Null).await
    }

    async fn send_from(&self, origin: &str, key: &str, id: &str) -> u16 {
        let body = json!({ "writeKey": key, "batch": [track(id)] });
        let headers = [("origin", origin)];
        self.post("/v1/b", &headers, body.to_string()).await.status
    }
}

fn reloaded(waiting: &[&str]) -> Value {
    json!({ "reloaded": true, "restartNeeded": waiting })
}

#[tokio::test]
async fn keys_origins_sources_and_limits_change_at_once() {
    let gateway = Gateway::start(SHOP).await;
    let shop = "https://shop.example";
    assert_eq!(
        gateway
            .send_from("https://app.example", "app-key", "a")
            .await,
        401
    );
    let changed = SHOP
        .replace("browser-key", "new-browser-key")
        .replace(shop, "https://new.example");
    let answer = gateway.reload(&format!("{changed}{APP}")).await;
    assert_eq!((answer.status, answer.json()), (200, reloaded(&[])));
    assert_eq!(gateway.send_from(shop, "browser-key", "b").await, 401);
    assert_eq!(gateway.send_from(shop, "new-browser-key", "c").await, 403);
    assert_eq!(
        gateway
            .send_from("https://new.example", "new-browser-key", "d")
            .await,
        200
    );
    assert_eq!(
        gateway
            .send_from("https://app.example", "app-key", "e")
            .await,
        200
    );
    let stored = gateway.export().await;
    let sources: Vec<_> = stored
        .iter()
        .map(|event| event["source"].as_str())
        .collect();
    assert_eq!(sources, [Some("shop"), Some("app")]);

    let limited = format!("{SHOP}[limits]\nrequests_per_second_per_key = 1\n");
    assert_eq!(gateway.reload(&limited).await.status, 200);
    let mut statuses = Vec::new();
    for id in ["f", "g", "h"] {
        statuses.push(gateway.send_from(shop, "browser-key", id).await);
    }
    assert!(
        statuses.contains(&200) && statuses.contains(&429),
        "{statuses:?}"
    );
    assert_eq!(
        gateway
            .send_from("https://app.example", "app-key", "i")
            .await,
        401
    );
}

#[tokio::test]
async fn a_command_and_a_signal_reload_too() {
    let gateway = Gateway::start(SHOP).await;
    let config = gateway.folder().path().join("gateway.toml");
    let config = config.to_str().unwrap();
    let admin = gateway.admin_url.replace("http://", "");
    gateway.configure(&SHOP.replace("browser-key", "second-key"));
    let args = ["reload", "--config", config, "--admin-listen", &admin];
    let (ok, said, errors) = gateway.command(&args).await;
    assert!(ok, "{errors}");
    assert_eq!(said, format!("{}\n", reloaded(&[])));
    gateway.send("second-key", &["a"]).await;

    gateway.configure(&SHOP.replace("browser-key", "third-key"));
    gateway.signal("-HUP").await;
    while gateway
        .send_from("https://shop.example", "third-key", "b")
        .await
        != 200
    {
        tokio::task::yield_now().await;
    }
    gateway.configure("lissen = 1");
    gateway.signal("-HUP").await;
    while gateway.metric("waymark_reload_refused").await == 0.0 {
        tokio::task::yield_now().await;
    }
    gateway.send("third-key", &["c"]).await;
    assert_eq!(gateway.stored_ids().await, ["a", "b", "c"]);
}

#[tokio::test]
async fn a_wrong_configuration_leaves_the_one_before_in_force_and_says_why() {
    let gateway = Gateway::start(SHOP).await;
    let secret = "very-secret-token";
    for (toml, reason) in [
        ("keys = very-secret-token".to_owned(), "gateway.toml: "),
        (String::new(), "sources: at least one"),
        (format!("{SHOP}{SHOP}"), "sources[1].name: must be unique"),
        (
            SHOP.replace("\"browser-key\"", "{ env = \"NOT_SET_ANYWHERE\" }"),
            "NOT_SET_ANYWHERE is not set",
        ),
        (
            format!("admin_listen = \"0.0.0.0:0\"\n{SHOP}[limits]\nconnections = 0\n"),
            "limits.connections: must be at least 1",
        ),
    ] {
        let answer = gateway.reload(&toml).await;
        assert_eq!(answer.refusal(), (422, "invalid_configuration".to_owned()));
        let message = answer.json()["message"].as_str().unwrap().to_owned();
        assert!(message.contains(reason), "{message} lacks {reason}");
        assert!(!message.contains(secret), "{message}");
        let log = gateway.log();
        let mut refused = log.lines().filter(|line| line.contains("was not reloaded"));
        let last = refused.next_back().unwrap();
        assert!(
            last.contains(reason) && last.contains("\"ERROR\""),
            "{last}"
        );
        assert_eq!(gateway.metric("waymark_reload_refused").await, 1.0);
        assert_eq!(gateway.send("browser-key", &["a"]).await["success"], true);
    }
    std::fs::remove_file(gateway.folder().path().join("gateway.toml")).unwrap();
    let answer = gateway.admin(Method::POST, "/reload", &Value::Null).await;
    assert_eq!(answer.status, 422);
    assert_eq!(gateway.reload(SHOP).await.status, 200);
    assert_eq!(gateway.metric("waymark_reload_refused").await, 0.0);
    assert!(!gateway.log().contains(secret));
}

#[tokio::test]
async fn no_request_is_lost_while_the_configuration_is_reloaded() {
    let gateway = Gateway::start(SHOP).await;
    let (done, until) = tokio::sync::watch::channel(false);
    let senders: Vec<_> = (0..4)
        .map(|sender| {
            let (url, until) = (format!("{}/v1/b", gateway.url), until.clone());
            tokio::spawn(async move {
                let client = client();
                let mut ids = Vec::new();
                while !*until.borrow() {
                    let id = format!("{sender}-{}", ids.len());
                    let body = json!({ "writeKey": "server-key", "batch": [track(&id)] });
                    let sent = client.post(&url).body(body.to_string()).send().await;
                    let answer = sent.unwrap();
                    assert_eq!(answer.status(), 200);
                    ids.push(id);
                }
                ids
            })
        })
        .collect();
    for round in 0..40 {
        let toml = SHOP.replace("browser-key", &format!("browser-key-{round}"));
        let limits = format!("{toml}[limits]\nconnections = {}\n", 100 + round);
        assert_eq!(gateway.reload(&limits).await.status, 200);
        if round % 2 == 0 {
            assert_eq!(gateway.reload(&format!("{toml}{APP}")).await.status, 200);
        }
    }
    done.send_replace(true);
    let mut sent = Vec::new();
    for sender in senders {
        sent.extend(sender.await.unwrap());
    }
    let mut stored = gateway.stored_ids().await;
    sent.sort();
    stored.sort();
    assert!(sent.len() > 40, "{}", sent.len());
    assert_eq!(stored, sent);
}

#[tokio::test]
async fn what_needs_a_restart_is_told_and_loses_no_event() {
    let mut upstream = Upstream::start([]).await;
    let gateway = Gateway::start(SHOP).await;
    gateway.send("browser-key", &["before"]).await;
    let forwarded = format!(
        "static_dir = \"{}\"\n{}[store]\nretention_days = 9\n",
        std::env::temp_dir().display(),
        upstream.config(),
    );
    let answer = gateway.reload(&forwarded).await;
    let waiting = ["static_dir", "store", "sources.shop.forward"];
    assert_eq!((answer.status, answer.json()), (200, reloaded(&waiting)));
    // Told again as long as it waits.
    assert_eq!(gateway.reload(&forwarded).await.json(), reloaded(&waiting));
    gateway.send("browser-key", &["between"]).await;
    let folder = gateway.folder();
    gateway.ask_to_stop().await;
    assert!(gateway.ended_well().await);
    let gateway = Gateway::start_in(folder, &forwarded).await;
    gateway.send("browser-key", &["after"]).await;
    let mut ids = upstream.next().await.ids();
    if ids.len() == 1 {
        ids.extend(upstream.next().await.ids());
    }
    assert_eq!(ids, ["between", "after"]);
    let answer = gateway.reload(SHOP).await;
    assert_eq!(answer.json(), reloaded(&waiting));
    let answer = gateway.reload(APP).await;
    assert_eq!(answer.json(), reloaded(&waiting));
}

#[tokio::test]
async fn the_operators_token_changes_at_once() {
    let gateway = Gateway::start(&format!("admin_token = \"first\"\n{SHOP}")).await;
    let url = format!("{}/reload", gateway.admin_url);
    let reload = async |toml: &str, token: &str| {
        gateway.configure(toml);
        let bearer = format!("Bearer {token}");
        let headers = [("authorization", bearer.as_str())];
        gateway
            .request(Method::POST, &url, &headers, "")
            .await
            .status
    };
    let second = format!("admin_token = \"second\"\n{SHOP}");
    assert_eq!(reload(&second, "wrong").await, 401);
    assert_eq!(reload(&second, "first").await, 200);
    assert_eq!(reload(&second, "first").await, 401);
    assert_eq!(reload(SHOP, "second").await, 200);
    assert_eq!(reload(SHOP, "any").await, 200);
}

#[tokio::test]
async fn a_new_destination_waits_for_a_restart_and_misses_no_event() {
    let mut upstream = Upstream::start([]).await;
    let gateway = Gateway::start(SHOP).await;
    gateway.send("browser-key", &["before"]).await;
    let forward = upstream.config();
    let address = forward.lines().find(|line| line.starts_with("upstream"));
    let with_destination = format!(
        "{SHOP}[[sources.destinations]]\nkind = \"segment\"\nwrite_key = \"k\"\n{}\n",
        address.unwrap()
    );
    let waiting = ["sources.shop.destinations"];
    let answer = gateway.reload(&with_destination).await;
    assert_eq!((answer.status, answer.json()), (200, reloaded(&waiting)));
    gateway.send("browser-key", &["between"]).await;
    let folder = gateway.folder();
    gateway.ask_to_stop().await;
    assert!(gateway.ended_well().await);
    let gateway = Gateway::start_in(folder, &with_destination).await;
    assert_eq!(upstream.next().await.ids(), ["between"]);
    for without in [SHOP, APP] {
        let answer = gateway.reload(without).await;
        assert_eq!(answer.json(), reloaded(&waiting));
    }
}
