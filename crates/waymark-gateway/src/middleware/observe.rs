//! Counts and logs every request, without its body, key or address.

use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::header;

use crate::error::RefusedFor;
use crate::state::SharedState;

/// Counts and logs a request and its answer.
pub(crate) async fn observe(
    State(state): State<SharedState>,
    request: Request,
    next: Next,
) -> Response {
    let started = Instant::now();
    // The pattern, not the path: the path of a settings request holds the write key.
    let known = request.extensions().get::<MatchedPath>().cloned();
    let route = known.as_ref().map_or("other", MatchedPath::as_str);
    let retries = request.headers().get("x-retry-count");
    if retries.is_some_and(|count| count != "0") {
        state.metrics.note_retried_request();
    }
    let origin = request.headers().get(header::ORIGIN).cloned();
    let response = next.run(request).await;
    let status = response.status().as_u16();
    let took = started.elapsed();
    state.metrics.note_request(route, status, took);
    if let Some(refused) = response.extensions().get::<RefusedFor>() {
        let origin = origin
            .as_ref()
            .filter(|_| refused.for_origin)
            .map(|origin| origin.to_str().unwrap_or("null"));
        let origin = state.metrics.note_refused_request(refused.code, origin);
        // Who looks for other paths is no shop.
        if known.is_some() {
            tracing::warn!(reason = refused.code, origin, "refused a request");
        }
    }
    tracing::debug!(
        route,
        status,
        duration_us = took.as_micros() as u64,
        "answered"
    );
    response
}
