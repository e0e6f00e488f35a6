//! The express lane: calls that a page holds until its client is there.

use axum::Json;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::intake::{admit_by_key, read_request, receipt_of, room_for, store};
use crate::error::ApiError;
use crate::ingest::{Calls, growth_max_bytes, read_made};
use crate::limits::CALLS_BODY_MAX_BYTES;
use crate::state::SharedState;

/// `POST /v1/calls`: stores the events of the calls, and answers with the places of the calls
/// whose events are stored. The page keeps all others, and sends their events itself; as it makes
/// the same ids, an event that comes on both ways is one.
///
/// # Errors
/// Any [`ApiError`] of a request, but never because one of its events is invalid.
pub(crate) async fn calls(
    State(state): State<SharedState>,
    request: Request,
) -> Result<Response, ApiError> {
    let request = read_request(&state, request).await?;
    let body_bytes = request.body.len();
    // Before any of it is looked at: what a call costs grows with the square of its length.
    if body_bytes > CALLS_BODY_MAX_BYTES {
        return Err(ApiError::BodyTooLarge(CALLS_BODY_MAX_BYTES));
    }
    let _room = room_for(&state, body_bytes + growth_max_bytes(body_bytes)).await?;
    let envelope = request.envelope()?;
    let holder = admit_by_key(&state, &request.parts, &envelope, || None)?;
    let receipt = receipt_of(&state, &request.parts, &holder, false);
    let calls = Calls::read(&envelope)?;
    let (places, read) = read_made(&calls.make(body_bytes), calls.sent_ms, &receipt);
    let intake = store(&state, read).await?;
    let is_rejected = |index| intake.rejected.iter().any(|(one, _)| *one == index);
    let stored: Vec<_> = (0..places.len())
        .filter(|index| !is_rejected(*index))
        .filter_map(|index| places.get(index))
        .collect();
    Ok(Json(json!({ "success": true, "stored": stored })).into_response())
}
