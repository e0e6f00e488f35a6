//! Pauses an upstream that refuses everything, so that it does not make dead letters of all events.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::forwarder::Route;
use crate::limits::BREAKER_EVENTS;

/// Counts refusals, and tells whether the upstream is paused.
#[derive(Debug, Clone, Default)]
pub(super) struct Breaker {
    n_refused: u32,
    paused: Arc<AtomicBool>,
}

impl Breaker {
    /// Whether the upstream is paused, as of any moment.
    pub(super) fn paused(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.paused)
    }

    /// Whether it is paused.
    pub(super) fn is_open(&self) -> bool {
        self.paused.load(Ordering::Relaxed)
    }

    /// The upstream took an event.
    pub(super) fn taken(&mut self, route: &Route) {
        self.n_refused = 0;
        if self.paused.swap(false, Ordering::Relaxed) {
            tracing::info!(
                source = route.source,
                destination = route.destination,
                "the upstream takes events again and is paused no more"
            );
        }
    }

    /// The upstream refused an event that stood alone. Returns whether it may be given up.
    pub(super) fn refused(&mut self, route: &Route, status: u16) -> bool {
        if self.n_refused < BREAKER_EVENTS {
            self.n_refused += 1;
            return true;
        }
        if !self.paused.swap(true, Ordering::Relaxed) {
            tracing::error!(
                source = route.source,
                destination = route.destination,
                status,
                "the upstream refuses every event and is paused: nothing more is given up; one \
                 event is tried each minute"
            );
        }
        false
    }
}
