//! `GET /live/events`: the newest events and their fates, then each event as it is committed, and
//! what becomes of it.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::State;
use axum::response::IntoResponse;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::{StreamExt, stream as streams};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{broadcast, watch};
use tokio::time::{Instant, sleep_until};

use super::hub::LiveMessage;
use crate::delivery::Forwarding;
use crate::error::ApiError;
use crate::ingest::plan_problems;
use crate::json_object::quote;
use crate::limits::{
    LIVE_BACKLOG_EVENTS, LIVE_BACKLOG_REJECTED, LIVE_COUNTERS_INTERVAL, LIVE_KEEP_ALIVE,
};
use crate::metrics::Metrics;
use crate::state::SharedState;
use crate::store::{StoredEvent, StoredRejection, Totals};

/// Answers with the stream.
///
/// # Errors
/// When the store cannot be read.
pub(crate) async fn stream(
    State(state): State<SharedState>,
) -> Result<impl IntoResponse, ApiError> {
    // Subscribed before reading, so that no event is missed in between.
    let receiver = state.live.subscribe();
    let (mut events, rejected) = state
        .read(|reader| {
            let events = reader.newest(LIVE_BACKLOG_EVENTS)?;
            Ok((events, reader.newest_rejected(LIVE_BACKLOG_REJECTED)?))
        })
        .await?;
    let settings = state.settings();
    for event in &mut events {
        let plan = settings.sources.plan_of(event.source_id);
        event.plan_problems = plan.and_then(|plan| plan_problems(plan, event));
    }
    let shown = Shown {
        through_seq: events.last().map_or(0, |event| event.seq),
        through_id: rejected.last().map_or(0, |rejection| rejection.id),
    };
    let first_seq = events.first().map_or(i64::MAX, |event| event.seq);
    let mut known = vec![destinations_event(&state.forwarding)];
    known.extend(
        state
            .live
            .fates_after(first_seq - 1)
            .into_iter()
            .map(|data| {
                let data = data.into();
                message_event(&LiveMessage::Fates { data })
            }),
    );
    let feed = Feed {
        receiver,
        totals: state.committer.totals(),
        lost: state.metrics.client_ledger().lost(),
        shown,
        counters_changed: true,
        counters_due: Instant::now(),
        metrics: Arc::clone(&state.metrics),
    };
    let mut stopping = state.stopping.clone();
    let stopped = async move {
        // An error means that the gateway is gone, which ends the stream too.
        let _ = stopping.wait_for(|stopping| *stopping).await;
    };
    let live = streams::unfold(feed, |mut feed| async move {
        let event = feed.next().await?;
        Some((Ok(event), feed))
    });
    let mut shown_first = backlog(&events, &rejected);
    shown_first.extend(known);
    let all = streams::iter(shown_first)
        .map(Ok::<_, Infallible>)
        .chain(live)
        .take_until(Box::pin(stopped));
    let stream = Sse::new(all).keep_alive(KeepAlive::new().interval(LIVE_KEEP_ALIVE));
    // Else nginx would keep what it has until its buffer is full.
    Ok(([("x-accel-buffering", "no")], stream))
}

/// The newest events of the backlog that a view was shown.
struct Shown {
    through_seq: i64,
    through_id: i64,
}

/// The endless part of a stream.
struct Feed {
    receiver: broadcast::Receiver<LiveMessage>,
    totals: watch::Receiver<Totals>,
    lost: watch::Receiver<u64>,
    shown: Shown,
    counters_changed: bool,
    counters_due: Instant,
    metrics: Arc<Metrics>,
}

impl Feed {
    async fn next(&mut self) -> Option<Event> {
        loop {
            tokio::select! {
                biased;
                () = sleep_until(self.counters_due), if self.counters_changed => {
                    self.counters_changed = false;
                    self.counters_due = Instant::now() + LIVE_COUNTERS_INTERVAL;
                    let totals = *self.totals.borrow_and_update();
                    return Some(counters_event(totals, *self.lost.borrow_and_update()));
                }
                changed = self.totals.changed(), if !self.counters_changed => {
                    changed.ok()?;
                    self.counters_changed = true;
                }
                changed = self.lost.changed(), if !self.counters_changed => {
                    changed.ok()?;
                    self.counters_changed = true;
                }
                message = self.receiver.recv() => match message {
                    Ok(message) if self.is_new(&message) => return Some(message_event(&message)),
                    Ok(_) => {}
                    Err(RecvError::Lagged(n_messages)) => self.metrics.note_live_lost(n_messages),
                    Err(RecvError::Closed) => return None,
                },
            }
        }
    }

    fn is_new(&self, message: &LiveMessage) -> bool {
        match message {
            LiveMessage::Stored { seq, duplicate, .. } => {
                *duplicate || *seq > self.shown.through_seq
            }
            LiveMessage::Rejected { id, .. } => *id > self.shown.through_id,
            LiveMessage::Fates { .. } => true,
        }
    }
}

fn message_event(message: &LiveMessage) -> Event {
    match message {
        LiveMessage::Stored { seq, data, .. } => Event::default()
            .event("stored")
            .id(seq.to_string())
            .data(data.as_ref()),
        LiveMessage::Rejected { id, data } => Event::default()
            .event("rejected")
            .id(id.to_string())
            .data(data.as_ref()),
        LiveMessage::Fates { data } => Event::default().event("fates").data(data.as_ref()),
    }
}

/// Every destination, and the number of the last event that it has passed: of what came before, its
/// fates may not be remembered.
fn destinations_event(forwarding: &Forwarding) -> Event {
    let destinations = forwarding.passed().map(|(route, passed_seq)| {
        format!(
            r#"{{"source":{},"destination":{},"passed":{passed_seq}}}"#,
            quote(&route.source),
            quote(&route.destination)
        )
    });
    let destinations: Vec<_> = destinations.collect();
    let data = format!("[{}]", destinations.join(","));
    Event::default().event("destinations").data(data)
}

/// The counters; `lost` is left out while no client has lost an event.
fn counters_event(totals: Totals, lost: u64) -> Event {
    let Totals {
        stored,
        duplicates,
        rejected,
    } = totals;
    let lost = match lost {
        0 => String::new(),
        lost => format!(r#","lost":{lost}"#),
    };
    Event::default().event("counters").data(format!(
        r#"{{"stored":{stored},"duplicates":{duplicates},"rejected":{rejected}{lost}}}"#
    ))
}

/// The backlog, in the order of receipt.
fn backlog(events: &[StoredEvent], rejected: &[StoredRejection]) -> Vec<Event> {
    let mut shown: Vec<(i64, Event)> = Vec::with_capacity(events.len() + rejected.len());
    shown.extend(events.iter().map(|event| {
        let message = LiveMessage::Stored {
            seq: event.seq,
            duplicate: false,
            data: event.live_data(false).into(),
        };
        (event.received_ms, message_event(&message))
    }));
    shown.extend(rejected.iter().map(|rejection| {
        let message = LiveMessage::Rejected {
            id: rejection.id,
            data: rejection.live_data().into(),
        };
        (rejection.received_ms, message_event(&message))
    }));
    shown.sort_by_key(|(received_ms, _)| *received_ms);
    shown.into_iter().map(|(_, event)| event).collect()
}
