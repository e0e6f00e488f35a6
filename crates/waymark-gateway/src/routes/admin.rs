//! The operator's routes: metrics, flushing what waits to be forwarded, and reloading the
//! configuration.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header;
use serde_json::json;

use crate::error::ApiError;
use crate::limits::{FLUSH_TIMEOUT, IN_WORK_BYTES};
use crate::metrics::AtWork;
use crate::state::SharedState;
use crate::store::{DiskUsage, EventReader};

/// `GET /openapi.json`: both listeners' paths, as `OpenAPI` 3.1 has them.
pub(crate) async fn openapi() -> Response {
    let content_type = [(header::CONTENT_TYPE, "application/json")];
    (content_type, include_str!("openapi.json")).into_response()
}

/// `GET /metrics`
pub(crate) async fn metrics(State(state): State<SharedState>) -> Response {
    note_store(&state).await;
    let content_type = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    ([(header::CONTENT_TYPE, content_type)], state.metrics.text()).into_response()
}

/// Notes what changes without an event.
async fn note_store(state: &SharedState) {
    let metrics = &state.metrics;
    metrics.note_store_ready(state.committer.is_ready());
    metrics.note_disk(DiskUsage::of(&state.database));
    let now_ms = crate::now_ms();
    // An error is in the log; the gauge keeps its value.
    if let Ok(oldest_ms) = state.read(EventReader::oldest_received_ms).await {
        let age_ms = oldest_ms.map_or(0, |oldest_ms| now_ms - oldest_ms);
        metrics.note_oldest_event(age_ms.max(0));
    }
    if let Ok(counts) = state.read(EventReader::dead_letter_counts).await {
        for (source, destination, n_letters) in counts {
            metrics.note_dead_letters(&source, &destination, n_letters);
        }
    }
    metrics.note_at_work(AtWork {
        queue_requests: state.committer.n_waiting(),
        body_bytes: state.bodies.taken_bytes(),
        work_bytes: IN_WORK_BYTES.saturating_sub(state.room.available_permits()),
        connections: state.connections.each_ref().map(|one| one.n_open()),
    });
    metrics.note_key_ends(state.settings().sources.ending(), now_ms);
    let stored = state.committer.totals().borrow().stored;
    for (route, lag_events) in state.forwarding.lags(stored) {
        metrics.note_forward_lag(route, lag_events);
    }
    for (route, paused) in state.forwarding.paused() {
        metrics.note_forward_paused(route, paused);
    }
    for (route, age_ms) in state.forwarding.undelivered_ages(now_ms) {
        metrics.note_undelivered_age(route, age_ms);
    }
}

/// `POST /reload`: answers when the configuration was read again.
///
/// # Errors
/// When it is wrong, or its sources cannot be stored: the one before stays in force.
pub(crate) async fn reload(State(state): State<SharedState>) -> Result<Response, ApiError> {
    let done = state.reloading.reload().await?;
    Ok(Json(done.to_json()).into_response())
}

/// `POST /flush`: answers when everything stored so far has been forwarded.
pub(crate) async fn flush(State(state): State<SharedState>) -> Response {
    let through_seq = state.committer.totals().borrow().stored;
    let caught_up = state.forwarding.flush(through_seq);
    match tokio::time::timeout(FLUSH_TIMEOUT, caught_up).await {
        Ok(()) => Json(json!({ "success": true })).into_response(),
        Err(_) => {
            let error = ApiError::FlushIncomplete;
            error.respond_with(json!({
                "error": "Failed to flush events",
                "code": error.code(),
                "message": error.to_string(),
            }))
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_document_has_the_gateway_s_version() {
        let document: serde_json::Value =
            serde_json::from_str(include_str!("openapi.json")).unwrap();
        assert_eq!(document["info"]["version"], env!("CARGO_PKG_VERSION"));
    }
}
