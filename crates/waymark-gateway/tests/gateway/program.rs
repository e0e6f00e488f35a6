//! The gateway as a child process, and a client for it.

use std::path::PathBuf;
use std::process::Stdio;
use std::sync::Arc;

use http::{HeaderMap, Method};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::process::{Child, Command};

/// One source for pages of `https://shop.example`, with a key of each kind.
pub(crate) const SHOP: &str = r#"
[[sources]]
name = "shop"
allowed_origins = ["https://shop.example"]
[[sources.keys]]
key = "browser-key"
kind = "browser"
[[sources.keys]]
key = "server-key"
kind = "server"
"#;

/// Makes a file as version 3 left it.
pub(crate) const BACK_TO_VERSION_3: &str = "
DROP TABLE erasure_salt; DROP TABLE erasures; DROP TABLE erasing; DROP TABLE erased_ids;
DROP INDEX dead_letters_by_seq;
ALTER TABLE dead_letters DROP COLUMN destination;
CREATE TABLE cursors_3 (source_id INTEGER PRIMARY KEY, through_seq INTEGER NOT NULL);
INSERT INTO cursors_3 SELECT source_id, through_seq FROM forward_cursors;
DROP TABLE forward_cursors; ALTER TABLE cursors_3 RENAME TO forward_cursors;
PRAGMA user_version = 3;
";

/// A running gateway. Dropping it kills it.
pub(crate) struct Gateway {
    pub(crate) url: String,
    pub(crate) admin_url: String,
    pub(crate) client: reqwest::Client,
    folder: Arc<TempDir>,
    child: Child,
}

/// Headers of a request.
pub(crate) type Headers<'a> = &'a [(&'a str, &'a str)];

/// An answer, read to its end.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// The status and the error's code.
    pub(crate) fn refusal(&self) -> (u16, String) {
        let code = self.json()["code"].as_str().unwrap_or_default().to_owned();
        (self.status, code)
    }
}

pub(crate) fn program() -> &'static str {
    env!("CARGO_BIN_EXE_waymark-gateway")
}

pub(crate) fn new_folder() -> Arc<TempDir> {
    Arc::new(tempfile::tempdir().unwrap())
}

/// A client that follows no redirect and uses no proxy.
pub(crate) fn client() -> reqwest::Client {
    // Fails when another test has done it before.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .build()
        .unwrap()
}

impl Gateway {
    pub(crate) async fn start(toml: &str) -> Self {
        Self::start_in(new_folder(), toml).await
    }

    /// Starts with the files that an earlier gateway left in the folder.
    pub(crate) async fn start_in(folder: Arc<TempDir>, toml: &str) -> Self {
        Self::start_by(Command::new(program()), folder, toml).await
    }

    /// Starts with a command to which the program's flags are added.
    pub(crate) async fn start_by(mut command: Command, folder: Arc<TempDir>, toml: &str) -> Self {
        let config = folder.path().join("gateway.toml");
        std::fs::write(&config, toml).unwrap();
        let log = std::fs::File::options()
            .create(true)
            .append(true)
            .open(folder.path().join("log"))
            .unwrap();
        let mut child = command
            .args([
                "serve",
                "--listen",
                "127.0.0.1:0",
                "--admin-listen",
                "127.0.0.1:0",
            ])
            .arg("--config")
            .arg(config)
            .arg("--database")
            .arg(folder.path().join("events.sqlite"))
            .env("RUST_LOG", "debug")
            .stdout(Stdio::piped())
            .stderr(log)
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let ready = lines.next_line().await.unwrap().unwrap_or_default();
        let ready: Value = serde_json::from_str(&ready).unwrap_or_else(|_| {
            let log = std::fs::read_to_string(folder.path().join("log"));
            panic!("the gateway did not start: {log:?}")
        });
        let address = |name: &str| format!("http://{}", ready[name].as_str().unwrap());
        Self {
            url: address("listen"),
            admin_url: address("admin_listen"),
            client: client(),
            folder,
            child,
        }
    }

    pub(crate) fn folder(&self) -> Arc<TempDir> {
        Arc::clone(&self.folder)
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.folder.path().join("events.sqlite")
    }

    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("log")).unwrap()
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id().unwrap()
    }

    pub(crate) async fn request(
        &self,
        method: Method,
        url: &str,
        headers: Headers<'_>,
        body: impl Into<reqwest::Body>,
    ) -> Answer {
        let mut request = self.client.request(method, url).body(body);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = request.send().await.unwrap();
        Answer {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            text: response.text().await.unwrap(),
        }
    }

    /// Sends a `track` for each of these message ids in one batch, and gives the answer's body.
    pub(crate) async fn send(&self, key: &str, ids: &[&str]) -> Value {
        let events: Vec<_> = ids.iter().map(|id| track(id)).collect();
        let body = json!({ "writeKey": key, "batch": events });
        let answer = self.post("/v1/b", &[], body.to_string()).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.json()
    }

    /// A request to the public listener.
    pub(crate) async fn post(
        &self,
        path: &str,
        headers: Headers<'_>,
        body: impl Into<reqwest::Body>,
    ) -> Answer {
        let url = format!("{}{path}", self.url);
        self.request(Method::POST, &url, headers, body).await
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        let url = format!("{}{path}", self.url);
        self.request(Method::GET, &url, &[], "").await
    }

    /// Sends a batch with the browser key in its body.
    pub(crate) async fn batch(&self, events: &[Value]) -> Answer {
        let body = serde_json::json!({ "writeKey": "browser-key", "batch": events });
        self.post("/v1/b", &[], body.to_string()).await
    }

    /// Every stored event, as the program exports it.
    pub(crate) async fn export(&self) -> Vec<Value> {
        let output = Command::new(program())
            .arg("export")
            .arg("--database")
            .arg(self.database())
            .output()
            .await
            .unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout)
            .unwrap()
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    /// The messageIds of the stored events, in order.
    pub(crate) async fn stored_ids(&self) -> Vec<String> {
        let events = self.export().await;
        events
            .iter()
            .map(|event| event["messageId"].as_str().unwrap().to_owned())
            .collect()
    }

    /// A value of `/metrics`, by the start of its line.
    pub(crate) async fn metric(&self, name: &str) -> f64 {
        let url = format!("{}/metrics", self.admin_url);
        let answer = self.request(Method::GET, &url, &[], "").await;
        let line = answer.text.lines().find(|line| line.starts_with(name));
        let line = line.unwrap_or_else(|| panic!("no {name} in {}", answer.text));
        line.rsplit(' ').next().unwrap().parse().unwrap()
    }

    /// Forwards all waiting events, and returns when that is done.
    pub(crate) async fn flush(&self) -> Answer {
        let url = format!("{}/flush", self.admin_url);
        self.request(Method::POST, &url, &[], "").await
    }

    pub(crate) async fn kill(&mut self) {
        self.child.kill().await.unwrap();
    }

    /// Sends SIGTERM.
    pub(crate) async fn ask_to_stop(&self) {
        self.signal("-TERM").await;
    }

    /// Sends a signal, which is named as the program `kill` does.
    pub(crate) async fn signal(&self, name: &str) {
        let pid = self.pid().to_string();
        let sent = Command::new("kill").args([name, &pid]).status().await;
        assert!(sent.unwrap().success());
    }

    /// Waits for the program's end; true if it succeeded.
    pub(crate) async fn ended_well(mut self) -> bool {
        self.child.wait().await.unwrap().success()
    }
}

/// A track event with this id.
pub(crate) fn track(message_id: &str) -> Value {
    serde_json::json!({
        "type": "track",
        "event": "Product Added",
        "messageId": message_id,
        "anonymousId": "visitor",
    })
}

/// Runs the program with flags until it ends. Returns whether it succeeded, and its stderr.
pub(crate) async fn run(args: &[&str], toml: &str) -> (bool, String) {
    let folder = new_folder();
    let config = folder.path().join("gateway.toml");
    std::fs::write(&config, toml).unwrap();
    let mut child = Command::new(program())
        .arg("serve")
        .arg("--config")
        .arg(config)
        .args(args)
        .current_dir(folder.path())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut said = String::new();
    let mut stderr = child.stderr.take().unwrap();
    stderr.read_to_string(&mut said).await.unwrap();
    (child.wait().await.unwrap().success(), said)
}
