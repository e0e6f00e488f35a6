//! Secrets outside of the configuration, and write keys with an end.

use std::sync::Arc;

use http::Method;
use tempfile::TempDir;
use tokio::process::Command;

use crate::program::{Gateway, SHOP, new_folder, program, run, track};
use crate::upstream::Upstream;

/// Base 64 of `upstream-secret:`.
const UPSTREAM_BASIC: &str = "Basic dXBzdHJlYW0tc2VjcmV0Og==";

/// Starts a gateway whose program sees these variables.
async fn start_with(folder: Arc<TempDir>, toml: &str, variables: &[(&str, &str)]) -> Gateway {
    let mut command = Command::new(program());
    command.envs(variables.iter().copied());
    Gateway::start_by(command, folder, toml).await
}

#[tokio::test]
async fn every_secret_may_be_in_a_file_or_in_the_environment() {
    let mut upstream = Upstream::start([]).await;
    let address = upstream.config();
    let address = address.lines().find(|line| line.starts_with("upstream"));
    let folder = new_folder();
    let path = |name: &str| folder.path().join(name).display().to_string();
    std::fs::write(path("admin"), "admin-secret\n").unwrap();
    std::fs::write(path("browser"), "browser-secret\r\n").unwrap();
    let toml = format!(
        "admin_token = {{ file = \"{}\" }}\n[[sources]]\nname = \"shop\"\n\
         allowed_origins = [\"*\"]\n\
         keys = [{{ key = {{ file = \"{}\" }}, kind = \"browser\" }},\n\
         {{ key = {{ env = \"SHOP_KEY\" }}, kind = \"server\" }}]\n\
         [sources.forward]\nwrite_key = {{ env = \"UPSTREAM_KEY\" }}\n{}\n",
        path("admin"),
        path("browser"),
        address.unwrap(),
    );
    let variables = [
        ("SHOP_KEY", "server-secret"),
        ("UPSTREAM_KEY", "upstream-secret"),
    ];
    let gateway = start_with(Arc::clone(&folder), &toml, &variables).await;
    for (number, key) in ["browser-secret", "server-secret"].iter().enumerate() {
        let answer = gateway.send(key, &[&number.to_string()]).await;
        assert_eq!(answer["accepted"], 1, "{key}");
        let received = upstream.next().await;
        assert_eq!(received.headers["authorization"], UPSTREAM_BASIC);
    }
    let metrics = format!("{}/metrics", gateway.admin_url);
    let bearer = ("authorization", "Bearer admin-secret");
    let answer = gateway.request(Method::GET, &metrics, &[bearer], "").await;
    assert_eq!(answer.status, 200);
    assert!(!answer.text.contains("secret"));
    assert_eq!(
        gateway.request(Method::GET, &metrics, &[], "").await.status,
        401
    );
    assert!(!gateway.log().contains("-secret"));

    // A command needs the operator's token, and none of the others.
    let admin = gateway.admin_url.replace("http://", "");
    let config = path("gateway.toml");
    let list = [
        "dead-letters",
        "list",
        "--config",
        &config,
        "--admin-listen",
        &admin,
    ];
    let listed = Command::new(program()).args(list).output().await.unwrap();
    assert!(listed.status.success(), "{listed:?}");
    std::fs::remove_file(path("admin")).unwrap();
    let listed = Command::new(program()).args(list).output().await.unwrap();
    let errors = String::from_utf8(listed.stderr).unwrap();
    assert!(
        errors.starts_with("waymark-gateway: admin_token: "),
        "{errors}"
    );
    let backup = path("backup");
    let (ok, _, errors) = gateway
        .command(&["backup", &backup, "--config", &config])
        .await;
    assert!(ok, "{errors}");
}

#[tokio::test]
async fn a_destinations_credentials_may_be_elsewhere_too() {
    let mut upstream = Upstream::start([]).await;
    let address = upstream.config();
    let address = address.lines().find(|line| line.starts_with("upstream"));
    let folder = new_folder();
    let key = folder.path().join("key");
    std::fs::write(&key, "upstream-secret\n").unwrap();
    let toml = |key: &str| {
        format!(
            "{SHOP}[[sources.destinations]]\nkind = \"segment\"\nwrite_key = {key}\n{}\n",
            address.unwrap()
        )
    };
    let in_file = format!("{{ file = \"{}\" }}", key.display());
    let gateway = Gateway::start_in(Arc::clone(&folder), &toml(&in_file)).await;
    gateway.send("server-key", &["1"]).await;
    let received = upstream.next().await;
    assert_eq!(received.headers["authorization"], UPSTREAM_BASIC);
    assert!(!gateway.log().contains("-secret"));

    // A command need not be allowed to read it.
    std::fs::remove_file(&key).unwrap();
    let config = folder.path().join("gateway.toml").display().to_string();
    let backup = folder.path().join("backup").display().to_string();
    let (ok, _, errors) = gateway
        .command(&["backup", &backup, "--config", &config])
        .await;
    assert!(ok, "{errors}");
    for (key, reason) in [
        (in_file.as_str(), "No such file"),
        ("{ env = \"NOT_SET_ANYWHERE\" }", "is not set"),
        ("{ path = \"hidden\" }", "expected a text, { file"),
    ] {
        let (well, said) = run(&["--check-config"], &toml(key)).await;
        assert!(!well, "{key}");
        let expected = "waymark-gateway: sources[0].destinations[0]";
        assert!(
            said.starts_with(expected) && said.contains(reason),
            "{said}"
        );
        assert!(!said.contains("hidden"), "{said}");
    }
}

#[tokio::test]
async fn a_secret_that_is_not_there_is_told_by_its_key_and_never_shown() {
    let source = |key: &str| {
        format!("[[sources]]\nname = \"a\"\nkeys = [{{ kind = \"server\", key = {key} }}]\n")
    };
    let folder = new_folder();
    let long = folder.path().join("long");
    std::fs::write(&long, "x".repeat(20_000)).unwrap();
    let long = format!("{{ file = \"{}\" }}", long.display());
    let cases = [
        (
            "{ env = \"NOT_SET_ANYWHERE\" }",
            "NOT_SET_ANYWHERE is not set",
        ),
        ("{ file = \"nowhere\" }", "nowhere: No such file"),
        ("{ file = \"/dev/null\" }", "not empty"),
        (long.as_str(), "is longer than"),
        ("{ file = \"a\", env = \"b\" }", "in one place only"),
        ("{ path = \"hidden-1\" }", "expected a text, { file"),
        ("{}", "expected a text, { file"),
        ("4711471147", "a number, expected a text"),
        ("0.4711471147", "a number, expected a text"),
    ];
    for (key, reason) in cases {
        let (well, said) = run(&["--check-config"], &source(key)).await;
        assert!(!well, "{key}");
        assert_eq!(said.lines().count(), 1, "{said}");
        let expected = "waymark-gateway: sources[0].keys[0].key";
        assert!(
            said.starts_with(expected) && said.contains(reason),
            "{said}"
        );
        for shown in ["4711471147", "hidden-1", "xxxx"] {
            assert!(!said.contains(shown), "{said}");
        }
    }
}

/// A shop whose keys end at these times.
fn ending(browser: &str, server: &str) -> String {
    let end = |kind: &str, time: &str| format!("kind = \"{kind}\"\nnot_after = \"{time}\"");
    SHOP.replace("kind = \"browser\"", &end("browser", browser))
        .replace("kind = \"server\"", &end("server", server))
}

#[tokio::test]
async fn a_key_is_refused_after_its_end_and_warned_of_before() {
    let day = jiff::SignedDuration::from_hours(24);
    let in_two_days = jiff::Timestamp::now() + day * 2;
    let gateway = Gateway::start(&ending(
        "2026-01-01T00:00:00+01:00",
        &in_two_days.to_string(),
    ))
    .await;
    let answer = gateway.batch(&[track("a")]).await;
    assert_eq!(answer.refusal(), (401, "expired_write_key".to_owned()));
    let settings = gateway.get("/v1/projects/browser-key/settings").await;
    assert_eq!(settings.refusal(), (401, "expired_write_key".to_owned()));
    assert_eq!(gateway.send("server-key", &["b"]).await["accepted"], 1);
    assert_eq!(gateway.stored_ids().await, ["b"]);

    let name = "waymark_write_key_ends_in_seconds";
    let browser = format!("{name}{{source=\"shop\",kind=\"browser\",place=\"0\"}}");
    assert!(gateway.metric(&browser).await < 0.0);
    let server = format!("{name}{{source=\"shop\",kind=\"server\",place=\"1\"}}");
    let left = gateway.metric(&server).await;
    assert!(0.0 < left && left <= 2.0 * 86_400.0, "{left}");
    let log = gateway.log();
    let of = |text: &str| {
        let lines = log.lines().filter(|line| line.contains(text));
        lines.map(str::to_owned).collect::<Vec<_>>()
    };
    let (ended, soon) = (
        of("key is not taken any more"),
        of("key will soon not be taken"),
    );
    assert_eq!((ended.len(), soon.len()), (1, 1), "{log}");
    assert!(ended[0].contains("\"browser\"") && ended[0].contains("2025-12-31T23:00:00"));
    assert!(soon[0].contains("\"server\"") && !log.contains("server-key"));
}

#[tokio::test]
async fn the_end_of_a_key_is_a_time_with_its_zone() {
    for wrong in ["2027-01-01", "2027-01-01T00:00:00", "soon"] {
        let toml = ending("2027-01-01T00:00:00Z", wrong);
        let (well, said) = run(&["--check-config"], &toml).await;
        assert!(!well, "{wrong}");
        let expected = "waymark-gateway: sources[0].keys[1].not_after: ";
        assert!(said.starts_with(expected), "{said}");
    }
}
