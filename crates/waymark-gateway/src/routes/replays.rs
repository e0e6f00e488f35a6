//! The operator's routes to send events again.

use axum::Json;
use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde::Deserialize;

use super::operator_body;
use crate::config::time_ms;
use crate::error::ApiError;
use crate::limits::OPERATOR_WAIT;
use crate::replay::Range;
use crate::state::SharedState;

/// The body of a request to send events again.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    source: String,
    destination: String,
    from: String,
    to: String,
}

/// `POST /replays`: answers after the end, or with how far it is.
///
/// # Errors
/// When the body is not valid.
pub(crate) async fn begin(
    State(state): State<SharedState>,
    request: Request,
) -> Result<Response, ApiError> {
    let asked: Asked = operator_body(request).await?;
    let range = range(&state, asked).await?;
    let number = state.replays.begin(&state, range);
    answer(&state, number).await
}

/// `GET /replays/{number}`: the same for one that was begun before.
///
/// # Errors
/// `NotFound` when there is no such.
pub(crate) async fn progress(
    State(state): State<SharedState>,
    Path(number): Path<String>,
) -> Result<Response, ApiError> {
    let number = number.parse().map_err(|_| ApiError::NotFound)?;
    answer(&state, number).await
}

/// `POST /replays/{number}/stop`
///
/// # Errors
/// `NotFound` when there is no such.
pub(crate) async fn stop(
    State(state): State<SharedState>,
    Path(number): Path<String>,
) -> Result<Response, ApiError> {
    let number = number.parse().map_err(|_| ApiError::NotFound)?;
    state.replays.stop(number).ok_or(ApiError::NotFound)?;
    answer(&state, number).await
}

async fn answer(state: &SharedState, number: usize) -> Result<Response, ApiError> {
    let progress = state.replays.progress(number, OPERATOR_WAIT).await;
    let progress = progress.ok_or(ApiError::NotFound)?;
    let status = match progress["state"].as_str() {
        Some("running") => StatusCode::ACCEPTED,
        _ => StatusCode::OK,
    };
    Ok((status, Json(progress)).into_response())
}

async fn range(state: &SharedState, asked: Asked) -> Result<Range, ApiError> {
    let invalid = ApiError::InvalidBody;
    let source = asked.source.clone();
    let source_id = state.read(move |reader| reader.source_id(&source)).await?;
    let source_id =
        source_id.ok_or_else(|| invalid(format!("there is no source named `{}`", asked.source)))?;
    let forwarding = &state.forwarding;
    if forwarding
        .passed_seq(source_id, &asked.destination)
        .is_none()
    {
        let (source, destination) = (asked.source, asked.destination);
        let reason = format!("the source `{source}` has no destination named `{destination}`");
        return Err(invalid(reason));
    }
    let time = |name: &str, text: &str| {
        time_ms(text).ok_or_else(|| invalid(format!("{name}: `{text}` is not a date or time")))
    };
    let (from_ms, to_ms) = (time("from", &asked.from)?, time("to", &asked.to)?);
    if from_ms >= to_ms {
        return Err(invalid("from must be before to".to_owned()));
    }
    Ok(Range {
        source: asked.source,
        source_id,
        destination: asked.destination,
        from_ms,
        to_ms,
    })
}
