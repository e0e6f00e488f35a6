//! Events in, requests out.

use std::collections::HashMap;

use crate::destination::{Destination, Lane, Payload};
use crate::event::Event;
use crate::rules::Rules;
use crate::skip::Skip;

/// What a run of events becomes.
#[derive(Debug, Default)]
pub struct Plan {
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
    /// Each with the index of its event.
    pub payloads: Vec<(usize, Payload)>,
}

/// Plans the requests for events. Each event is in requests or skipped, never both.
#[must_use]
pub fn plan(
    destination: &dyn Destination,
    rules: &Rules,
    events: &[Event<'_>],
    now_ms: i64,
) -> Plan {
    let limits = destination.limits();
    let mut plan = Plan::default();
    // The request of each lane that has room, with the bytes of its payloads.
    let mut open: HashMap<Lane, (usize, usize)> = HashMap::new();
    let room = limits.request_bytes.saturating_sub(limits.envelope_bytes);
    for (index, event) in events.iter().enumerate() {
        let payloads = match map(destination, rules, event, now_ms) {
            Ok(payloads) => payloads,
            Err(skip) => {
                plan.skipped.push((index, skip));
                continue;
            }
        };
        for payload in payloads {
            let bytes = payload.body.len() + 1;
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
            plan.requests[at].payloads.push((index, payload));
        }
    }
    plan
}

/// What one event becomes, by the rules of the destination and the vendor's limits.
fn map(
    destination: &dyn Destination,
    rules: &Rules,
    event: &Event<'_>,
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
    let event = event.renamed(rules);
    let payloads = destination.map(&event)?;
    let room = limits.request_bytes.saturating_sub(limits.envelope_bytes);
    let most = limits.payload_bytes.min(room.saturating_sub(1));
    if payloads.iter().any(|payload| payload.body.len() > most) {
        return Err(Skip::TooLarge);
    }
    Ok(payloads)
}
