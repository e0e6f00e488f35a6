//! `/health`: the process runs. `/ready`: it can take events.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};
use serde_json::json;

use crate::limits::STORE_RETRY_AFTER_SECONDS;
use crate::state::SharedState;

/// `GET /health`
pub(crate) async fn health() -> Response {
    Json(json!({ "status": "ok" })).into_response()
}

/// `GET /ready` for the operator: also tells which sources' upstreams are paused, as they refuse
/// everything. Events are taken all the same.
pub(crate) async fn ready_with_destinations(State(state): State<SharedState>) -> Response {
    if !state.committer.is_ready() {
        return ready(State(state)).await;
    }
    let paused = state.forwarding.paused();
    let paused = paused.filter(|(_, paused)| *paused);
    let paused: Vec<_> = paused.map(|(route, _)| route.to_string()).collect();
    Json(json!({ "ready": true, "paused": paused })).into_response()
}

/// `GET /ready`: 503 while the store cannot be written.
pub(crate) async fn ready(State(state): State<SharedState>) -> Response {
    if state.committer.is_ready() {
        return Json(json!({ "ready": true })).into_response();
    }
    (
        StatusCode::SERVICE_UNAVAILABLE,
        [(header::RETRY_AFTER, STORE_RETRY_AFTER_SECONDS)],
        Json(json!({
            "ready": false,
            "code": "store_unavailable",
            "message": "the store cannot be written",
        })),
    )
        .into_response()
}
