//! An HTTP server in a vendor's place.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode, Uri};
use serde_json::Value;
use tokio::sync::mpsc;

/// A request that the vendor received.
#[derive(Debug)]
pub(crate) struct Received {
    /// Path and query.
    pub(crate) path: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
    pub(crate) text: String,
}

/// What is answered: status, body; or nothing, ever.
pub(crate) type Reply = Option<(u16, String)>;

type Handler = Box<dyn FnMut(&str, &Value) -> Reply + Send>;

#[derive(Clone)]
struct Shared {
    handler: Arc<Mutex<Handler>>,
    requests: mpsc::UnboundedSender<Received>,
}

/// The server.
pub(crate) struct Vendor {
    pub(crate) url: String,
    pub(crate) requests: mpsc::UnboundedReceiver<Received>,
    handler: Arc<Mutex<Handler>>,
}

/// What every vendor takes for success.
pub(crate) fn fine() -> Reply {
    Some((200, r#"{"code":0,"status":1}"#.to_owned()))
}

impl Vendor {
    pub(crate) async fn start(handler: impl FnMut(&str, &Value) -> Reply + Send + 'static) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (sender, requests) = mpsc::unbounded_channel();
        let handler: Handler = Box::new(handler);
        let handler = Arc::new(Mutex::new(handler));
        let shared = Shared {
            handler: Arc::clone(&handler),
            requests: sender,
        };
        let router = Router::new().fallback(answer).with_state(shared);
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self {
            url,
            requests,
            handler,
        }
    }

    /// Has it answer like this from now on.
    pub(crate) fn answer_by(&self, handler: impl FnMut(&str, &Value) -> Reply + Send + 'static) {
        *self.handler.lock().unwrap() = Box::new(handler);
    }

    pub(crate) async fn next(&mut self) -> Received {
        self.requests.recv().await.unwrap()
    }

    /// All requests that came so far.
    pub(crate) fn so_far(&mut self) -> Vec<Received> {
        std::iter::from_fn(|| self.requests.try_recv().ok()).collect()
    }
}

async fn answer(
    State(shared): State<Shared>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let path = uri.path_and_query().unwrap().as_str().to_owned();
    let received = Received {
        body: serde_json::from_slice(&body).unwrap(),
        text: String::from_utf8(body.to_vec()).unwrap(),
        path,
        headers,
    };
    let reply = (shared.handler.lock().unwrap())(&received.path, &received.body);
    shared.requests.send(received).ok();
    match reply {
        Some((status, body)) => (StatusCode::from_u16(status).unwrap(), body).into_response(),
        None => std::future::pending().await,
    }
}
