//! The rate limit per client address, checked before the body is read.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::Method;

use super::client_address::client_address;
use crate::ingest::discard_body;
use crate::routes::pixel::PIXELS;
use crate::state::SharedState;

/// Turns a request away when too many came from its address.
pub(crate) async fn per_address(
    State(state): State<SharedState>,
    request: Request,
    next: Next,
) -> Response {
    let is_pixel = request.uri().path().starts_with(PIXELS);
    if request.method() != Method::POST && !is_pixel {
        return next.run(request).await;
    }
    let settings = state.settings();
    let address = client_address(
        request.extensions(),
        request.headers(),
        &settings.trusted_proxies,
    );
    match settings.rate_limits.check_address(address) {
        Ok(()) => next.run(request).await,
        Err(error) => {
            // The body is read all the same: closing a connection over an unread body can cost
            // the client the answer.
            discard_body(request.into_body()).await;
            error.into_response()
        }
    }
}
