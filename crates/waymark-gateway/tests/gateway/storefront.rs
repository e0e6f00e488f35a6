//! A built storefront beside the API.

use crate::program::{Gateway, SHOP, new_folder};

#[tokio::test]
async fn files_pages_and_the_api_share_one_listener() {
    let site = new_folder();
    let write = |name: &str, text: &str| std::fs::write(site.path().join(name), text).unwrap();
    std::fs::create_dir(site.path().join("assets")).unwrap();
    write("index.html", "<title>Shop</title>");
    write("assets/app.js", "plain");
    write("assets/app.js.br", "compressed");
    write("assets/app.wasm", "");
    let toml = format!("static_dir = {:?}\n{SHOP}", site.path());
    let gateway = Gateway::start(&toml).await;
    let get = async |path: &str, headers: &[(&str, &str)]| {
        let url = format!("{}{path}", gateway.url);
        gateway.request(http::Method::GET, &url, headers, "").await
    };
    let page = ("accept", "text/html,*/*");

    for path in ["/", "/products/ridge-28"] {
        let answer = get(path, &[page]).await;
        assert_eq!(
            (answer.status, answer.text.as_str()),
            (200, "<title>Shop</title>"),
            "{path}"
        );
        assert_eq!(answer.header("cache-control"), Some("no-cache"));
    }
    let script = get("/assets/app.js", &[]).await;
    assert_eq!(script.text, "plain");
    assert!(
        script
            .header("cache-control")
            .unwrap()
            .contains("immutable")
    );
    let script = get("/assets/app.js", &[("accept-encoding", "br")]).await;
    assert_eq!(
        (script.text.as_str(), script.header("content-encoding")),
        ("compressed", Some("br"))
    );
    assert!(
        script
            .header("content-type")
            .unwrap()
            .contains("javascript")
    );
    let wasm = get("/assets/app.wasm", &[]).await;
    assert_eq!(wasm.header("content-type"), Some("application/wasm"));
    assert_eq!(
        get("/assets/gone.js", &[("accept", "*/*")])
            .await
            .refusal()
            .0,
        404
    );
    for name in [
        "x".repeat(253),
        "x".repeat(256),
        "x/".repeat(3_000),
        "a%00b".to_owned(),
    ] {
        let answer = get(&format!("/{name}"), &[]).await;
        assert_eq!(answer.refusal(), (404, "not_found".to_owned()), "{name}");
    }
    assert_eq!(get("/../gateway.toml", &[]).await.status, 404);
    assert_eq!(get("/%2e%2e/%2e%2e/etc/passwd", &[]).await.status, 404);
    assert_eq!(gateway.post("/products", &[], "").await.status, 404);
    assert_eq!(get("/v1/b", &[page]).await.status, 405);
}
