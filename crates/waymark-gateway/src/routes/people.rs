//! What a person may ask for: to be erased, and a copy of what is kept.

use std::convert::Infallible;

use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use http::{StatusCode, header};
use serde::Deserialize;
use serde_json::json;
use tokio::sync::mpsc;

use super::operator_body;
use crate::error::ApiError;
use crate::limits::{EXPORT_QUEUE_LINES, OPERATOR_WAIT, RECEIPTS_LISTED};
use crate::state::SharedState;
use crate::store::{EventReader, PersonId, Receipt, StoreError, export_person};

/// The body of a request about a person.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Asked {
    user_id: Option<String>,
    anonymous_id: Option<String>,
}

/// `POST /erase`: answers with the receipt when nothing is left, or with how far it is.
///
/// # Errors
/// When the body names no person, or the store failed.
pub(crate) async fn erase(
    State(state): State<SharedState>,
    request: Request,
) -> Result<Response, ApiError> {
    let person = person(request).await?;
    let number = state.erasing.begin(person).await;
    answer(&state, number.map_err(|_| ApiError::StoreUnavailable)?).await
}

/// `GET /erasures/{number}`: the same for an erasure that was asked for before.
///
/// # Errors
/// `NotFound` when there is no such, or the store cannot be read.
pub(crate) async fn receipt(
    State(state): State<SharedState>,
    Path(number): Path<String>,
) -> Result<Response, ApiError> {
    let number = number.parse().map_err(|_| ApiError::NotFound)?;
    answer(&state, number).await
}

/// `GET /erasures`: the newest receipts.
///
/// # Errors
/// When the store cannot be read.
pub(crate) async fn receipts(State(state): State<SharedState>) -> Result<Response, ApiError> {
    let receipts = state
        .read(|reader| reader.receipts(RECEIPTS_LISTED))
        .await?;
    let receipts: Vec<_> = receipts.iter().map(Receipt::to_json).collect();
    Ok(Json(json!({ "erasures": receipts })).into_response())
}

async fn answer(state: &SharedState, number: i64) -> Result<Response, ApiError> {
    let receipt = state.erasing.receipt(number, OPERATOR_WAIT).await;
    let receipt = receipt.map_err(|error| {
        tracing::error!(%error, "the store cannot be read");
        ApiError::StoreUnavailable
    })?;
    let receipt = receipt.ok_or(ApiError::NotFound)?;
    let status = match receipt.done_ms {
        Some(_) => StatusCode::OK,
        None => StatusCode::ACCEPTED,
    };
    Ok((status, Json(receipt.to_json())).into_response())
}

/// `POST /export`: all that is kept of a person, one JSON object a line.
///
/// # Errors
/// When the body names no person, or the store cannot be read.
pub(crate) async fn export(
    State(state): State<SharedState>,
    request: Request,
) -> Result<Response, ApiError> {
    let person = person(request).await?;
    // A reader of its own: the client decides how long it takes.
    let reader = EventReader::open(&state.database).map_err(|error| {
        tracing::error!(%error, "the store cannot be read");
        ApiError::StoreUnavailable
    })?;
    let (lines, mut sent) = mpsc::channel::<Bytes>(EXPORT_QUEUE_LINES);
    tokio::task::spawn_blocking(move || {
        let done = export_person(&reader, &person, |mut line| {
            line.push('\n');
            let gone = |_| StoreError::File(std::io::ErrorKind::BrokenPipe.into());
            lines.blocking_send(line.into()).map_err(gone)
        });
        if let Err(error) = done {
            tracing::warn!(%error, "an export of a person was cut short");
        }
    });
    let body = stream::poll_fn(move |context| {
        let next = sent.poll_recv(context);
        next.map(|line| line.map(Ok::<_, Infallible>))
    });
    let headers = [(header::CONTENT_TYPE, "application/x-ndjson")];
    Ok((headers, Body::from_stream(body)).into_response())
}

/// The person whom the body names.
async fn person(request: Request) -> Result<PersonId, ApiError> {
    let asked: Asked = operator_body(request).await?;
    let person = match (asked.user_id, asked.anonymous_id) {
        (Some(id), None) => PersonId::User(id),
        (None, Some(id)) => PersonId::Anonymous(id),
        _ => {
            let reason = "it must have either userId or anonymousId";
            return Err(ApiError::InvalidBody(reason.to_owned()));
        }
    };
    person.checked().map_err(ApiError::InvalidBody)
}
