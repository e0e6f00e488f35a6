//! An HTTP server in Segment's place that misbehaves on demand.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use http::{HeaderMap, StatusCode};
use serde_json::Value;
use tokio::sync::mpsc;

/// How the upstream answers one request.
#[derive(Debug, Clone)]
pub(crate) enum Behaviour {
    /// With this status.
    Status(u16),
    /// With this status and header.
    WithHeader(u16, &'static str, &'static str),
    /// With 400 whenever an event of this name is in the batch.
    Poisoned(&'static str),
    /// Never.
    Silent,
}

/// A request that the upstream received.
#[derive(Debug)]
pub(crate) struct Received {
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
    pub(crate) n_bytes: usize,
}

impl Received {
    pub(crate) fn ids(&self) -> Vec<String> {
        let events = self.body["batch"].as_array().unwrap();
        let id = |event: &Value| event["messageId"].as_str().unwrap().to_owned();
        events.iter().map(id).collect()
    }
}

#[derive(Clone)]
struct Shared {
    behaviours: Arc<Mutex<VecDeque<Behaviour>>>,
    requests: mpsc::UnboundedSender<Received>,
}

/// The server. Once all behaviours are used, it answers 200.
pub(crate) struct Upstream {
    pub(crate) url: String,
    pub(crate) requests: mpsc::UnboundedReceiver<Received>,
    behaviours: Arc<Mutex<VecDeque<Behaviour>>>,
}

impl Upstream {
    pub(crate) async fn start(behaviours: impl IntoIterator<Item = Behaviour>) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/v1", listener.local_addr().unwrap());
        let (sender, requests) = mpsc::unbounded_channel();
        let shared = Shared {
            behaviours: Arc::new(Mutex::new(behaviours.into_iter().collect())),
            requests: sender,
        };
        let behaviours = Arc::clone(&shared.behaviours);
        let router = Router::new()
            .route("/v1/batch", post(answer))
            .with_state(shared);
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self {
            url,
            requests,
            behaviours,
        }
    }

    /// Has it behave like this from now on.
    pub(crate) fn behave(&self, behaviours: impl IntoIterator<Item = Behaviour>) {
        *self.behaviours.lock().unwrap() = behaviours.into_iter().collect();
    }

    pub(crate) async fn next(&mut self) -> Received {
        self.requests.recv().await.unwrap()
    }

    /// The configuration of the source `shop`, forwarded to this server.
    pub(crate) fn config(&self) -> String {
        format!(
            "{}[sources.forward]\nupstream = \"{}\"\nwrite_key = \"upstream-key\"\n",
            crate::program::SHOP,
            self.url
        )
    }
}

async fn answer(State(shared): State<Shared>, headers: HeaderMap, body: Bytes) -> Response {
    let received = Received {
        headers,
        body: serde_json::from_slice(&body).unwrap(),
        n_bytes: body.len(),
    };
    let behaviour = {
        let mut behaviours = shared.behaviours.lock().unwrap();
        match behaviours.front() {
            Some(poisoned @ Behaviour::Poisoned(_)) => Some(poisoned.clone()),
            _ => behaviours.pop_front(),
        }
    };
    let names: Vec<_> = received.body["batch"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| event["event"].clone())
        .collect();
    shared.requests.send(received).ok();
    let status = |code: u16| StatusCode::from_u16(code).unwrap();
    match behaviour {
        None => (StatusCode::OK, r#"{"success":true}"#).into_response(),
        Some(Behaviour::Status(code)) => status(code).into_response(),
        Some(Behaviour::WithHeader(code, name, value)) => {
            (status(code), [(name, value)], "").into_response()
        }
        Some(Behaviour::Poisoned(name)) if names.iter().any(|is| is == name) => {
            (StatusCode::BAD_REQUEST, "I do not like this event").into_response()
        }
        Some(Behaviour::Poisoned(_)) => StatusCode::OK.into_response(),
        Some(Behaviour::Silent) => std::future::pending().await,
    }
}
