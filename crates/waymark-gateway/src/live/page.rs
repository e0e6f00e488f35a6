//! The live view's page, style and scripts, under a content security policy that allows only
//! these.

use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use http::header;

use crate::error::ApiError;

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; \
    frame-ancestors 'none'";

const JAVASCRIPT: &str = "text/javascript; charset=utf-8";

fn asset(content_type: &'static str, text: &'static str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, content_type),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-cache"),
    ];
    (headers, text).into_response()
}

/// `GET /`
pub(crate) async fn page() -> Response {
    asset(
        "text/html; charset=utf-8",
        include_str!("assets/index.html"),
    )
}

/// `GET /live.js`
pub(crate) async fn script() -> Response {
    asset(JAVASCRIPT, include_str!("assets/live.js"))
}

/// `GET /live/{file}`: the modules `live.js` imports.
pub(crate) async fn module(Path(file): Path<String>) -> Response {
    let text = match file.as_str() {
        "details.js" => include_str!("assets/live/details.js"),
        "dom.js" => include_str!("assets/live/dom.js"),
        "entry.js" => include_str!("assets/live/entry.js"),
        "fates.js" => include_str!("assets/live/fates.js"),
        "json.js" => include_str!("assets/live/json.js"),
        "limits.js" => include_str!("assets/live/limits.js"),
        "list.js" => include_str!("assets/live/list.js"),
        "stream.js" => include_str!("assets/live/stream.js"),
        _ => return ApiError::NotFound.into_response(),
    };
    asset(JAVASCRIPT, text)
}

/// `GET /live.css`
pub(crate) async fn style() -> Response {
    asset("text/css; charset=utf-8", include_str!("assets/live.css"))
}
