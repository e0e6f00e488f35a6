//! Segment's tracking paths: one event, or a batch.

use axum::Json;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::request::Parts;
use http::{StatusCode, header};
use serde_json::json;

use super::query_value;
use crate::error::ApiError;
use crate::event_type::EventType;
use crate::ingest::{
    AuthorizationKey, ReadEvents, Receipt, Rejection, authorization_key, decode_body, read_batch,
    read_body, read_single,
};
use crate::json_object::{JsonObject, unquote};
use crate::limits::BODIES_IN_WORK_BYTES;
use crate::middleware::peer::client_address;
use crate::sources::Keyholder;
use crate::state::{AppState, SharedState};
use crate::store::Append;

/// What became of a request's events.
#[derive(Debug)]
pub(super) struct Taken {
    n_accepted: usize,
    n_duplicates: usize,
    rejected: Vec<(usize, Rejection)>,
}

/// `POST /v1/track` and its like: the body is one event.
///
/// # Errors
/// Every `ApiError` of a request; see there.
pub(crate) async fn single(
    State(state): State<SharedState>,
    request: Request,
    event_type: EventType,
) -> Result<Response, ApiError> {
    let (parts, body) = request.into_parts();
    let body = body_text(&parts, body).await?;
    let _room = room(&state, &body).await?;
    let body = readable(body)?;
    let text = text_of(&body)?;
    let envelope = parse(text)?;
    let holder = identify(&state, &parts, &envelope, || None)?;
    let receipt = receipt(&state, &parts, &holder, false);
    let read = read_single(&body, text, event_type, &receipt);
    let mut taken = store(&state, read).await?;
    match taken.rejected.pop() {
        Some((_, rejection)) => Err(ApiError::Rejected(rejection)),
        None => Ok(taken.into_response()),
    }
}

/// `POST /v1/batch` and its like: the body is `{"batch":[…]}`.
///
/// # Errors
/// Every `ApiError` of a request; a broken event is none.
pub(crate) async fn batch(
    State(state): State<SharedState>,
    request: Request,
) -> Result<Response, ApiError> {
    let (parts, body) = request.into_parts();
    let body = body_text(&parts, body).await?;
    let _room = room(&state, &body).await?;
    let body = readable(body)?;
    let envelope = parse(text_of(&body)?)?;
    let holder = identify(&state, &parts, &envelope, || first_event_key(&envelope))?;
    let receipt = receipt(&state, &parts, &holder, false);
    let read = read_batch(&body, &envelope, &receipt)?;
    let taken = store(&state, read).await?;
    // All of a batch known already is one whose answer was lost: its ledger was counted.
    let repeat = taken.n_accepted == 0 && taken.n_duplicates > 0;
    if let Some(ledger) = envelope.get("ledger").filter(|_| !repeat) {
        let all = state.metrics.client_ledger();
        all.note(&holder.source.name, ledger);
    }
    Ok(taken.into_response())
}

/// `POST /v1/m`: the peer's metrics about itself; taken and thrown away.
pub(crate) async fn client_metrics(request: Request) -> StatusCode {
    // Read to the end, so that the connection can be used again.
    let _ = read_body(request.into_body()).await;
    StatusCode::NO_CONTENT
}

impl Taken {
    /// Why the only event was turned away, if it was.
    pub(super) fn single_rejection(mut self) -> Option<Rejection> {
        self.rejected.pop().map(|(_, rejection)| rejection)
    }
}

impl IntoResponse for Taken {
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

/// The decoded body.
pub(super) async fn body_text(parts: &Parts, body: Body) -> Result<Bytes, ApiError> {
    decode_body(&parts.headers, read_body(body).await?)
}

/// Room for the body among those in work; waits for it a while.
pub(super) async fn room<'a>(
    state: &'a AppState,
    body: &Bytes,
) -> Result<tokio::sync::SemaphorePermit<'a>, ApiError> {
    let n_bytes = u32::try_from(body.len().min(BODIES_IN_WORK_BYTES)).unwrap_or(u32::MAX);
    let waiting = state.body_room.acquire_many(n_bytes);
    tokio::time::timeout(crate::limits::COMMIT_QUEUE_WAIT, waiting)
        .await
        .map_err(|_| ApiError::Overloaded)?
        .map_err(|_| ApiError::Overloaded)
}

/// The body, with halves of characters mended where they stand in the way of reading it at all.
/// Those inside an event of a batch do not; they are mended with their event.
pub(super) fn readable(body: Bytes) -> Result<Bytes, ApiError> {
    let text = text_of(&body)?;
    if !text.contains("\\ud") && !text.contains("\\uD") || JsonObject::parse(text).is_ok() {
        return Ok(body);
    }
    Ok(Bytes::from(
        crate::ingest::mend_surrogates(text).into_owned(),
    ))
}

pub(super) fn text_of(body: &Bytes) -> Result<&str, ApiError> {
    std::str::from_utf8(body).map_err(|error| ApiError::InvalidBody(error.to_string()))
}

pub(super) fn parse(text: &str) -> Result<JsonObject<'_>, ApiError> {
    JsonObject::parse(text).map_err(|error| ApiError::InvalidBody(error.to_string()))
}

/// Finds out whose request it is, and whether its page and its rate are allowed. `event_key`
/// looks for the key where it is asked for last of the body.
pub(super) fn identify(
    state: &AppState,
    parts: &Parts,
    envelope: &JsonObject<'_>,
    event_key: impl FnOnce() -> Option<String>,
) -> Result<Keyholder, ApiError> {
    let body_key = || envelope.get("writeKey").and_then(unquote);
    let holder = match authorization_key(&parts.headers) {
        AuthorizationKey::Key(key) if !key.is_empty() => state.sources.by_key(&key),
        AuthorizationKey::Unreadable => None,
        AuthorizationKey::Key(_) | AuthorizationKey::Absent => {
            let key = body_key()
                .map(std::borrow::Cow::into_owned)
                .or_else(event_key)
                .or_else(|| query_value(&parts.uri, "writeKey"))
                .filter(|key| !key.is_empty())
                .ok_or(ApiError::MissingWriteKey)?;
            state.sources.by_key(&key)
        }
    };
    let holder = holder.ok_or(ApiError::UnknownWriteKey)?;
    admit(state, parts, holder)?;
    Ok(holder.clone())
}

/// Checks the page's origin against its own source, and the rate of its key.
pub(super) fn admit(state: &AppState, parts: &Parts, holder: &Keyholder) -> Result<(), ApiError> {
    if let Some(origin) = parts.headers.get(header::ORIGIN) {
        let origin = origin.to_str().map_err(|_| ApiError::OriginNotAllowed)?;
        if !holder.source.allowed_origins.allows(origin) {
            return Err(ApiError::OriginNotAllowed);
        }
    }
    state.rate_limits.check_key(holder.key_number)
}

/// The key that the batch's first event carries, as some clients send it.
fn first_event_key(envelope: &JsonObject<'_>) -> Option<String> {
    let batch: Vec<&serde_json::value::RawValue> =
        serde_json::from_str(envelope.get("batch")?).ok()?;
    let first = JsonObject::parse(batch.first()?.get()).ok()?;
    let key = first.get("writeKey").and_then(unquote)?;
    Some(key.into_owned())
}

/// What is known of the request beside its body.
pub(super) fn receipt(
    state: &AppState,
    parts: &Parts,
    holder: &Keyholder,
    fills_context: bool,
) -> Receipt {
    let user_agent = parts.headers.get(header::USER_AGENT);
    Receipt {
        source_id: holder.source.id,
        key_kind: holder.kind,
        received_ms: crate::now_ms(),
        ip: client_address(&parts.extensions, &parts.headers, &state.trusted_proxies).to_string(),
        user_agent: user_agent
            .and_then(|agent| agent.to_str().ok())
            .map(str::to_owned),
        fills_context,
    }
}

/// Hands the events to the committer and waits until they are durable.
pub(super) async fn store(state: &AppState, read: ReadEvents) -> Result<Taken, ApiError> {
    let mut append = Append {
        events: read.events,
        rejected: Vec::with_capacity(read.rejected.len()),
    };
    let mut rejected = Vec::with_capacity(read.rejected.len());
    for (index, rejection, kept) in read.rejected {
        append.rejected.push(kept);
        rejected.push((index, rejection));
    }
    let placements = if append.events.is_empty() && append.rejected.is_empty() {
        Vec::new()
    } else {
        state.committer.append(append).await?
    };
    let n_duplicates = placements
        .iter()
        .filter(|placement| placement.duplicate)
        .count();
    let n_accepted = placements.len() - n_duplicates;
    let superseding = placements.iter().filter(|one| one.supersedes.is_some());
    state
        .metrics
        .note_events(n_accepted, n_duplicates, superseding.count());
    for (_, rejection) in &rejected {
        state.metrics.note_rejected(rejection.code);
    }
    Ok(Taken {
        n_accepted,
        n_duplicates,
        rejected,
    })
}
