//! The SDK's files, under a path of their own, for pages of any origin.

use crate::program::{Gateway, SHOP, new_folder, run};

#[tokio::test]
async fn pages_of_any_origin_can_load_the_sdk_s_files() {
    let files = new_folder();
    let write = |name: &str, text: &str| std::fs::write(files.path().join(name), text).unwrap();
    std::fs::create_dir(files.path().join("react")).unwrap();
    write("index.js", "plain");
    write("index.js.br", "compressed");
    write("chunk-3HW5UAHQ.js", "");
    write("react/index.js", "react");
    write("waymark_bg.wasm", "");
    write("index.d.ts", "");
    let toml = format!("sdk_dir = {:?}\n{SHOP}", files.path());
    let gateway = Gateway::start(&toml).await;
    let get = async |path: &str, headers: &[(&str, &str)]| {
        let url = format!("{}{path}", gateway.url);
        gateway.request(http::Method::GET, &url, headers, "").await
    };

    for (path, kind, cache) in [
        ("/sdk/index.js", "text/javascript", "no-cache"),
        ("/sdk/react/index.js", "text/javascript", "no-cache"),
        ("/sdk/waymark_bg.wasm", "application/wasm", "no-cache"),
        (
            "/sdk/chunk-3HW5UAHQ.js",
            "text/javascript",
            "public, max-age=31536000, immutable",
        ),
    ] {
        let answer = get(path, &[("origin", "https://any.example")]).await;
        assert_eq!(answer.status, 200, "{path}");
        assert_eq!(answer.header("content-type"), Some(kind), "{path}");
        assert_eq!(answer.header("cache-control"), Some(cache), "{path}");
        assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
        assert_eq!(answer.header("access-control-allow-credentials"), None);
        let policy = answer.header("cross-origin-resource-policy");
        assert_eq!(policy, Some("cross-origin"));
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    }
    let packed = get("/sdk/index.js", &[("accept-encoding", "br")]).await;
    assert_eq!(
        (packed.text.as_str(), packed.header("content-encoding")),
        ("compressed", Some("br"))
    );
    let long = format!("/sdk/{}.js", "x".repeat(256));
    for path in [
        long.as_str(),
        "/sdk/a%00b.js",
        "/sdk/",
        "/sdk/index.d.ts",
        "/sdk/gone.js",
        "/sdk/react",
        "/sdk/../gateway.toml",
        "/sdk/%2e%2e/%2e%2e/x.js",
    ] {
        assert_eq!(get(path, &[]).await.status, 404, "{path}");
    }
    assert_eq!(gateway.post("/sdk/index.js", &[], "").await.status, 405);
}

#[tokio::test]
async fn the_path_can_be_changed_but_not_to_one_of_the_api() {
    let files = new_folder();
    std::fs::write(files.path().join("index.js"), "here").unwrap();
    let dir = files.path().display().to_string();
    let toml = format!("sdk_dir = {dir:?}\nsdk_path = \"/js/waymark/\"\n{SHOP}");
    let gateway = Gateway::start(&toml).await;
    assert_eq!(gateway.get("/js/waymark/index.js").await.text, "here");
    assert_eq!(gateway.get("/sdk/index.js").await.status, 404);
    for path in ["sdk/", "/sdk", "/", "/v1/", "/projects/", "/{key}/", "//"] {
        let args = ["--check-config", "--sdk-dir", &dir, "--sdk-path", path];
        let (well, said) = run(&args, SHOP).await;
        assert!(!well && said.contains("sdk_path"), "{path}: {said}");
    }
    let (well, said) = run(&["--check-config", "--sdk-dir", "/nowhere"], SHOP).await;
    assert!(!well && said.contains("sdk_dir"), "{said}");
}
