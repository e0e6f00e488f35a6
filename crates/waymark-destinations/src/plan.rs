//! Events in, requests out.

use std::collections::HashMap;

use crate::destination::{Destination, Lane, Payload};
use crate::event::Event;
use crate::rules::Rules;
use crate::skip::Skip;

/// Bytes of payloads after which a plan ends: an order of many products is many payloads.
const MOST_BYTES: usize = 8 * 1024 * 1024;

/// What a run of events becomes.
#[derive(Debug, Default)]
pub struct Plan {
    /// How many of the events are in it, from the first. At least one, if there is one.
    pub n_events: usize,
    /// The requests, in the order in which they are to be sent: what one visitor does stays in its
    /// order within a lane.
    pub requests: Vec<PlannedRequest>,
    /// The events that become nothing: their index, and why.
    pub skipped: Vec<(usize, Skip)>,
}

/// Payloads that share a request.
#[derive(Debug, Clone)]
pub struct PlannedRequest {
    /// What they have in common.
    pub lane: Lane,
    /// The payloads.
    pub payloads: Vec<PlannedPayload>,
}

/// A payload, and where it comes from.
#[derive(Debug, Clone)]
pub struct PlannedPayload {
    /// The index of its event.
    pub event: usize,
    /// Which of the event's payloads it is. The same number is the same payload in each plan.
    pub part: usize,
    /// The payload.
    pub payload: Payload,
}

/// Plans the requests for events. Each event of the plan is in requests or skipped, never both.
#[must_use]
pub fn plan<'e>(
    destination: &dyn Destination,
    rules: &Rules,
    events: impl IntoIterator<Item = Event<'e>>,
    now_ms: i64,
) -> Plan {
    let limits = destination.limits();
    let mut plan = Plan::default();
    // The request of each lane that has room, with the bytes of its payloads.
    let mut open: HashMap<Lane, (usize, usize)> = HashMap::new();
    let room = limits.request_bytes.saturating_sub(limits.envelope_bytes);
    let mut n_bytes = 0;
    for (index, mut event) in events.into_iter().enumerate() {
        if n_bytes > MOST_BYTES {
            break;
        }
        plan.n_events += 1;
        let payloads = match map(destination, rules, &mut event, now_ms) {
            Ok(payloads) => payloads,
            Err(skip) => {
                plan.skipped.push((index, skip));
                continue;
            }
        };
        for (part, payload) in payloads.into_iter().enumerate() {
            let bytes = payload.body.len() + 1;
            n_bytes += bytes;
            let at = match open.get_mut(&payload.lane) {
                Some((at, used))
                    if *used + bytes <= room
                        && plan.requests[*at].payloads.len() < limits.payloads =>
                {
                    *used += bytes;
                    *at
                }
                _ => {
                    let at = plan.requests.len();
                    open.insert(payload.lane.clone(), (at, bytes));
                    plan.requests.push(PlannedRequest {
                        lane: payload.lane.clone(),
                        payloads: Vec::new(),
                    });
                    at
                }
            };
            plan.requests[at].payloads.push(PlannedPayload {
                event: index,
                part,
                payload,
            });
        }
    }
    plan
}

/// What one event becomes, by the rules of the destination and the vendor's limits.
fn map(
    destination: &dyn Destination,
    rules: &Rules,
    event: &mut Event<'_>,
    now_ms: i64,
) -> Result<Vec<Payload>, Skip> {
    let limits = destination.limits();
    rules.check(event, destination.integration_names())?;
    if limits
        .age_ms
        .is_some_and(|age_ms| now_ms.saturating_sub(event.timestamp_ms) > age_ms)
    {
        return Err(Skip::TooOld);
    }
    event.rename(rules);
    let payloads = destination.map(event)?;
    let room = limits.request_bytes.saturating_sub(limits.envelope_bytes);
    let most = limits.payload_bytes.min(room.saturating_sub(1));
    if payloads.iter().any(|payload| payload.body.len() > most) {
        return Err(Skip::TooLarge);
    }
    Ok(payloads)
}
