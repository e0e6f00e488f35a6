//! Sends a time range of a source's events again, as an act of its own: the regular flow goes on
//! beside it from its own cursor. An end of the gateway ends it.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::watch;
use tokio::time::timeout;

use crate::error::ApiError;
use crate::limits::{BREAKER_EVENTS, FORWARD_BATCH_EVENTS, REPLAY_RETRY_INTERVAL};
use crate::state::SharedState;
use crate::store::{LetterChange, iso_time};

/// What is to be sent again.
#[derive(Debug, Clone)]
pub(crate) struct Range {
    /// The name of the source.
    pub(crate) source: String,
    /// Its number in the store.
    pub(crate) source_id: i64,
    /// The name of the destination.
    pub(crate) destination: String,
    /// Events received at this time or later, in milliseconds since 1970.
    pub(crate) from_ms: i64,
    /// Events received before this time.
    pub(crate) to_ms: i64,
}

/// How far one is.
#[derive(Debug, Clone)]
struct Progress {
    number: usize,
    range: Range,
    state: &'static str,
    n_taken: usize,
    n_refused: usize,
    why: Option<String>,
}

impl Progress {
    fn to_json(&self) -> Value {
        json!({
            "replay": self.number,
            "source": self.range.source,
            "destination": self.range.destination,
            "from": iso_time(self.range.from_ms),
            "to": iso_time(self.range.to_ms),
            "state": self.state,
            "taken": self.n_taken,
            "refused": self.n_refused,
            "why": self.why,
        })
    }
}

#[derive(Debug)]
struct Replay {
    progress: watch::Receiver<Progress>,
    stop: watch::Sender<bool>,
}

/// Those of this process.
#[derive(Debug, Default)]
pub(crate) struct Replays {
    all: Mutex<Vec<Replay>>,
}

impl Replays {
    /// Begins one. Returns its number.
    pub(crate) fn begin(&self, state: &SharedState, range: Range) -> usize {
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        let number = all.len() + 1;
        let (stop, stopping) = watch::channel(false);
        let (sender, progress) = watch::channel(Progress {
            number,
            range,
            state: "running",
            n_taken: 0,
            n_refused: 0,
            why: None,
        });
        all.push(Replay { progress, stop });
        let state = SharedState::clone(state);
        tokio::spawn(async move {
            let end = match send(&state, &sender, stopping).await {
                Ok(end) => end,
                Err(error) => {
                    sender.send_modify(|progress| progress.why = Some(error.to_string()));
                    "stopped"
                }
            };
            sender.send_modify(|progress| progress.state = end);
        });
        number
    }

    /// How far one is, after its end or after so long. `None` if there is no such.
    pub(crate) async fn progress(&self, number: usize, longest: Duration) -> Option<Value> {
        let mut progress = self.with(number, |replay| replay.progress.clone())?;
        let ended = progress.wait_for(|progress| progress.state != "running");
        // After the time it is told as it is.
        let _ = timeout(longest, ended).await;
        let progress = progress.borrow().to_json();
        Some(progress)
    }

    /// Asks one to stop. `None` if there is no such.
    pub(crate) fn stop(&self, number: usize) -> Option<()> {
        self.with(number, |replay| {
            replay.stop.send_replace(true);
        })
    }

    fn with<T>(&self, number: usize, look: impl FnOnce(&Replay) -> T) -> Option<T> {
        let all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        all.get(number.checked_sub(1)?).map(look)
    }
}

/// Sends the events page by page. What the regular flow has not passed yet is left to it.
async fn send(
    state: &SharedState,
    progress: &watch::Sender<Progress>,
    mut stopping: watch::Receiver<bool>,
) -> Result<&'static str, ApiError> {
    let range = progress.borrow().range.clone();
    let passed_seq = state
        .forwarding
        .passed_seq(range.source_id, &range.destination)
        .unwrap_or(0);
    let (from_ms, to_ms) = (range.from_ms, range.to_ms);
    let (mut seq, end_seq) = state
        .read(move |reader| Ok((reader.last_before(from_ms)?, reader.last_before(to_ms)?)))
        .await?;
    let end_seq = end_seq.min(passed_seq);
    while !*stopping.borrow() {
        let source_id = range.source_id;
        let erased = state.committer.erased_since_now();
        let (last_seq, events) = state
            .read(move |reader| {
                reader.unerased(|reader| {
                    reader.between(seq, end_seq, Some(source_id), FORWARD_BATCH_EVENTS)
                })
            })
            .await?;
        let Some(last_seq) = last_seq else {
            return Ok("done");
        };
        if events.is_empty() {
            seq = last_seq;
            continue;
        }
        let forwarding = &state.forwarding;
        let sending = forwarding.send_apart(source_id, &range.destination, &events, &erased);
        let Some(sent) = sending.await else {
            return Ok("stopped");
        };
        if sent.taken.is_empty() && sent.refused.len() >= BREAKER_EVENTS as usize {
            let why = "the upstream refuses everything".to_owned();
            progress.send_modify(|progress| progress.why = Some(why));
            return Ok("stopped");
        }
        seq = sent.through_seq.unwrap_or(seq);
        progress.send_modify(|progress| {
            progress.n_taken += sent.taken.len();
            progress.n_refused += sent.refused.len();
            progress.why.clone_from(&sent.stopped);
        });
        let added = sent
            .refused
            .into_iter()
            .map(|letter| (source_id, range.destination.clone(), letter));
        let change = LetterChange {
            added: added.collect(),
            ..LetterChange::default()
        };
        let changed = state.committer.change_letters(change).await;
        changed.map_err(|_| ApiError::StoreUnavailable)?;
        if sent.stopped.is_some() {
            let stop = stopping.wait_for(|stop| *stop);
            // Without a word to stop it is tried again.
            let _ = timeout(REPLAY_RETRY_INTERVAL, stop).await;
        }
    }
    Ok("stopped")
}
