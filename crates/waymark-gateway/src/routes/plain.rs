//! The plain paths (`/track`, `/identify`, …) with the answers of an Express service: an error
//! is `{"error": "…"}`. `/screen` is taken alike.

use axum::Json;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::collect;
use crate::error::ApiError;
use crate::event_type::EventType;
use crate::ingest::read_single;
use crate::state::SharedState;

/// `POST /track` and its like: one event, its source from a key or the default one.
pub(crate) async fn plain(
    State(state): State<SharedState>,
    request: Request,
    event_type: EventType,
) -> Response {
    match take(&state, request, event_type).await {
        Ok(()) => Json(json!({ "success": true })).into_response(),
        Err(error) => {
            let message = error.to_string();
            error.respond_with(json!({
                "error": message,
                "code": error.code(),
                "message": message,
            }))
        }
    }
}

async fn take(
    state: &SharedState,
    request: Request,
    event_type: EventType,
) -> Result<(), ApiError> {
    let (parts, body) = request.into_parts();
    let body = collect::body_text(&parts, body).await?;
    let _room = collect::room(state, &body).await?;
    let body = collect::readable(body)?;
    let text = collect::text_of(&body)?;
    let envelope = collect::parse(text)?;
    let holder = match collect::identify(state, &parts, &envelope, || None) {
        Err(ApiError::MissingWriteKey) => {
            let default = state.sources.default_source();
            let holder = default.ok_or(ApiError::MissingWriteKey)?;
            collect::admit(state, &parts, holder)?;
            holder.clone()
        }
        identified => identified?,
    };
    let receipt = collect::receipt(state, &parts, &holder, true);
    let read = read_single(&body, text, event_type, &receipt);
    let taken = collect::store(state, read).await?;
    taken
        .single_rejection()
        .map_or(Ok(()), |rejection| Err(ApiError::Rejected(rejection)))
}
