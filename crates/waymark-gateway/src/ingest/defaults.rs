//! The context and integrations that a batch sets for all its events. Each event gets a copy of
//! what it lacks, so the cost is checked before a copy is made.

use std::borrow::Cow;

use super::clock::time_ms;
use super::validate::{Rejection, check_depth};
use crate::json_object::JsonObject;
use crate::limits::{BATCH_GROWTH_FACTOR, BATCH_MAX_EVENTS, EVENT_MAX_BYTES};

/// The members of a batch that are defaults for its events.
const MEMBERS: [&str; 2] = ["context", "integrations"];

/// The defaults of a batch.
#[derive(Debug, Default)]
pub(super) struct BatchDefaults<'a> {
    /// When the batch was sent, in milliseconds since 1970.
    pub(super) sent_ms: Option<i64>,
    /// The defaults, by member.
    objects: [JsonObject<'a>; MEMBERS.len()],
    /// Bytes that they add to an event at most.
    bytes_per_event: usize,
    /// Bytes that they may still add to the events.
    budget_bytes: usize,
}

impl<'a> BatchDefaults<'a> {
    /// The defaults of the batch with this envelope, whose body has `body_bytes`.
    pub(super) fn of(envelope: &'a JsonObject<'_>, body_bytes: usize) -> Self {
        let objects = MEMBERS.map(|member| {
            let text = envelope.get(member).unwrap_or("{}");
            // Anything but an object sets no defaults.
            JsonObject::parse(text).unwrap_or_default()
        });
        let set = objects.iter().filter(|object| !object.is_empty());
        Self {
            sent_ms: envelope.get("sentAt").and_then(time_ms),
            bytes_per_event: set.map(JsonObject::text_bytes).sum(),
            budget_bytes: growth_max_bytes(body_bytes),
            objects,
        }
    }

    /// No defaults, for events that were sent at `sent_ms`.
    pub(super) fn sent_at(sent_ms: Option<i64>) -> Self {
        Self {
            sent_ms,
            ..Self::default()
        }
    }

    /// Adds to an event of `own_bytes` what it lacks.
    ///
    /// # Errors
    /// When the event would be too large or too deep, or the batch has grown by all it may.
    pub(super) fn add_to(
        &mut self,
        event: &mut Cow<'_, JsonObject<'_>>,
        own_bytes: usize,
    ) -> Result<(), Rejection> {
        if self.bytes_per_event == 0 {
            return Ok(());
        }
        if self.bytes_per_event > EVENT_MAX_BYTES {
            return Err(too_large(self.bytes_per_event));
        }
        // Charged whether or not the event has members of its own: looking costs time, too.
        self.budget_bytes = self
            .budget_bytes
            .checked_sub(self.bytes_per_event)
            .ok_or_else(over_budget)?;
        let mut n_bytes = own_bytes;
        for (member, defaults) in MEMBERS.into_iter().zip(&self.objects) {
            let own = event.get(member).unwrap_or("{}");
            let Ok(mut own) = JsonObject::parse(own) else {
                continue;
            };
            let lacking = own.lacking_of(defaults);
            if lacking.is_empty() {
                continue;
            }
            n_bytes += lacking.text_bytes();
            if n_bytes > EVENT_MAX_BYTES {
                return Err(too_large(n_bytes));
            }
            own.prepend(lacking);
            let merged = own.to_text();
            // The event itself is one level more.
            check_depth(&merged, 1)?;
            event.to_mut().set(member, merged);
        }
        Ok(())
    }
}

/// Bytes by which a batch may grow at most, given its envelope and the bytes of its body.
pub(crate) fn batch_growth_bytes(envelope: &JsonObject<'_>, body_bytes: usize) -> usize {
    let set = MEMBERS.iter().filter_map(|member| envelope.get(member));
    let bytes_per_event: usize = set.map(str::len).sum();
    bytes_per_event
        .saturating_mul(BATCH_MAX_EVENTS)
        .min(growth_max_bytes(body_bytes))
}

/// Bytes by which a request's events may be more than its body.
pub(crate) const fn growth_max_bytes(body_bytes: usize) -> usize {
    body_bytes.saturating_mul(BATCH_GROWTH_FACTOR)
}

fn too_large(n_bytes: usize) -> Rejection {
    let message = format!(
        "with the batch's context and integrations the event is {n_bytes} bytes; \
         at most {EVENT_MAX_BYTES} are allowed"
    );
    Rejection::new("event_too_large", message)
}

fn over_budget() -> Rejection {
    let message = format!(
        "the batch's context and integrations would make it grow by more than \
         {BATCH_GROWTH_FACTOR} times its size; put them into the events, or send fewer events"
    );
    Rejection::new("batch_grows_too_much", message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn defaults(envelope: &JsonObject<'_>, body_bytes: usize) -> usize {
        let mut defaults = BatchDefaults::of(envelope, body_bytes);
        let event = JsonObject::parse("{}").unwrap();
        let mut n_taken = 0;
        while n_taken < BATCH_MAX_EVENTS {
            let mut event = Cow::Borrowed(&event);
            if defaults.add_to(&mut event, 2).is_err() {
                break;
            }
            n_taken += 1;
        }
        n_taken
    }

    #[test]
    fn a_batch_grows_in_proportion_to_its_bytes() {
        for (context_bytes, body_bytes) in [(100, 10_000), (1_000, 1_100), (30_000, 500_000)] {
            let padding = "x".repeat(context_bytes - 8);
            let text = format!(r#"{{"context":{{"a":"{padding}"}}}}"#);
            let envelope = JsonObject::parse(&text).unwrap();
            let n_taken = defaults(&envelope, body_bytes);
            let expected = (body_bytes * BATCH_GROWTH_FACTOR / context_bytes).min(2_500);
            assert_eq!(n_taken, expected, "{context_bytes} in {body_bytes}");
        }
    }

    #[test]
    fn the_room_asked_for_covers_the_growth() {
        let text = r#"{"context":{"a":1},"integrations":{"All":true}}"#;
        let envelope = JsonObject::parse(text).unwrap();
        let body_bytes = 1_000_000;
        let defaults = BatchDefaults::of(&envelope, body_bytes);
        let grown = defaults.bytes_per_event * BATCH_MAX_EVENTS;
        assert!(batch_growth_bytes(&envelope, body_bytes) >= grown);
        assert_eq!(batch_growth_bytes(&envelope, 10), 10 * BATCH_GROWTH_FACTOR);
    }
}
