//! The plain paths (`/track`, `/identify`, …). They answer as a small Express service would: an
//! error is `{"error": "…"}`.

use axum::Json;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::intake::{admit, admit_by_key, read_request, receipt_of, room_for, store};
use crate::error::ApiError;
use crate::event_type::EventType;
use crate::ingest::read_single;
use crate::state::SharedState;

/// `POST /track` and its like: one event, whose source is named by a key or is the default one.
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
    let request = read_request(state, request).await?;
    let _room = room_for(state, request.body.len()).await?;
    let envelope = request.envelope()?;
    let holder = match admit_by_key(state, &request.parts, &envelope, || None) {
        Err(ApiError::MissingWriteKey) => {
            let settings = state.settings();
            let default = settings.sources.default_source();
            let holder = default.ok_or(ApiError::MissingWriteKey)?;
            admit(state, &request.parts, holder).map_err(|error| match error {
                ApiError::OriginNotAllowed => ApiError::OriginUnlisted,
                other => other,
            })?;
            holder.clone()
        }
        admitted => admitted?,
    };
    let receipt = receipt_of(state, &request.parts, &holder, true);
    let read = read_single(&request.body, request.text()?, event_type, &receipt);
    store(state, read).await?.of_one_event().map(drop)
}
