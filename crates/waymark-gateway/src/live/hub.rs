//! Tells every open live view what was committed, and what became of it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use tokio::sync::broadcast;

use super::fates::{EventFate, Fates, data};
use crate::delivery::Route;
use crate::ingest::{PreparedEvent, RejectedEvent};
use crate::limits::LIVE_LAG_MESSAGES;
use crate::store::{Committed, Placement, StoredEvent, StoredRejection, Work};

/// A message to the live views.
#[derive(Debug, Clone)]
pub(crate) enum LiveMessage {
    /// An event was stored, or was a repeat.
    Stored {
        /// The number of the event.
        seq: i64,
        /// Whether it was a repeat.
        duplicate: bool,
        /// The message's JSON.
        data: Arc<str>,
    },
    /// An event was turned away.
    Rejected {
        /// Its number among the rejected.
        id: i64,
        /// The message's JSON.
        data: Arc<str>,
    },
    /// What became of events at a destination.
    Fates {
        /// The message's JSON.
        data: Arc<str>,
    },
}

/// Passes commits and fates to the live views. While no view is open it only remembers fates.
#[derive(Debug, Clone)]
pub struct LiveHub {
    sender: broadcast::Sender<LiveMessage>,
    source_names: Arc<RwLock<Vec<(i64, String)>>>,
    fates: Arc<Mutex<Fates>>,
}

impl LiveHub {
    /// A hub that knows the sources' names by their numbers in the store.
    #[must_use]
    pub fn new(source_names: Vec<(i64, String)>) -> Self {
        Self {
            sender: broadcast::Sender::new(LIVE_LAG_MESSAGES),
            source_names: Arc::new(RwLock::new(source_names)),
            fates: Arc::default(),
        }
    }

    /// Names sources that the hub may not know yet.
    pub(crate) fn name_sources(&self, names: impl Iterator<Item = (i64, String)>) {
        let mut known = self
            .source_names
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        for name in names {
            if !known.contains(&name) {
                known.push(name);
            }
        }
    }

    /// The commits from now on.
    pub(crate) fn subscribe(&self) -> broadcast::Receiver<LiveMessage> {
        self.sender.subscribe()
    }

    /// Announces and remembers what became of events at a destination.
    pub(crate) fn publish_fates(&self, route: &Route, fates: Vec<EventFate>) {
        if fates.is_empty() {
            return;
        }
        if self.sender.receiver_count() > 0 {
            let data = data(route, fates.iter()).into();
            self.send(LiveMessage::Fates { data });
        }
        self.fates().keep(route, fates);
    }

    /// The messages about events after a number that were announced so far, as far as they are
    /// remembered.
    pub(crate) fn fates_after(&self, seq: i64) -> Vec<String> {
        self.fates().after(seq)
    }

    /// Forgets what destinations said about events that are erased. Each has its number first.
    pub(crate) fn forget(&self, seqs: &[(i64, i64)]) {
        self.fates().forget(seqs);
    }

    fn fates(&self) -> MutexGuard<'_, Fates> {
        self.fates.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Announces a transaction, if a view is open.
    pub(crate) fn publish(&self, work: &Work, done: &Committed) {
        if self.sender.receiver_count() == 0 {
            return;
        }
        for (at, append) in work.appends.iter().enumerate() {
            for (event, placement) in append.events.iter().zip(&done.placements[at]) {
                match placement {
                    Ok(placement) => self.publish_stored(event, *placement),
                    Err(refused) => {
                        self.publish_rejected(&RejectedEvent::erased(event), refused.rejected_id);
                    }
                }
            }
            for (rejected, id) in append.rejected.iter().zip(&done.rejected_ids[at]) {
                self.publish_rejected(rejected, *id);
            }
        }
    }

    fn publish_stored(&self, event: &PreparedEvent, placement: Placement) {
        let event = self.stored_event(event, placement);
        self.send(LiveMessage::Stored {
            seq: placement.seq,
            duplicate: placement.duplicate,
            data: event.live_data(placement.duplicate).into(),
        });
    }

    fn publish_rejected(&self, rejected: &RejectedEvent, id: i64) {
        let rejection = StoredRejection {
            id,
            source: self.source_name(rejected.source_id),
            received_ms: rejected.received_ms,
            code: rejected.code.to_owned(),
            message: rejected.message.clone(),
            raw: rejected.raw.clone(),
        };
        self.send(LiveMessage::Rejected {
            id,
            data: rejection.live_data().into(),
        });
    }

    fn send(&self, message: LiveMessage) {
        // Fails only when the last view has just been closed.
        let _ = self.sender.send(message);
    }

    fn source_name(&self, source_id: i64) -> String {
        let names = self
            .source_names
            .read()
            .unwrap_or_else(PoisonError::into_inner);
        let found = names.iter().find(|(id, _)| *id == source_id);
        found.map(|(_, name)| name.clone()).unwrap_or_default()
    }

    fn stored_event(&self, event: &PreparedEvent, placement: Placement) -> StoredEvent {
        StoredEvent {
            seq: placement.seq,
            source_id: event.source_id,
            source: self.source_name(event.source_id),
            key_kind: event.key_kind,
            event_type: event.event_type,
            received_ms: event.received_ms,
            timestamp_ms: event.timestamp_ms,
            message_id: event.message_id.clone(),
            user_id: event.user_id.clone(),
            anonymous_id: event.anonymous_id.clone(),
            name: event.name.clone(),
            ip: event.ip.clone(),
            text: String::from_utf8_lossy(&event.text).into_owned(),
            supersedes: placement.supersedes,
            plan_problems: event.plan_problems.clone(),
        }
    }
}
