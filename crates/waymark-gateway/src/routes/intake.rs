//! The steps every route with events takes: read the body, find and admit its source, store.

use std::collections::HashSet;

use axum::extract::Request;
use bytes::Bytes;
use http::header;
use http::request::Parts;
use tokio::sync::SemaphorePermit;

use super::query_value;
use crate::error::ApiError;
use crate::ingest::{
    AuthorizationKey, BodyMemory, ReadEvents, Receipt, Rejection, authorization_key, decode_body,
    mend_surrogates, read_body,
};
use crate::json_object::{JsonObject, unquote};
use crate::limits::{BODY_MAX_BYTES, COMMIT_QUEUE_WAIT, IN_WORK_BYTES, USER_AGENT_MAX_BYTES};
use crate::middleware::client_address::client_address;
use crate::sources::Keyholder;
use crate::state::AppState;
use crate::store::{Append, Placement, Refused};

/// A request whose body has been read.
#[derive(Debug)]
pub(super) struct ReadRequest {
    /// Everything but the body.
    pub(super) parts: Parts,
    /// The body: decompressed, and UTF-8.
    pub(super) body: Bytes,
    _memory: BodyMemory,
}

/// The result of storing a request's events.
#[derive(Debug)]
pub(super) struct Intake {
    /// Events stored.
    pub(super) n_accepted: usize,
    /// Events acknowledged because they were stored before.
    pub(super) n_duplicates: usize,
    /// Events turned away, with their place in the batch.
    pub(super) rejected: Vec<(usize, Rejection)>,
}

impl Intake {
    /// The same for a request whose body is one event.
    ///
    /// # Errors
    /// `Rejected` when the event was turned away.
    pub(super) fn of_one_event(mut self) -> Result<Self, ApiError> {
        match self.rejected.pop() {
            Some((_, rejection)) => Err(ApiError::Rejected(rejection)),
            None => Ok(self),
        }
    }
}

/// Reads and decodes the body.
///
/// # Errors
/// When the body cannot be read or decoded, or there is no memory for it.
pub(super) async fn read_request(
    state: &AppState,
    request: Request,
) -> Result<ReadRequest, ApiError> {
    let (parts, body) = request.into_parts();
    let mut memory = memory_for(state, &parts);
    let body = read_body(body, BODY_MAX_BYTES, &mut memory).await?;
    let body = parseable(decode_body(&parts.headers, body, &mut memory)?)?;
    Ok(ReadRequest {
        parts,
        body,
        _memory: memory,
    })
}

/// The memory of a request's body, counted for the client's address.
pub(super) fn memory_for(state: &AppState, parts: &Parts) -> BodyMemory {
    let proxies = &state.settings().trusted_proxies;
    let address = client_address(&parts.extensions, &parts.headers, proxies);
    state.bodies.for_body(address)
}

/// Waits until there is memory to work on so many bytes of events. It is held by the permit.
///
/// # Errors
/// `Overloaded` when there is none in time.
pub(super) async fn room_for(
    state: &AppState,
    n_bytes: usize,
) -> Result<SemaphorePermit<'_>, ApiError> {
    let n_bytes = u32::try_from(n_bytes.min(IN_WORK_BYTES)).unwrap_or(u32::MAX);
    let waiting = state.room.acquire_many(n_bytes);
    tokio::time::timeout(COMMIT_QUEUE_WAIT, waiting)
        .await
        .map_err(|_| ApiError::Overloaded)?
        .map_err(|_| ApiError::Overloaded)
}

impl ReadRequest {
    /// The body as text.
    ///
    /// # Errors
    /// Never, as the body was decoded to UTF-8.
    pub(super) fn text(&self) -> Result<&str, ApiError> {
        text_of(&self.body)
    }

    /// The body as a JSON object.
    ///
    /// # Errors
    /// `InvalidBody` when it is anything else.
    pub(super) fn envelope(&self) -> Result<JsonObject<'_>, ApiError> {
        parse_object(&self.body)
    }
}

/// Parses a body that must be one JSON object.
///
/// # Errors
/// `InvalidBody` when it is anything else.
pub(super) fn parse_object(body: &Bytes) -> Result<JsonObject<'_>, ApiError> {
    JsonObject::parse(text_of(body)?).map_err(|error| ApiError::InvalidBody(error.to_string()))
}

/// The body's text, without a byte order mark in front, which no JSON reader takes.
fn text_of(body: &Bytes) -> Result<&str, ApiError> {
    let text =
        std::str::from_utf8(body).map_err(|error| ApiError::InvalidBody(error.to_string()))?;
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text))
}

/// Mends unpaired surrogates where they keep the whole body from being parsed. In a batch they
/// do not, and are mended with their event.
fn parseable(body: Bytes) -> Result<Bytes, ApiError> {
    let text = text_of(&body)?;
    if !text.contains("\\ud") && !text.contains("\\uD") || JsonObject::parse(text).is_ok() {
        return Ok(body);
    }
    Ok(Bytes::from(mend_surrogates(text).into_owned()))
}

/// Finds the source by the request's write key, and admits the request to it. `event_key` looks
/// for a key inside the events, the last place of the body.
///
/// # Errors
/// When the key is missing, unknown or expired, or its source does not admit the request.
pub(super) fn admit_by_key(
    state: &AppState,
    parts: &Parts,
    envelope: &JsonObject<'_>,
    event_key: impl FnOnce() -> Option<String>,
) -> Result<Keyholder, ApiError> {
    let sources = &state.settings().sources;
    let body_key = || envelope.get("writeKey").and_then(unquote);
    let holder = match authorization_key(&parts.headers) {
        AuthorizationKey::Key(key) if !key.is_empty() => sources.by_key(&key),
        AuthorizationKey::Unreadable => Err(ApiError::UnknownWriteKey),
        AuthorizationKey::Key(_) | AuthorizationKey::Absent => {
            let key = body_key()
                .map(std::borrow::Cow::into_owned)
                .or_else(event_key)
                .or_else(|| query_value(&parts.uri, "writeKey"))
                .filter(|key| !key.is_empty())
                .ok_or(ApiError::MissingWriteKey)?;
            sources.by_key(&key)
        }
    };
    let holder = holder?;
    admit(state, parts, holder)?;
    Ok(holder.clone())
}

/// Checks the page's origin against its own source, and the rate of its key.
///
/// # Errors
/// `OriginNotAllowed` or `RateLimited`.
pub(super) fn admit(state: &AppState, parts: &Parts, holder: &Keyholder) -> Result<(), ApiError> {
    if let Some(origin) = parts.headers.get(header::ORIGIN) {
        let origin = origin.to_str().map_err(|_| ApiError::OriginNotAllowed)?;
        if !holder.source.allowed_origins.allows(origin) {
            return Err(ApiError::OriginNotAllowed);
        }
    }
    state.settings().rate_limits.check_key(holder.key_number)
}

/// The facts about a request besides its body.
pub(super) fn receipt_of(
    state: &AppState,
    parts: &Parts,
    holder: &Keyholder,
    fills_context: bool,
) -> Receipt {
    let user_agent = parts.headers.get(header::USER_AGENT);
    let proxies = &state.settings().trusted_proxies;
    Receipt {
        source_id: holder.source.id,
        key_kind: holder.kind,
        received_ms: crate::now_ms(),
        ip: client_address(&parts.extensions, &parts.headers, proxies).to_string(),
        user_agent: user_agent
            .and_then(|agent| agent.to_str().ok())
            .filter(|agent| agent.len() <= USER_AGENT_MAX_BYTES)
            .map(str::to_owned),
        fills_context,
        plan: holder.source.plan.clone(),
    }
}

/// Hands the events to the committer, waits until they are durable, and counts them.
///
/// # Errors
/// When the store is overloaded or unavailable.
pub(super) async fn store(state: &AppState, read: ReadEvents) -> Result<Intake, ApiError> {
    state.metrics.plans.note(read.findings);
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
    let placed = placements.iter().filter_map(|one| one.as_ref().ok());
    let n_duplicates = placed.clone().filter(|one| one.duplicate).count();
    let n_superseding = placed.clone().filter(|one| one.supersedes.is_some());
    let n_accepted = placed.clone().count() - n_duplicates;
    state
        .metrics
        .note_events(n_accepted, n_duplicates, n_superseding.count());
    add_refused(&mut rejected, placements);
    for (_, rejection) in &rejected {
        state.metrics.note_rejected(rejection.code);
    }
    Ok(Intake {
        n_accepted,
        n_duplicates,
        rejected,
    })
}

/// Adds the events that the store turned away, each with its place in the batch: the store was
/// given those that were not rejected before, in their order.
fn add_refused(
    rejected: &mut Vec<(usize, Rejection)>,
    placements: Vec<Result<Placement, Refused>>,
) {
    let before: HashSet<usize> = rejected.iter().map(|(index, _)| *index).collect();
    let indexes = (0..).filter(|index| !before.contains(index));
    for (index, placement) in indexes.zip(placements) {
        if let Err(refused) = placement {
            rejected.push((index, Rejection::erased(&refused.message_id)));
        }
    }
    rejected.sort_by_key(|(index, _)| *index);
}
