//! The payloads of a run of events on their way: which have their fate, and which wait.

use std::collections::{HashMap, HashSet};

use waymark_destinations::destination::Lane;
use waymark_destinations::{Fate, Plan, PlannedPayload, PlannedRequest, Skip, Verdict};

use super::upstream::Answered;
use crate::limits::DEAD_LETTER_REASON_BYTES;
use crate::store::{DeadLetter, StoredEvent};

/// Payloads that have their fate, by event and part: `None` if taken, or the refusal. A later round
/// with the same events does not send them again.
pub(super) type Settled = HashMap<(i64, usize), Option<DeadLetter>>;

/// The events of one plan.
#[derive(Debug)]
pub(super) struct Round<'e> {
    events: &'e [StoredEvent],
    /// For each event, how many of its payloads have no fate yet.
    n_left: Vec<usize>,
    skipped: Vec<Option<Skip>>,
    settled: Settled,
    /// Requests that wait, the next at the end.
    waiting: Vec<PlannedRequest>,
    /// For each event, the number of its visitor.
    visitors: Vec<usize>,
    /// The visitors in requests that are under way.
    under_way: HashSet<usize>,
    /// How many events from the first have been handed out as done.
    n_done: usize,
}

/// Events from the first whose payloads all have their fate.
#[derive(Debug)]
pub(super) struct Done {
    /// The number of the last of them.
    pub(super) through_seq: i64,
    /// Those that the destination has.
    pub(super) taken: Vec<i64>,
    /// Those that it refused for good.
    pub(super) refused: Vec<DeadLetter>,
    /// Others, and why they became nothing.
    pub(super) skipped: Vec<(i64, Skip)>,
}

/// What an answer leaves to be done.
#[derive(Debug)]
pub(super) enum Next {
    /// Each of these payloads has a fate of its own.
    Fates(Vec<(PlannedPayload, Fate)>),
    /// The request was halved.
    Halved,
    /// The destination may take it later.
    Later {
        /// The wait it asks for.
        retry_after: Option<std::time::Duration>,
        /// Why, for the log.
        why: String,
    },
}

impl<'e> Round<'e> {
    /// The events of a plan. Payloads that are settled already wait no more.
    pub(super) fn new(events: &'e [StoredEvent], plan: Plan, settled: Settled) -> Self {
        let events = &events[..plan.n_events];
        let mut n_left = vec![0; events.len()];
        let mut skipped = vec![None; events.len()];
        for (index, skip) in plan.skipped {
            skipped[index] = Some(skip);
        }
        let mut waiting = plan.requests;
        for request in &mut waiting {
            request
                .payloads
                .retain(|one| !settled.contains_key(&(events[one.event].seq, one.part)));
            for one in &request.payloads {
                n_left[one.event] += 1;
            }
        }
        waiting.retain(|request| !request.payloads.is_empty());
        waiting.reverse();
        Self {
            events,
            n_left,
            skipped,
            settled,
            waiting,
            visitors: plan.visitors,
            under_way: HashSet::new(),
            n_done: 0,
        }
    }

    /// The next request that may go now. What a visitor did goes in its order, so a request waits
    /// for those before it that have one of its visitors.
    pub(super) fn next(&mut self) -> Option<PlannedRequest> {
        let mut before = self.under_way.clone();
        for at in (0..self.waiting.len()).rev() {
            let visitors = self.visitors_of(&self.waiting[at]);
            if visitors.is_disjoint(&before) {
                self.under_way.extend(visitors);
                return Some(self.waiting.remove(at));
            }
            before.extend(visitors);
        }
        None
    }

    fn visitors_of(&self, request: &PlannedRequest) -> HashSet<usize> {
        let events = request.payloads.iter().map(|one| one.event);
        events.map(|event| self.visitors[event]).collect()
    }

    /// One of the payloads that wait, alone in a request. `random` gives a number below its
    /// argument.
    pub(super) fn any_one(&self, random: impl Fn(usize) -> usize) -> Option<PlannedRequest> {
        if self.waiting.is_empty() {
            return None;
        }
        let request = &self.waiting[random(self.waiting.len())];
        let one = &request.payloads[random(request.payloads.len())];
        Some(PlannedRequest {
            lane: request.lane.clone(),
            payloads: vec![one.clone()],
        })
    }

    /// Reads an answer to a request, which is under way no more. Halves of it wait next.
    pub(super) fn read(&mut self, request: PlannedRequest, answered: Answered) -> Next {
        for visitor in self.visitors_of(&request) {
            self.under_way.remove(&visitor);
        }
        let PlannedRequest { lane, mut payloads } = request;
        let all = |payloads: Vec<PlannedPayload>, fate: &Fate| {
            Next::Fates(
                payloads
                    .into_iter()
                    .map(|one| (one, fate.clone()))
                    .collect(),
            )
        };
        match answered.verdict {
            Verdict::Taken => all(payloads, &Fate::Taken),
            Verdict::Refused { reason } if payloads.len() == 1 => {
                all(payloads, &Fate::Refused(reason))
            }
            Verdict::Refused { .. } => {
                let second = payloads.split_off(payloads.len() / 2);
                for payloads in [second, payloads] {
                    let lane = lane.clone();
                    self.waiting.push(PlannedRequest { lane, payloads });
                }
                Next::Halved
            }
            Verdict::Each(fates) => {
                let again = fates.iter().filter(|fate| **fate == Fate::Again).count();
                // Without a fate for any the same request would go on for ever.
                if again == fates.len() || fates.len() != payloads.len() {
                    return Next::Later {
                        retry_after: None,
                        why: "the answer names no event".to_owned(),
                    };
                }
                let fates = payloads.into_iter().zip(fates).collect();
                Next::Fates(fates)
            }
            Verdict::Later { retry_after, why } => Next::Later { retry_after, why },
        }
    }

    /// The destination has a payload.
    pub(super) fn taken(&mut self, one: &PlannedPayload) {
        self.settle(one, None);
    }

    /// The destination will never take a payload.
    pub(super) fn refused(&mut self, one: &PlannedPayload, status: u16, mut reason: String) {
        let mut end = reason.len().min(DEAD_LETTER_REASON_BYTES);
        while !reason.is_char_boundary(end) {
            end -= 1;
        }
        reason.truncate(end);
        let seq = self.events[one.event].seq;
        let letter = DeadLetter {
            seq,
            status,
            reason,
        };
        self.settle(one, Some(letter));
    }

    fn settle(&mut self, one: &PlannedPayload, refusal: Option<DeadLetter>) {
        let key = (self.events[one.event].seq, one.part);
        if self.settled.insert(key, refusal).is_none() {
            self.n_left[one.event] = self.n_left[one.event].saturating_sub(1);
        }
    }

    /// These payloads are sent next.
    pub(super) fn again(&mut self, lane: Lane, payloads: Vec<PlannedPayload>) {
        if !payloads.is_empty() {
            self.waiting.push(PlannedRequest { lane, payloads });
        }
    }

    /// The event that holds up all others.
    pub(super) fn first_waiting(&self) -> Option<&StoredEvent> {
        let at = self.n_left.iter().position(|n_left| *n_left > 0)?;
        Some(&self.events[at])
    }

    /// The events that are done since it was asked last.
    pub(super) fn done(&mut self) -> Option<Done> {
        let from = self.n_done;
        let settled = self.n_left[from..]
            .iter()
            .take_while(|n_left| **n_left == 0);
        self.n_done += settled.count();
        let events = &self.events[from..self.n_done];
        let mut done = Done {
            through_seq: events.last()?.seq,
            taken: Vec::new(),
            refused: Vec::new(),
            skipped: Vec::new(),
        };
        for (event, skip) in events.iter().zip(&self.skipped[from..]) {
            if let Some(skip) = skip {
                done.skipped.push((event.seq, *skip));
                continue;
            }
            // One of its payloads that is refused makes the event a dead letter.
            let mut refusal = None;
            for part in 0.. {
                match self.settled.remove(&(event.seq, part)) {
                    Some(of_part) => refusal = refusal.or(of_part),
                    None => break,
                }
            }
            match refusal {
                Some(letter) => done.refused.push(letter),
                None => done.taken.push(event.seq),
            }
        }
        Some(done)
    }

    /// What later rounds need not send.
    pub(super) fn into_settled(self) -> Settled {
        self.settled
    }
}

#[cfg(test)]
mod tests;
