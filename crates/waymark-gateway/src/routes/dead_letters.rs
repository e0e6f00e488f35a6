//! The operator's routes to dead letters.

use axum::Json;
use axum::extract::{Path, Query, Request, State};
use axum::response::{IntoResponse, Response};
use http::Uri;
use serde::Deserialize;
use serde_json::{Value, json};

use super::operator_body;
use crate::config::{FORWARD, time_ms};
use crate::error::ApiError;
use crate::limits::{LETTERS_LISTED, LETTERS_SENT};
use crate::state::SharedState;
use crate::store::{LetterChange, LetterFilter, StoredLetter};

/// Which dead letters are meant.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Asked {
    id: Option<i64>,
    source: Option<String>,
    destination: Option<String>,
    from: Option<String>,
    to: Option<String>,
    /// The number after which a list goes on.
    after: Option<i64>,
    /// Whether all are meant, when nothing else says which.
    all: bool,
    /// The admin token, which may be in the query.
    token: Option<String>,
}

/// `GET /dead-letters`: a page of them.
///
/// # Errors
/// When the query is not valid, or the store cannot be read.
pub(crate) async fn list(State(state): State<SharedState>, uri: Uri) -> Result<Response, ApiError> {
    let asked = Query::<Asked>::try_from_uri(&uri)
        .map_err(|error| ApiError::InvalidQuery(error.body_text()))?;
    let filter = filter(&state, &asked).await.map_err(|error| match error {
        ApiError::InvalidBody(reason) => ApiError::InvalidQuery(reason),
        other => other,
    })?;
    let after = asked.after.unwrap_or(0);
    let letters = state
        .read(move |reader| reader.letters(&filter, after, LETTERS_LISTED))
        .await?;
    let is_full = letters.len() == LETTERS_LISTED as usize;
    let next = letters.last().filter(|_| is_full).map(|letter| letter.id);
    let letters: Vec<_> = letters.iter().map(StoredLetter::to_json).collect();
    Ok(Json(json!({ "deadLetters": letters, "next": next })).into_response())
}

/// `GET /dead-letters/{id}`: one of them, with its event.
///
/// # Errors
/// `NotFound` when there is no such, or the store cannot be read.
pub(crate) async fn show(
    State(state): State<SharedState>,
    Path(id): Path<String>,
) -> Result<Response, ApiError> {
    let id = id.parse().map_err(|_| ApiError::NotFound)?;
    let filter = LetterFilter {
        id: Some(id),
        ..LetterFilter::default()
    };
    let found = state
        .read(move |reader| {
            let letter = reader.letters(&filter, 0, 1)?.pop();
            let event = match &letter {
                Some(letter) => reader.event(letter.seq)?,
                None => None,
            };
            Ok(letter.zip(event))
        })
        .await?;
    let (letter, event) = found.ok_or(ApiError::NotFound)?;
    let mut shown = letter.to_json();
    shown["event"] = serde_json::from_str(&event.text).map_err(|_| ApiError::Internal)?;
    Ok(Json(shown).into_response())
}

/// `POST /dead-letters/retry`: sends them again. Those that are taken are dead letters no more.
///
/// # Errors
/// When the body is not valid, or the store failed.
pub(crate) async fn retry(
    State(state): State<SharedState>,
    request: Request,
) -> Result<Response, ApiError> {
    let filter = filter_of_body(&state, request).await?;
    let (mut after, mut n_taken, mut n_refused) = (0, 0, 0);
    let stopped = loop {
        let filter = filter.clone();
        let letters = state
            .read(move |reader| reader.letters(&filter, after, LETTERS_SENT))
            .await?;
        let Some(first) = letters.first() else {
            break None;
        };
        // The letters of one destination go together.
        let (source_id, destination) = (first.source_id, first.destination.clone());
        let is_same =
            |one: &&StoredLetter| one.source_id == source_id && one.destination == destination;
        let same = letters.iter().take_while(is_same);
        let letters: Vec<StoredLetter> = same.cloned().collect();
        after = letters.last().map_or(after, |letter| letter.id);
        let (change, stopped) = send(&state, source_id, letters).await?;
        n_taken += change.gone.len();
        n_refused += change.refused.len();
        let changed = state.committer.change_letters(change).await;
        changed.map_err(|_| ApiError::StoreUnavailable)?;
        if stopped.is_some() {
            break stopped;
        }
    };
    let answer = json!({ "taken": n_taken, "refused": n_refused, "stopped": stopped });
    Ok(Json(answer).into_response())
}

/// Sends the events of a destination's letters. Returns what became of them, and why not all were sent.
async fn send(
    state: &SharedState,
    source_id: i64,
    letters: Vec<StoredLetter>,
) -> Result<(LetterChange, Option<String>), ApiError> {
    let seqs: Vec<i64> = letters.iter().map(|letter| letter.seq).collect();
    let erased = state.committer.erased_since_now();
    let (_, events) = state
        .read(move |reader| {
            reader.unerased(|reader| {
                let events = seqs
                    .into_iter()
                    .filter_map(|seq| reader.event(seq).transpose());
                events.collect()
            })
        })
        .await?;
    let (source, destination) = (&letters[0].source, &letters[0].destination);
    let forwarding = &state.forwarding;
    let sending = forwarding.send_apart(source_id, destination, &events, &erased);
    let Some(sent) = sending.await else {
        let why = match destination.as_str() {
            FORWARD => format!("the source `{source}` is not forwarded any more"),
            other => format!("the source `{source}` has no destination named `{other}` any more"),
        };
        return Ok((LetterChange::default(), Some(why)));
    };
    let mut change = LetterChange::default();
    for letter in letters {
        if sent.taken.contains(&letter.seq) {
            change.gone.push(letter.id);
        } else if let Some(again) = sent.refused.iter().find(|one| one.seq == letter.seq) {
            change.refused.push((letter.id, again.clone()));
        }
    }
    Ok((change, sent.stopped))
}

/// `POST /dead-letters/drop`: gives them up.
///
/// # Errors
/// When the body is not valid, or the store failed.
pub(crate) async fn drop_all(
    State(state): State<SharedState>,
    request: Request,
) -> Result<Response, ApiError> {
    let filter = filter_of_body(&state, request).await?;
    let mut n_dropped = 0;
    loop {
        let filter = filter.clone();
        let letters = state
            .read(move |reader| reader.letters(&filter, 0, LETTERS_SENT))
            .await?;
        if letters.is_empty() {
            return Ok(Json(json!({ "dropped": n_dropped })).into_response());
        }
        n_dropped += letters.len();
        let gone = letters.iter().map(|letter| letter.id).collect();
        let change = LetterChange {
            gone,
            ..LetterChange::default()
        };
        let changed = state.committer.change_letters(change).await;
        changed.map_err(|_| ApiError::StoreUnavailable)?;
    }
}

async fn filter_of_body(state: &SharedState, request: Request) -> Result<LetterFilter, ApiError> {
    let body: Value = operator_body(request).await?;
    let asked: Asked =
        serde_json::from_value(body).map_err(|error| ApiError::InvalidBody(error.to_string()))?;
    let says_which = asked.id.is_some()
        || asked.source.is_some()
        || asked.destination.is_some()
        || asked.from.is_some()
        || asked.to.is_some();
    if says_which == asked.all {
        let reason = "it must have id, source, destination, from or to, or else \"all\": true";
        return Err(ApiError::InvalidBody(reason.to_owned()));
    }
    filter(state, &asked).await
}

async fn filter(state: &SharedState, asked: &Asked) -> Result<LetterFilter, ApiError> {
    let time = |name: &str, text: &Option<String>| match text {
        Some(text) => time_ms(text).map(Some).ok_or_else(|| {
            ApiError::InvalidBody(format!("{name}: `{text}` is not a date or time"))
        }),
        None => Ok(None),
    };
    let mut filter = LetterFilter {
        id: asked.id,
        source_id: None,
        destination: asked.destination.clone(),
        from_ms: time("from", &asked.from)?,
        to_ms: time("to", &asked.to)?,
    };
    if let Some(source) = asked.source.clone() {
        let name = source.clone();
        let id = state.read(move |reader| reader.source_id(&name)).await?;
        let unknown = || ApiError::InvalidBody(format!("there is no source named `{source}`"));
        filter.source_id = Some(id.ok_or_else(unknown)?);
    }
    Ok(filter)
}
