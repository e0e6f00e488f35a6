//! Guards the admin listener.

use std::net::IpAddr;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, header};

use crate::error::ApiError;
use crate::state::SharedState;

/// Asks for the token, if one is set: as `Authorization: Bearer …`, or as `?token=…`, because an
/// `EventSource` cannot send headers.
pub(crate) async fn token(
    State(state): State<SharedState>,
    request: Request,
    next: Next,
) -> Response {
    let Some(expected) = state.settings().admin_token else {
        return next.run(request).await;
    };
    let bearer = request
        .headers()
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "));
    let in_query = crate::routes::query_value(request.uri(), "token");
    let given = bearer.map(str::to_owned).or(in_query);
    // Comparing hashes keeps the time taken from revealing how much was right.
    let right = given.is_some_and(|given| blake3::hash(given.as_bytes()) == expected);
    if right {
        next.run(request).await
    } else {
        ApiError::AdminTokenRequired.into_response()
    }
}

/// Without a token the listener is on loopback and answers only to loopback names: a page that
/// points its own name at 127.0.0.1 (DNS rebinding) must not read the events.
pub(crate) async fn own_host(
    State(state): State<SharedState>,
    request: Request,
    next: Next,
) -> Response {
    if state.settings().admin_token.is_none() && !names_loopback(request.headers()) {
        return ApiError::AdminHostRefused.into_response();
    }
    next.run(request).await
}

fn names_loopback(headers: &HeaderMap) -> bool {
    let Some(host) = headers
        .get(header::HOST)
        .and_then(|value| value.to_str().ok())
    else {
        return true;
    };
    let name = match host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((v6, _)) => v6,
        None => host.split(':').next().unwrap_or_default(),
    };
    name.eq_ignore_ascii_case("localhost")
        || name
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}
