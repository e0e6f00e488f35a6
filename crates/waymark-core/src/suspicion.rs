//! Suspicion: which of the events that the server refused alone are really bad.
//!
//! A server that refuses everything says nothing about an event. So an event is given up only
//! if the server refused it alone, then took another, and refused it again.

use crate::queue::{Entry, Queue, Suspicion};

/// Notes that the server refused this event alone, when `last_request` was the newest request.
/// Returns whether the event is to be given up.
pub fn refuse(entry: &mut Entry, last_request: u32) -> bool {
    let given_up = entry.suspicion == Suspicion::Probable;
    entry.suspicion = Suspicion::Refused;
    entry.refused_at = last_request;
    given_up
}

/// Notes that the server took this request: the events it refused earlier may really be bad.
pub fn strengthen(queue: &mut Queue, request: u32) {
    queue
        .iter_mut()
        .filter(|entry| entry.suspicion != Suspicion::None && request > entry.refused_at)
        .for_each(|entry| entry.suspicion = Suspicion::Probable);
}

/// Clears every suspicion, so that all events are sent again.
pub fn clear(queue: &mut Queue) {
    for entry in queue.iter_mut() {
        entry.suspicion = Suspicion::None;
    }
}
