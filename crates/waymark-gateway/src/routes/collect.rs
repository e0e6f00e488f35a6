//! Segment's tracking paths: one event, or a batch.

use axum::Json;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde_json::json;

use super::intake::{Intake, admit_by_key, read_request, receipt_of, room_for, store};
use crate::error::ApiError;
use crate::event_type::EventType;
use crate::ingest::{batch_growth_bytes, discard_body, read_batch, read_single};
use crate::json_object::{JsonObject, unquote};
use crate::state::SharedState;

/// `POST /v1/track` and its like: the body is one event.
///
/// # Errors
/// Any [`ApiError`] of a request, and `Rejected` when the event is invalid.
pub(crate) async fn single(
    State(state): State<SharedState>,
    request: Request,
    event_type: EventType,
) -> Result<Response, ApiError> {
    let request = read_request(&state, request).await?;
    let _room = room_for(&state, request.body.len()).await?;
    let envelope = request.envelope()?;
    let holder = admit_by_key(&state, &request.parts, &envelope, || None)?;
    let receipt = receipt_of(&state, &request.parts, &holder, false);
    let read = read_single(&request.body, request.text()?, event_type, &receipt);
    let intake = store(&state, read).await?.of_one_event()?;
    Ok(intake.into_response())
}

/// `POST /v1/batch` and its like: the body is `{"batch":[…]}`.
///
/// # Errors
/// Any [`ApiError`] of a request, but never because one of its events is invalid.
pub(crate) async fn batch(
    State(state): State<SharedState>,
    request: Request,
) -> Result<Response, ApiError> {
    let request = read_request(&state, request).await?;
    let envelope = request.envelope()?;
    let body_bytes = request.body.len();
    let grown_bytes = body_bytes + batch_growth_bytes(&envelope, body_bytes);
    let _room = room_for(&state, grown_bytes).await?;
    let event_key = || first_event_key(&envelope);
    let holder = admit_by_key(&state, &request.parts, &envelope, event_key)?;
    let receipt = receipt_of(&state, &request.parts, &holder, false);
    let read = read_batch(&request.body, &envelope, &receipt)?;
    let intake = store(&state, read).await?;
    // A batch of duplicates alone was sent again because its answer was lost: its ledger has
    // been counted.
    let is_repeat = intake.n_accepted == 0 && intake.n_duplicates > 0;
    if let Some(ledger) = envelope.get("ledger").filter(|_| !is_repeat) {
        let all = state.metrics.client_ledger();
        all.note(&holder.source.name, ledger);
    }
    Ok(intake.into_response())
}

/// `POST /v1/m`: what Segment's client measures about itself; read and thrown away.
pub(crate) async fn client_metrics(request: Request) -> StatusCode {
    // Read to the end, so that the connection can be used again.
    discard_body(request.into_body()).await;
    StatusCode::NO_CONTENT
}

/// The write key of the batch's first event: some clients send it only there.
fn first_event_key(envelope: &JsonObject<'_>) -> Option<String> {
    let batch: Vec<&serde_json::value::RawValue> =
        serde_json::from_str(envelope.get("batch")?).ok()?;
    let first = JsonObject::parse(batch.first()?.get()).ok()?;
    let key = first.get("writeKey").and_then(unquote)?;
    Some(key.into_owned())
}

impl IntoResponse for Intake {
    fn into_response(self) -> Response {
        let rejected: Vec<_> = self
            .rejected
            .iter()
            .map(|(index, rejection)| {
                json!({
                    "index": index,
                    "messageId": rejection.message_id,
                    "code": rejection.code,
                    "message": rejection.message,
                })
            })
            .collect();
        let body = json!({
            "success": true,
            "accepted": self.n_accepted,
            "duplicates": self.n_duplicates,
            "rejected": rejected,
        });
        Json(body).into_response()
    }
}
