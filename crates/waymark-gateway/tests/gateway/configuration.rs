//! An invalid configuration is refused on one line with the key and the reason.

use tokio::process::Command;

use crate::program::{SHOP, new_folder, program, run};

#[tokio::test]
async fn a_valid_configuration_passes_the_check() {
    let (well, said) = run(&["--check-config"], SHOP).await;
    assert!(well, "{said}");
}

#[tokio::test]
async fn a_mistake_is_reported_with_its_key_and_reason_on_one_line() {
    let key = |kind: &str| format!("keys = [{{ key = \"k\", kind = \"{kind}\" }}]");
    let source = |rest: &str| format!("[[sources]]\nname = \"a\"\n{rest}\n");
    let cases: [(&[&str], String, &[&str]); 35] = [
        (&[], String::new(), &["sources:", "at least one"]),
        (
            &[],
            "lissen = 1".to_owned(),
            &["lissen", "unknown field", "line 1"],
        ),
        (
            &[],
            "listen = 3".to_owned(),
            &["listen:", "expected a string", "line 1"],
        ),
        (&[], "listen =".to_owned(), &["gateway.toml:", "line 1"]),
        (
            &["--listen", "nowhere"],
            SHOP.to_owned(),
            &["listen:", "`nowhere` is not an address"],
        ),
        (
            &["--admin-listen", "0.0.0.0:0"],
            SHOP.to_owned(),
            &["admin_listen:", "admin_token must be set"],
        ),
        (
            &["--admin-token", ""],
            SHOP.to_owned(),
            &["admin_token:", "empty"],
        ),
        (
            &["--default-source", "unknown"],
            SHOP.to_owned(),
            &["default_source:", "`unknown`"],
        ),
        (
            &["--static-dir", "nowhere"],
            SHOP.to_owned(),
            &["static_dir:", "nowhere is not a folder"],
        ),
        (
            &[],
            source(&key("brwser")),
            &["sources[0].keys[0].kind:", "unknown variant `brwser`"],
        ),
        (&[], source(""), &["sources[0].keys:", "at least one key"]),
        (
            &[],
            format!("{SHOP}{SHOP}"),
            &["sources[1].name:", "unique"],
        ),
        (
            &[],
            source(&format!("allowed_origins = [\"shop\"]\n{}", key("browser"))),
            &["sources[0].allowed_origins:", "`shop` is not an origin"],
        ),
        (
            &[],
            SHOP.replace("https://shop.example", "https://*.shop.example"),
            &["sources[0].allowed_origins:", "wildcard"],
        ),
        (
            &[],
            SHOP.replace("https://shop.example", "https://shop.example."),
            &["sources[0].allowed_origins:", "end with a dot"],
        ),
        (
            &[],
            SHOP.replace("https://shop.example", "https://shop.example:99999"),
            &["sources[0].allowed_origins:", "invalid port number"],
        ),
        (
            &["--listen", "127.0.0.1:9", "--admin-listen", "127.0.0.1:9"],
            SHOP.to_owned(),
            &["admin_listen:", "already"],
        ),
        (
            &[],
            format!("trusted_proxies = [\"0.0.0.0/0\"]\n{SHOP}"),
            &["trusted_proxies:", "list the proxies"],
        ),
        (
            &[],
            source(&format!(
                "{}\nforward = {{ upstream = \"https://a/v1/batch\", write_key = \"k\" }}",
                key("browser")
            )),
            &["sources[0].forward.upstream:", "without /batch"],
        ),
        (
            &[],
            source(&format!(
                "{}\nforward = {{ upstream = \"ftp://a\", write_key = \"k\" }}",
                key("browser")
            )),
            &["sources[0].forward.upstream:", "http"],
        ),
        (
            &[],
            format!("{SHOP}[limits]\nrequests_per_second_per_key = 0\n"),
            &["limits.requests_per_second_per_key:", "at least 1"],
        ),
        (
            &[],
            format!("{SHOP}[limits]\nconnections = 0\n"),
            &["limits.connections:", "at least 1"],
        ),
        (
            &[],
            format!("{SHOP}[limits]\nconnections_per_address = 0\n"),
            &["limits.connections_per_address:", "at least 1"],
        ),
        (
            &[],
            format!("{SHOP}[store]\nretention_days = 0\n"),
            &["store.retention_days:", "at least 1"],
        ),
        (
            &[],
            format!("{SHOP}[store]\nmax_database_size = \"20\"\n"),
            &["store.max_database_size:", "such as 20 GiB"],
        ),
        (
            &[],
            format!("{SHOP}[store]\nmax_database_size = \"1 MB\"\n"),
            &["store.max_database_size:", "at least 64 MiB"],
        ),
        (
            &[],
            format!("{SHOP}[store]\nretention_weeks = 1\n"),
            &["store.retention_weeks", "unknown field"],
        ),
        (
            &[],
            format!("{SHOP}[sources.forward]\nwrite_key = \"k\"\nstart = \"soon\"\n"),
            &["sources[0].forward.start:", "`soon` is not"],
        ),
        (
            &[],
            format!(
                "{SHOP}[sources.forward]\nwrite_key = \"k\"\n[store]\nabandoned_sources = [\"shop\"]\n"
            ),
            &["store.abandoned_sources:", "`shop` is forwarded"],
        ),
        (
            &[],
            format!(
                "{SHOP}[sources.forward]\nwrite_key = \"k\"\n[store]\nabandoned_sources = [\"shop/forward\"]\n"
            ),
            &["store.abandoned_sources:", "`shop/forward` is forwarded"],
        ),
        (
            &[],
            format!("{SHOP}[[sources.destinations]]\nkind = \"fax\"\n"),
            &[
                "sources[0].destinations[0].kind:",
                "one of segment, webhook",
            ],
        ),
        (
            &[],
            format!("{SHOP}[[sources.destinations]]\nkind = \"heap\"\napp_id = \"\"\n"),
            &["sources[0].destinations[0].app_id:", "must not be empty"],
        ),
        (
            &[],
            format!(
                "{SHOP}[[sources.destinations]]\nkind = \"heap\"\napp_id = \"k\"\nurl = \"x\"\n"
            ),
            &["sources[0].destinations[0]:", "unknown field `url`"],
        ),
        (
            &[],
            format!(
                "{SHOP}[[sources.destinations]]\nkind = \"heap\"\napp_id = \"k\"\nname = \"forward\"\n"
            ),
            &["sources[0].destinations[0].name:", "another destination"],
        ),
        (
            &[],
            format!("{SHOP}[[sources.destinations]]\nkind = \"heap\"\napp_id = 12345678\n"),
            &["sources[0].destinations[0]:", "a number, expected a text"],
        ),
    ];
    for (args, toml, expected) in cases {
        for check in [true, false] {
            let mut args = args.to_vec();
            if check {
                args.push("--check-config");
            }
            let (well, said) = run(&args, &toml).await;
            assert!(!well, "{toml}");
            assert_eq!(said.lines().count(), 1, "{said}");
            for part in expected {
                assert!(said.contains(part), "{said} lacks {part}");
            }
        }
    }
}

#[tokio::test]
async fn a_write_key_is_not_shown_in_an_error() {
    let toml = "[[sources]]\nname = \"a\"\nkeys = [{ key = \"very-secret\", kind = 1 }]\n";
    let (_, said) = run(&["--check-config"], toml).await;
    assert!(!said.contains("very-secret"), "{said}");
}

#[tokio::test]
async fn flags_override_the_environment_and_the_environment_the_file() {
    let folder = new_folder();
    let config = folder.path().join("gateway.toml");
    std::fs::write(&config, format!("listen = \"file\"\n{SHOP}")).unwrap();
    let said = async |environment: Option<&str>, flag: Option<&str>| {
        let mut command = Command::new(program());
        command.env("WAYMARK_CONFIG", &config).arg("--check-config");
        if let Some(environment) = environment {
            command.env("WAYMARK_LISTEN", environment);
        }
        if let Some(flag) = flag {
            command.args(["--listen", flag]);
        }
        String::from_utf8(command.output().await.unwrap().stderr).unwrap()
    };
    assert!(said(None, None).await.contains("`file`"));
    assert!(
        said(Some("environment"), None)
            .await
            .contains("`environment`")
    );
    assert!(
        said(Some("environment"), Some("flag"))
            .await
            .contains("`flag`")
    );
    assert_eq!(said(Some("environment"), Some("127.0.0.1:0")).await, "");
}

#[tokio::test]
async fn an_address_in_use_is_reported() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let (well, said) = run(
        &["--listen", &address, "--admin-listen", "127.0.0.1:0"],
        SHOP,
    )
    .await;
    assert!(!well);
    assert!(
        said.starts_with(&format!("waymark-gateway: listen: {address}: ")),
        "{said}"
    );
}
