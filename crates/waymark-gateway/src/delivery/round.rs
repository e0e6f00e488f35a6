//! The payloads of a run of events on their way: which have their fate, and which wait.

use std::collections::HashMap;

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
    /// Why others became nothing.
    pub(super) skipped: Vec<Skip>,
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
            n_done: 0,
        }
    }

    /// The next request.
    pub(super) fn next(&mut self) -> Option<PlannedRequest> {
        self.waiting.pop()
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

    /// Reads an answer to a request. Halves of it wait next.
    pub(super) fn read(&mut self, request: PlannedRequest, answered: Answered) -> Next {
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
                done.skipped.push(*skip);
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
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;
    use waymark_destinations::{Event, Rules, Settings, plan};

    use super::*;
    use crate::config::KeyKind;
    use crate::event_type::EventType;

    fn event(seq: i64, event_type: EventType, text: &str) -> StoredEvent {
        StoredEvent {
            seq,
            source_id: 1,
            source: "shop".to_owned(),
            key_kind: KeyKind::Browser,
            event_type,
            received_ms: 0,
            timestamp_ms: 0,
            message_id: format!("m-{seq}"),
            user_id: None,
            anonymous_id: None,
            name: None,
            ip: None,
            text: text.to_owned(),
            supersedes: None,
        }
    }

    /// Events that become one payload, two of two lanes, four of one lane, and none.
    fn stored(kinds: &[u8]) -> Vec<StoredEvent> {
        let order = concat!(
            r#"{"event":"Order Completed","anonymousId":"a","properties":{"products":"#,
            r#"[{"sku":"1"},{"sku":"2"},{"sku":"3"}]}}"#
        );
        let numbered = (1..).zip(kinds);
        numbered
            .map(|(seq, kind)| match kind {
                0 => event(seq, EventType::Track, r#"{"event":"A","anonymousId":"a"}"#),
                1 => event(
                    seq,
                    EventType::Identify,
                    r#"{"userId":"u","anonymousId":"a"}"#,
                ),
                2 => event(seq, EventType::Track, order),
                _ => event(seq, EventType::Alias, r#"{"userId":"u","previousId":"a"}"#),
            })
            .collect()
    }

    fn planned(events: &[StoredEvent]) -> Plan {
        let settings = r#"{"kind":"mixpanel","token":"t"}"#;
        let settings: Settings = serde_json::from_str(settings).expect("settings");
        let mixpanel = settings.destination().expect("a destination");
        let events = events
            .iter()
            .map(|one| Event::new(one.event_type, &one.message_id, 0, None, &one.text));
        plan(mixpanel.as_ref(), &Rules::default(), events, 0)
    }

    /// What the vendor answers next: 0 takes all, 1 refuses, 2 later, 3 names the first, 4 takes none
    /// and names the first, 5 names nothing.
    fn verdict(answer: u8, n_payloads: usize) -> Verdict {
        let first = |rest: Fate| {
            let mut fates = vec![rest; n_payloads];
            fates[0] = Fate::Refused("no".to_owned());
            Verdict::Each(fates)
        };
        match answer {
            0 => Verdict::Taken,
            1 => Verdict::Refused {
                reason: "no".to_owned(),
            },
            2 => Verdict::Later {
                retry_after: None,
                why: "later".to_owned(),
            },
            3 => first(Fate::Taken),
            4 => first(Fate::Again),
            _ => Verdict::Each(vec![Fate::Again; n_payloads]),
        }
    }

    proptest! {
        #[test]
        fn each_event_has_one_fate_whatever_the_vendor_answers(
            kinds in prop::collection::vec(0_u8..4, 1..12),
            answers in prop::collection::vec(0_u8..6, 0..40),
        ) {
            let events = stored(&kinds);
            // At last it takes everything.
            let mut answers = answers.into_iter().chain(std::iter::repeat(0));
            let mut settled = Settled::new();
            let mut fates: Vec<i64> = Vec::new();
            let mut taken_payloads = HashSet::new();
            let mut passed = 0;
            while passed < events.len() {
                let rest = &events[passed..];
                let mut round = Round::new(rest, planned(rest), settled);
                let mut note = |done: Option<Done>| {
                    let Some(done) = done else { return };
                    let mut of_done = done.taken;
                    of_done.extend(done.refused.iter().map(|letter| letter.seq));
                    of_done.sort_unstable();
                    fates.extend(of_done);
                    passed = usize::try_from(done.through_seq).unwrap();
                };
                note(round.done());
                while let Some(request) = round.next() {
                    let lane = request.lane.clone();
                    for one in &request.payloads {
                        let id = (rest[one.event].seq, one.part);
                        prop_assert!(!taken_payloads.contains(&id), "{id:?} is sent again");
                    }
                    let verdict = verdict(answers.next().unwrap(), request.payloads.len());
                    let next = round.read(request, Answered { status: 400, verdict });
                    let mut again = Vec::new();
                    match next {
                        Next::Fates(all) => for (one, fate) in all {
                            match fate {
                                Fate::Taken => {
                                    taken_payloads.insert((rest[one.event].seq, one.part));
                                    round.taken(&one);
                                }
                                Fate::Refused(reason) => round.refused(&one, 400, reason),
                                Fate::Again => again.push(one),
                            }
                        },
                        Next::Halved => {}
                        Next::Later { .. } => break,
                    }
                    round.again(lane, again);
                    note(round.done());
                }
                settled = round.into_settled();
            }
            let skipped = kinds.iter().filter(|kind| **kind == 3).count();
            prop_assert_eq!(fates.len() + skipped, events.len());
            let unique: HashSet<_> = fates.iter().collect();
            prop_assert_eq!(unique.len(), fates.len());
            prop_assert!(fates.is_sorted(), "in the order of the log");
        }
    }
}
