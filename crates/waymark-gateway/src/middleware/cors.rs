//! Cross-origin requests. A preflight carries no key, so it succeeds for an origin that any
//! source allows; the request itself is checked against its own source in `routes/intake.rs`.
//! The page that asked can read every answer, errors too. Only answers about the visitor's
//! cookies are kept to pages whose exact origin a source lists.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};

use crate::error::ApiError;
use crate::limits::{PREFLIGHT_HEADER_MAX_BYTES, PREFLIGHT_MAX_AGE_SECONDS, PREFLIGHT_MAX_HEADERS};
use crate::state::SharedState;

const METHODS: HeaderValue = HeaderValue::from_static("GET, POST, OPTIONS");
const HEADERS: &str = "authorization, content-type, content-encoding, x-retry-count";
/// Paths for pages of listed origins alone; `*` lists none.
pub(crate) const FOR_LISTED_ORIGINS: [&str; 2] = ["/v1/identity", "/identity"];
const EXPOSED: HeaderValue = HeaderValue::from_static("Retry-After");

/// Answers preflights, and lets the page read every other answer.
pub(crate) async fn cors(
    State(state): State<SharedState>,
    request: Request,
    next: Next,
) -> Response {
    let origin = request.headers().get(header::ORIGIN).cloned();
    let path = request.uri().path().trim_end_matches('/');
    let only_listed = FOR_LISTED_ORIGINS.contains(&path);
    let sources = &state.settings().sources;
    let allowed = match origin.as_ref().map(HeaderValue::to_str) {
        Some(Ok(origin)) if only_listed => sources.any_lists(origin),
        Some(Ok(origin)) => sources.any_allows(origin),
        Some(Err(_)) => false,
        None => !only_listed,
    };
    let mut response = if request.method() == Method::OPTIONS {
        preflight(allowed, request.headers())
    } else {
        next.run(request).await
    };
    if only_listed && (!allowed || response.status() == StatusCode::FORBIDDEN) {
        let headers = response.headers_mut();
        headers.append(header::VARY, HeaderValue::from_static("Origin"));
    } else {
        mark_readable(response.headers_mut(), origin);
    }
    response
}

fn preflight(allowed: bool, asked: &HeaderMap) -> Response {
    if !allowed {
        return ApiError::OriginUnlisted.into_response();
    }
    let headers = [
        (header::ACCESS_CONTROL_ALLOW_METHODS, METHODS),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, allowed_headers(asked)),
        (
            header::VARY,
            HeaderValue::from_static("Access-Control-Request-Headers"),
        ),
        (
            header::ACCESS_CONTROL_MAX_AGE,
            HeaderValue::from(PREFLIGHT_MAX_AGE_SECONDS),
        ),
    ];
    (StatusCode::NO_CONTENT, headers).into_response()
}

/// The gateway's own headers, and those that are asked for: monitoring agents add theirs to every
/// request of the page, and must not keep its events from arriving.
fn allowed_headers(asked: &HeaderMap) -> HeaderValue {
    let asked = asked.get_all(header::ACCESS_CONTROL_REQUEST_HEADERS);
    let names = asked
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .filter(|name| name.len() <= PREFLIGHT_HEADER_MAX_BYTES)
        .filter_map(|name| HeaderName::from_bytes(name.as_bytes()).ok())
        .take(PREFLIGHT_MAX_HEADERS);
    let mut allowed = HEADERS.to_owned();
    for name in names {
        if !HEADERS.split(", ").any(|own| own == name.as_str()) {
            allowed.push_str(", ");
            allowed.push_str(name.as_str());
        }
    }
    HeaderValue::try_from(allowed).unwrap_or(HeaderValue::from_static(HEADERS))
}

fn mark_readable(headers: &mut HeaderMap, origin: Option<HeaderValue>) {
    // `*` only without an Origin: browsers refuse it together with credentials, which
    // sendBeacon always sends.
    if let Some(origin) = origin {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(
            header::ACCESS_CONTROL_ALLOW_CREDENTIALS,
            HeaderValue::from_static("true"),
        );
    } else {
        let any = HeaderValue::from_static("*");
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, any);
    }
    headers.append(header::VARY, HeaderValue::from_static("Origin"));
    headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
}
