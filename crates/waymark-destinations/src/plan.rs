//! Events in, requests out.

use std::collections::HashMap;

use crate::destination::{Destination, Lane, Limits, Payload};
use crate::event::Event;
use crate::rules::Rules;
use crate::skip::Skip;
use crate::visitors::Visitors;

/// Bytes of payloads after which a plan ends: an order of many products is many payloads.
const MOST_BYTES: usize = 8 * 1024 * 1024;

/// What a run of events becomes.
#[derive(Debug, Default)]
pub struct Plan {
    /// How many of the events are in it, from the first. At least one, if there is one.
    pub n_events: usize,
    /// The requests, in the order in which they are to be sent. What one visitor does is in its
    /// order over all of them; requests that share no visitor may be under way at once.
    pub requests: Vec<PlannedRequest>,
    /// For each event the number of its visitor: events that share an id have the same.
    pub visitors: Vec<usize>,
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
/// `n_at_once` is how many requests may be under way at once: visitors are kept apart accordingly,
/// but never so that there are more requests than it takes for the number of events.
#[must_use]
pub fn plan<'e>(
    destination: &dyn Destination,
    rules: &Rules,
    events: impl IntoIterator<Item = Event<'e>>,
    n_at_once: usize,
    now_ms: i64,
) -> Plan {
    let limits = destination.limits();
    let events: Vec<_> = events.into_iter().collect();
    let visitors = visitors(&events);
    let groups = groups(
        &visitors,
        n_at_once.min(events.len().div_ceil(limits.payloads.max(1))),
    );
    let mut packer = Packer::new(limits);
    let mut plan = Plan::default();
    for (index, mut event) in events.into_iter().enumerate() {
        if packer.n_bytes > MOST_BYTES {
            break;
        }
        plan.n_events += 1;
        match map(destination, rules, &mut event, now_ms) {
            Ok(payloads) => {
                for (part, payload) in payloads.into_iter().enumerate() {
                    let planned = PlannedPayload {
                        event: index,
                        part,
                        payload,
                    };
                    packer.add(planned, groups[index], visitors[index]);
                }
            }
            Err(skip) => plan.skipped.push((index, skip)),
        }
    }
    plan.requests = packer.requests;
    plan.visitors = visitors;
    plan.visitors.truncate(plan.n_events);
    plan
}

fn visitors(events: &[Event<'_>]) -> Vec<usize> {
    let mut visitors = Visitors::default();
    for event in events {
        visitors.add(event.ids().into_iter());
    }
    visitors.numbers()
}

/// Deals the visitors to `n_groups` groups of about as many events each. Gives each event's group.
fn groups(visitors: &[usize], n_groups: usize) -> Vec<usize> {
    let mut n_events = vec![0; visitors.len()];
    for visitor in visitors {
        n_events[*visitor] += 1;
    }
    let mut sizes = vec![0; n_groups.max(1)];
    let mut groups = vec![0; visitors.len()];
    for (event, visitor) in visitors.iter().enumerate() {
        if event == *visitor {
            let smallest = (0..sizes.len()).min_by_key(|group| sizes[*group]);
            groups[event] = smallest.unwrap_or(0);
            sizes[groups[event]] += n_events[event];
        } else {
            groups[event] = groups[*visitor];
        }
    }
    groups
}

/// Puts payloads into requests.
struct Packer {
    limits: Limits,
    requests: Vec<PlannedRequest>,
    /// The newest request of each lane and group, with the bytes of its payloads.
    open: HashMap<(Lane, usize), (usize, usize)>,
    /// The last request that each visitor is in.
    last: HashMap<usize, usize>,
    n_bytes: usize,
}

impl Packer {
    fn new(limits: Limits) -> Self {
        Self {
            limits,
            requests: Vec::new(),
            open: HashMap::new(),
            last: HashMap::new(),
            n_bytes: 0,
        }
    }

    fn add(&mut self, planned: PlannedPayload, group: usize, visitor: usize) {
        let Limits {
            payloads: most,
            request_bytes,
            envelope_bytes,
            ..
        } = self.limits;
        let room = request_bytes.saturating_sub(envelope_bytes);
        let bytes = planned.payload.body.len() + 1;
        self.n_bytes += bytes;
        let last = self.last.get(&visitor).copied().unwrap_or(0);
        let key = (planned.payload.lane.clone(), group);
        let at = match self.open.get_mut(&key) {
            // An earlier request than the visitor's last would turn the order round.
            Some((at, used))
                if *at >= last
                    && *used + bytes <= room
                    && self.requests[*at].payloads.len() < most =>
            {
                *used += bytes;
                *at
            }
            _ => {
                let at = self.requests.len();
                self.requests.push(PlannedRequest {
                    lane: key.0.clone(),
                    payloads: Vec::new(),
                });
                self.open.insert(key, (at, bytes));
                at
            }
        };
        self.last.insert(visitor, at);
        self.requests[at].payloads.push(planned);
    }
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
