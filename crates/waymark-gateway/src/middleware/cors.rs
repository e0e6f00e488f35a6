//! Cross-origin requests. A preflight carries no key, so it mirrors an origin that any source
//! allows; the request itself is checked against its own source in `routes/collect.rs`. Every
//! answer, errors too, can be read by the page that asked.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};

use crate::error::ApiError;
use crate::limits::PREFLIGHT_MAX_AGE_SECONDS;
use crate::state::SharedState;

const METHODS: HeaderValue = HeaderValue::from_static("GET, POST, OPTIONS");
const HEADERS: HeaderValue =
    HeaderValue::from_static("authorization, content-type, content-encoding, x-retry-count");
const EXPOSED: HeaderValue = HeaderValue::from_static("Retry-After");

/// Answers preflights and marks every other answer as readable for its page.
pub(crate) async fn cors(
    State(state): State<SharedState>,
    request: Request,
    next: Next,
) -> Response {
    let origin = request.headers().get(header::ORIGIN).cloned();
    let mut response = if request.method() == Method::OPTIONS {
        preflight(&state, origin.as_ref())
    } else {
        next.run(request).await
    };
    mark_readable(response.headers_mut(), origin);
    response
}

fn preflight(state: &SharedState, origin: Option<&HeaderValue>) -> Response {
    let allowed = match origin.map(HeaderValue::to_str) {
        Some(Ok(origin)) => state.sources.any_allows(origin),
        Some(Err(_)) => false,
        None => true,
    };
    if !allowed {
        return ApiError::OriginNotAllowed.into_response();
    }
    let headers = [
        (header::ACCESS_CONTROL_ALLOW_METHODS, METHODS),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, HEADERS),
        (
            header::ACCESS_CONTROL_MAX_AGE,
            HeaderValue::from(PREFLIGHT_MAX_AGE_SECONDS),
        ),
    ];
    (StatusCode::NO_CONTENT, headers).into_response()
}

fn mark_readable(headers: &mut HeaderMap, origin: Option<HeaderValue>) {
    // `*` is only for requests without an Origin: browsers refuse it together with
    // credentials, which sendBeacon always sends.
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
