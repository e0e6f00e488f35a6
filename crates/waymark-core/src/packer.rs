//! Takes events from the queue and packs them into one request.

use crate::batch::{self, Batch, Builder};
use crate::limits;
use crate::queue::{Entry, Queue, State, Suspicion};
use crate::settings::Settings;

/// How much a request may carry.
#[derive(Debug, Clone, Copy)]
pub struct Room {
    /// The most events.
    pub events_max: usize,
    /// The most bytes of its body.
    pub size_bytes_max: usize,
    /// Whether an event that is too large is skipped; otherwise it is sent alone.
    pub strict: bool,
    /// Whether an event that a beacon has carried is skipped.
    pub uncarried: bool,
}

/// The settings that all requests of a client share.
#[derive(Debug)]
pub struct Packer {
    write_key: String,
    endpoint: String,
    one_event_per_request: bool,
}

impl Packer {
    /// The packer of a client with these settings.
    pub fn new(settings: &Settings) -> Self {
        Self {
            write_key: settings.write_key.clone(),
            endpoint: settings.endpoint.clone(),
            one_event_per_request: settings.one_event_per_request,
        }
    }

    /// Packs the oldest waiting events of one kind into the request of this number, and marks
    /// them in the queue as carried by it. `None` if no such event waits, or it is not known where
    /// to send it.
    pub fn pack(
        &self,
        queue: &mut Queue,
        kind: Suspicion,
        room: Room,
        request: u32,
        now_ms: f64,
        ledger: Option<&str>,
    ) -> Option<Batch> {
        if self.endpoint.is_empty() {
            return None;
        }
        let size_bytes_max =
            room.size_bytes_max - ledger.map_or(0, |_| limits::LEDGER_SIZE_BYTES_MAX);
        let waiting = |entry: &&mut Entry| {
            entry.state == State::Waiting
                && entry.suspicion == kind
                && !(room.uncarried && entry.carried)
        };
        let mut builder = Builder::new(&self.write_key, size_bytes_max);
        for entry in queue.iter_mut().filter(waiting) {
            if builder.fits(&entry.event) || (!room.strict && builder.events() == 0) {
                entry.state = State::InFlight(request);
                if self.one_event_per_request {
                    return Some(self.single(&entry.event, request, now_ms));
                }
                builder.push(&entry.event);
                if builder.events() == room.events_max {
                    break;
                }
            } else if !room.strict {
                break;
            }
        }
        let events = builder.events();
        (events > 0).then(|| Batch {
            request,
            endpoint: self.endpoint.clone(),
            body: builder.finish(now_ms, ledger),
            events,
        })
    }

    /// A request for one event: the path of its type replaces the `b` of the endpoint.
    fn single(&self, event: &str, request: u32, now_ms: f64) -> Batch {
        let base = self.endpoint.strip_suffix("b").unwrap_or(&self.endpoint);
        Batch {
            request,
            endpoint: [base, batch::single_path(event)].concat(),
            body: batch::single(&self.write_key, event, now_ms),
            events: 1,
        }
    }
}
