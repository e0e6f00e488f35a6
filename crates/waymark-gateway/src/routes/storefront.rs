//! Serves the built storefront, if one is configured, on all other paths.

use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, Method, Uri, header};
use tower::ServiceExt;
use tower_http::services::ServeFile;

use super::files::file;
use crate::error::ApiError;
use crate::state::SharedState;

/// For files with a hash of their content in the name: they never change.
pub(super) const FOREVER: HeaderValue =
    HeaderValue::from_static("public, max-age=31536000, immutable");
/// For other files: caches ask again each time.
pub(super) const ASK_AGAIN: HeaderValue = HeaderValue::from_static("no-cache");

/// Serves a file of the storefront. A request for a page that is not a file gets `index.html`:
/// the storefront routes in the browser.
pub(crate) async fn storefront(State(state): State<SharedState>, request: Request) -> Response {
    let Some(dir) = &state.static_dir else {
        return ApiError::NotFound.into_response();
    };
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return ApiError::NotFound.into_response();
    }
    let hashed = request.uri().path().starts_with("/assets/");
    let is_page = wants_page(&request);
    let (mut parts, _) = request.into_parts();
    let asked = Request::from_parts(parts.clone(), axum::body::Body::empty());
    match file(dir, asked).await {
        Ok(Some(found)) => {
            let cache = if hashed { FOREVER } else { ASK_AGAIN };
            return with_cache(found, cache);
        }
        Ok(None) if is_page => {}
        Ok(None) => return ApiError::NotFound.into_response(),
        Err(error) => return error.into_response(),
    }
    parts.uri = Uri::from_static("/index.html");
    let index = ServeFile::new(dir.join("index.html"))
        .precompressed_br()
        .precompressed_gzip();
    let asked = Request::from_parts(parts, axum::body::Body::empty());
    match index.oneshot(asked).await {
        Ok(response) => with_cache(response.into_response(), ASK_AGAIN),
        Err(never) => match never {},
    }
}

fn wants_page(request: &Request) -> bool {
    let accept = request.headers().get(header::ACCEPT);
    accept
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"))
}

/// The response with a rule for caches, and with its content type made final.
pub(super) fn with_cache(mut response: Response, cache: HeaderValue) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, cache);
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    response
}
