//! Rounds against answers of all kinds.

use std::collections::{HashMap, HashSet};

use proptest::prelude::*;
use waymark_destinations::{Event, Rules, Settings, plan};

use super::*;
use crate::config::KeyKind;
use crate::event_type::EventType;

fn event(seq: i64, event_type: EventType, text: &str) -> StoredEvent {
    StoredEvent {
        plan_problems: None,
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
    plan(mixpanel.as_ref(), &Rules::default(), events, 4, 0)
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

/// Events of some visitors, in each of the kinds above.
fn of_visitors(kinds: &[(u8, u8)]) -> Vec<StoredEvent> {
    let only: Vec<u8> = kinds.iter().map(|(kind, _)| *kind).collect();
    let mut events = stored(&only);
    for (event, (_, visitor)) in events.iter_mut().zip(kinds) {
        let named = event.text.replace(r#""a""#, &format!(r#""a-{visitor}""#));
        event.text = named.replace(r#""u""#, &format!(r#""u-{visitor}""#));
    }
    events
}

proptest! {
    #[test]
    fn each_event_has_one_fate_whatever_the_vendor_answers(
        kinds in prop::collection::vec((0_u8..4, 0_u8..3), 1..16),
        answers in prop::collection::vec((0_u8..6, 0_usize..4), 0..40),
        n_at_once in 1_usize..5,
    ) {
        let events = of_visitors(&kinds);
        let visitor_of = |seq: i64| kinds[usize::try_from(seq - 1).unwrap()].1;
        // At last it takes everything.
        let mut answers = answers.into_iter().chain(std::iter::repeat((0, 0)));
        let mut settled = Settled::new();
        let mut fates: Vec<i64> = Vec::new();
        let mut taken_payloads = HashSet::new();
        // The payload of each visitor that was sent for the first time last.
        let mut newest: HashMap<u8, (i64, usize)> = HashMap::new();
        let mut sent = HashSet::new();
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
            let mut under_way: Vec<PlannedRequest> = Vec::new();
            let mut failed = false;
            loop {
                while !failed && under_way.len() < n_at_once {
                    let Some(request) = round.next() else { break };
                    let ids = |request: &PlannedRequest| -> Vec<(i64, usize)> {
                        let all = request.payloads.iter();
                        all.map(|one| (rest[one.event].seq, one.part)).collect()
                    };
                    for id in ids(&request) {
                        prop_assert!(!taken_payloads.contains(&id), "{id:?} is sent again");
                        let visitor = visitor_of(id.0);
                        let others = under_way.iter().flat_map(ids);
                        let mut others = others.map(|(seq, _)| visitor_of(seq));
                        prop_assert!(!others.any(|other| other == visitor), "{id:?} is not alone");
                        if sent.insert(id) {
                            let before = newest.insert(visitor, id);
                            prop_assert!(before.is_none_or(|before| before.0 <= id.0));
                        }
                    }
                    under_way.push(request);
                }
                let Some((answer, at)) = answers.next().filter(|_| !under_way.is_empty()) else {
                    break;
                };
                let request = under_way.remove(at % under_way.len());
                let lane = request.lane.clone();
                let verdict = verdict(answer, request.payloads.len());
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
                    Next::Later { .. } => failed = true,
                }
                round.again(lane, again);
                note(round.done());
            }
            settled = round.into_settled();
        }
        let skipped = kinds.iter().filter(|(kind, _)| *kind == 3).count();
        prop_assert_eq!(fates.len() + skipped, events.len());
        let unique: HashSet<_> = fates.iter().collect();
        prop_assert_eq!(unique.len(), fates.len());
        prop_assert!(fates.is_sorted(), "in the order of the log");
    }
}
