//! The operator's route for events from a file.

use axum::Json;
use axum::extract::{Query, Request, State};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;

use super::intake::memory_for;
use crate::error::ApiError;
use crate::import::{RefusedLine, read_lines};
use crate::ingest::read_body;
use crate::limits::{IMPORT_BODY_MAX_BYTES, IMPORT_PAGE_LINES};
use crate::state::SharedState;

/// The query of an import.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    /// The source that gets the events.
    source: Option<String>,
    /// The admin token, which may be in the query.
    #[serde(rename = "token")]
    _token: Option<String>,
}

/// `POST /import`: stores the events of some lines, and tells which lines it refused. Those are
/// not kept among the rejected events: the operator has the file.
///
/// # Errors
/// When there are too many lines, or the store failed.
pub(crate) async fn import(
    State(state): State<SharedState>,
    request: Request,
) -> Result<Response, ApiError> {
    let (parts, body) = request.into_parts();
    let mut memory = memory_for(&state, &parts);
    let body = read_body(body, IMPORT_BODY_MAX_BYTES, &mut memory).await?;
    let asked = Query::<Asked>::try_from_uri(&parts.uri)
        .map_err(|error| ApiError::InvalidQuery(error.body_text()))?;
    let source = asked.0.source;
    let text = String::from_utf8_lossy(&body).into_owned();
    if text.lines().count() > IMPORT_PAGE_LINES {
        return Err(ApiError::TooManyEvents(IMPORT_PAGE_LINES));
    }
    let mut read = state
        .read(move |reader| {
            let find = |name: &str| reader.source_id(name);
            read_lines(&text, 0, source.as_deref(), find)
        })
        .await?;
    let append = std::mem::take(&mut read.append);
    let placements = state.committer.append(append).await?;
    let done = read.outcome(&placements);
    let metrics = &state.metrics;
    metrics.note_events(done.n_accepted, done.n_duplicates, done.n_superseding);
    let refused: Vec<_> = done.refused.iter().map(RefusedLine::to_json).collect();
    let body = json!({
        "accepted": done.n_accepted,
        "duplicates": done.n_duplicates,
        "refused": refused,
    });
    Ok(Json(body).into_response())
}
