//! The outbox, step by step and by random schedules.

use super::*;
use proptest::prelude::*;

/// An event that names its number.
fn event(n: usize) -> String {
    format!("{{\"type\":\"track\",\"n\":{n}}}")
}

fn outbox_with(settings: &str) -> Outbox {
    let mut settings = Settings::from_json(settings);
    if settings.endpoint.is_empty() {
        settings.endpoint = "https://api.example/v1/b".into();
    }
    Outbox::new(&settings)
}

fn filled(events: usize) -> Outbox {
    let mut outbox = outbox_with("{}");
    (0..events).for_each(|n| _ = outbox.enqueue(event(n), 0.0).unwrap());
    outbox
}

fn numbers(batch: &Batch) -> Vec<usize> {
    let body: serde_json::Value = serde_json::from_str(&batch.body).unwrap();
    let events = body["batch"].as_array().unwrap();
    let number = |event: &serde_json::Value| event["n"].as_u64().unwrap();
    let numbers = events.iter().map(number);
    numbers.map(|n| usize::try_from(n).unwrap()).collect()
}

fn answered(status: u16) -> Outcome {
    Outcome::Answered {
        status,
        retry_after_ms: None,
        foreign: false,
    }
}

/// Sends at `now_ms`, answers as `server` decides for the events, and returns the time at which
/// the next batch is due, if there is one.
fn exchange(
    outbox: &mut Outbox,
    now_ms: f64,
    server: &mut dyn FnMut(&[usize]) -> u16,
) -> Option<f64> {
    match outbox.next(now_ms) {
        Task::Send => {
            let batch = outbox.start(now_ms).unwrap();
            let status = server(&numbers(&batch));
            outbox.finish(batch.request, answered(status), &[], now_ms, 0.5);
            Some(now_ms)
        }
        Task::Wait { delay_ms } => Some(now_ms + delay_ms),
        Task::Idle => None,
    }
}

/// Runs the outbox against a server until it is idle or time is up.
fn run(outbox: &mut Outbox, from_ms: f64, until_ms: f64, server: &mut dyn FnMut(&[usize]) -> u16) {
    let mut now_ms = from_ms;
    while now_ms < until_ms {
        match exchange(outbox, now_ms, server) {
            Some(next_ms) => now_ms = next_ms,
            None => return,
        }
    }
}

fn fates(outbox: &mut Outbox, fate: Fate) -> Vec<u32> {
    let settlements = outbox.take_settlements().into_iter();
    let of_it = settlements.filter(|settlement| settlement.fate == fate);
    of_it.flat_map(|settlement| settlement.seqs).collect()
}

fn pauses(outbox: &mut Outbox) -> Vec<u16> {
    let settlements = outbox.take_settlements().into_iter();
    let pauses = settlements.filter(|settlement| settlement.fate == Fate::Paused);
    pauses.map(|settlement| settlement.status).collect()
}

#[test]
fn bad_events_are_given_up_alone_and_the_others_arrive_in_order() {
    let mut outbox = filled(40);
    let bad = [0, 1, 2, 3, 4, 5, 17, 39];
    let mut taken = Vec::new();
    run(&mut outbox, 0.0, 3.6e6, &mut |events| {
        if events.iter().any(|n| bad.contains(n)) {
            return 400;
        }
        taken.extend_from_slice(events);
        200
    });
    let good: Vec<usize> = (0..40).filter(|n| !bad.contains(n)).collect();
    assert_eq!(taken, good);
    // The last one was refused, but the server has taken no request since.
    assert_eq!(outbox.pending(), 1);
    outbox.enqueue(event(40), 3.6e6).unwrap();
    run(&mut outbox, 3.6e6, 7.2e6, &mut |events| {
        if events == [39] { 422 } else { 200 }
    });
    let given_up: Vec<usize> = fates(&mut outbox, Fate::Refused)
        .into_iter()
        .map(|seq| usize::try_from(seq).unwrap() - 1)
        .collect();
    assert_eq!(given_up, bad);
    assert_eq!(outbox.pending(), 0);
}

#[test]
fn a_server_that_refuses_everything_for_a_while_costs_no_event() {
    let mut outbox = filled(30);
    let mut requests = 0;
    run(&mut outbox, 0.0, 3.6e6, &mut |_| {
        requests += 1;
        400
    });
    assert!(requests < 60, "{requests}");
    assert_eq!(pauses(&mut outbox), [400]);
    let mut taken = Vec::new();
    run(&mut outbox, 3.6e6, 7.2e6, &mut |events| {
        taken.extend_from_slice(events);
        200
    });
    taken.sort_unstable();
    assert_eq!(taken, (0..30).collect::<Vec<_>>());
    assert_eq!(outbox.ledger().dropped_refused, 0);
}

#[test]
fn an_answer_that_is_not_the_api_s_pauses_sending_and_is_reported_once() {
    for status in [301, 304, 401, 403, 404, 405] {
        let mut outbox = filled(3);
        run(&mut outbox, 0.0, 3.6e6, &mut |_| status);
        assert_eq!((pauses(&mut outbox), outbox.pending()), (vec![status], 3));
    }
    for status in [408, 410, 429, 500, 503, 599] {
        let mut outbox = filled(3);
        run(&mut outbox, 0.0, 3.6e6, &mut |_| status);
        assert_eq!((pauses(&mut outbox), outbox.pending()), (vec![], 3));
    }
}

#[test]
fn a_batch_that_is_too_large_for_the_server_is_made_smaller_for_good() {
    let mut outbox = outbox_with("{}");
    for _ in 0..100 {
        outbox.enqueue("x".repeat(4000), 0.0).unwrap();
    }
    let (mut now_ms, mut refused) = (0.0, 0);
    while outbox.pending() > 0 {
        match outbox.next(now_ms) {
            Task::Send => {
                let batch = outbox.start(now_ms).unwrap();
                let status = if batch.body.len() > 100_000 { 413 } else { 200 };
                refused += u32::from(status == 413);
                outbox.finish(batch.request, answered(status), &[], now_ms, 0.5);
            }
            Task::Wait { delay_ms } => now_ms += delay_ms,
            Task::Idle => break,
        }
    }
    assert_eq!((outbox.pending(), outbox.ledger().acknowledged), (0, 100));
    assert_eq!(refused, 2, "400 and 200 KB");
}

#[test]
fn without_retry_a_failed_attempt_is_the_last() {
    let mut outbox = outbox_with(r#"{"retry":false}"#);
    outbox.enqueue(event(0), 0.0).unwrap();
    outbox.enqueue(event(1), 0.0).unwrap();
    let batch = outbox.start(0.0).unwrap();
    outbox.finish(batch.request, Outcome::Unanswered, &[], 0.0, 0.5);
    assert_eq!(fates(&mut outbox, Fate::Refused), [1, 2]);
    let mut outbox = outbox_with(r#"{"retryCountMax":2}"#);
    outbox.enqueue(event(0), 0.0).unwrap();
    let mut requests = 0;
    run(&mut outbox, 0.0, 3.6e6, &mut |_| {
        requests += 1;
        500
    });
    assert_eq!((requests, outbox.pending()), (3, 0));
}

#[test]
fn each_event_has_its_own_request_where_the_strategy_says_so() {
    let mut outbox =
        outbox_with(r#"{"oneEventPerRequest":true,"endpoint":"https://h/v1/b","writeKey":"k"}"#);
    outbox.enqueue(r#"{"type":"page"}"#.into(), 0.0).unwrap();
    outbox.enqueue(event(1), 0.0).unwrap();
    let batch = outbox.start(0.0).unwrap();
    assert_eq!(
        (batch.endpoint.as_str(), batch.events),
        ("https://h/v1/p", 1)
    );
    assert_eq!(
        batch.body,
        r#"{"type":"page","writeKey":"k","sentAt":"1970-01-01T00:00:00.000Z"}"#
    );
    outbox.finish(batch.request, answered(200), &[], 0.0, 0.0);
    assert_eq!(fates(&mut outbox, Fate::Acknowledged), [1]);
}

#[test]
fn a_gateway_is_sent_the_ledger_until_it_acknowledges_it() {
    let mut outbox = outbox_with(r#"{"sendsLedger":true}"#);
    let ledger = |batch: &Batch| {
        let body: serde_json::Value = serde_json::from_str(&batch.body).unwrap();
        body["ledger"].to_string()
    };
    outbox.enqueue(event(0), 0.0).unwrap();
    let batch = outbox.start(0.0).unwrap();
    assert_eq!(ledger(&batch), r#"{"accepted":1}"#);
    outbox.finish(batch.request, Outcome::Unanswered, &[], 0.0, 0.0);
    outbox.enqueue(event(1), 0.0).unwrap();
    let batch = outbox.start(0.0).unwrap();
    assert_eq!(ledger(&batch), r#"{"accepted":2,"retried":1,"sent":1}"#);
    outbox.finish(batch.request, answered(200), &[], 0.0, 0.0);
    outbox.enqueue(event(2), 0.0).unwrap();
    let batch = outbox.start(0.0).unwrap();
    assert_eq!(
        ledger(&batch),
        r#"{"accepted":1,"acknowledged":2,"sent":2}"#
    );
    let mut to_segment = filled(1);
    assert_eq!(ledger(&to_segment.start(0.0).unwrap()), "null");
}

#[test]
fn events_that_waited_too_long_are_counted_and_not_sent() {
    let mut outbox = outbox_with("{}");
    outbox.restore(event(0), 0.0);
    outbox.enqueue(event(1), limits::EVENT_AGE_MAX_MS).unwrap();
    let batch = outbox.start(limits::EVENT_AGE_MAX_MS + 1.0).unwrap();
    assert_eq!(numbers(&batch), [1]);
    assert_eq!(fates(&mut outbox, Fate::TooOld), [1]);
    assert_eq!(outbox.ledger().dropped_too_old, 1);
}

#[test]
fn a_leaving_page_hands_over_its_events_once_and_sends_them_again_if_it_returns() {
    let mut outbox = filled(4);
    let in_flight = outbox.start(0.0).unwrap();
    (4..10).for_each(|n| _ = outbox.enqueue(event(n), 0.0).unwrap());
    let batch = outbox.start_leaving(usize::MAX, 0.0).unwrap();
    assert_eq!(numbers(&batch), [4, 5, 6, 7, 8, 9]);
    outbox.not_taken(batch.request);
    let batch = outbox.start_leaving(usize::MAX, 0.0).unwrap();
    outbox.handed_over(batch.request);
    assert_eq!(outbox.start_leaving(usize::MAX, 0.0), None);
    outbox.finish(in_flight.request, answered(200), &[], 0.0, 0.0);
    assert_eq!((outbox.pending(), outbox.ledger().acknowledged), (6, 4));
    outbox.finish(batch.request, answered(200), &[], 0.0, 0.0);
    assert_eq!(outbox.pending(), 6, "a beacon has no answer");
    outbox.returned();
    assert_eq!(numbers(&outbox.start(0.0).unwrap()), [4, 5, 6, 7, 8, 9]);
}

#[test]
fn events_that_another_page_adopted_are_forgotten_unless_they_are_in_flight() {
    let mut outbox = filled(2);
    let batch = outbox.start(0.0).unwrap();
    (2..5).for_each(|n| _ = outbox.enqueue(event(n), 0.0).unwrap());
    outbox.forget(&[1, 3, 4]);
    assert_eq!(fates(&mut outbox, Fate::Adopted), [3, 4]);
    outbox.finish(batch.request, answered(200), &[], 0.0, 0.0);
    assert_eq!((outbox.ledger().adopted, outbox.pending()), (2, 1));
}

#[test]
fn events_of_a_dying_request_go_by_beacon_and_its_late_answer_is_ignored() {
    let mut outbox = filled(3);
    let dying = outbox.start(0.0).unwrap();
    outbox.not_taken(dying.request);
    let batch = outbox.start_leaving(usize::MAX, 0.0).unwrap();
    assert_eq!(numbers(&batch), [0, 1, 2]);
    outbox.finish(dying.request, answered(400), &[], 0.0, 0.0);
    assert_eq!((outbox.pending(), outbox.take_settlements().len()), (3, 0));
}

#[test]
fn a_large_event_at_the_head_does_not_keep_small_ones_off_the_beacon() {
    let mut outbox = outbox_with("{}");
    outbox.enqueue("x".repeat(70_000), 0.0).unwrap();
    outbox.enqueue(event(1), 0.0).unwrap();
    let batch = outbox.start_leaving(60_000, 0.0).unwrap();
    assert_eq!(numbers(&batch), [1]);
}

#[test]
fn hiding_sends_beside_a_request_but_not_while_the_server_asks_to_wait() {
    let mut outbox = filled(2);
    let first = outbox.start(0.0).unwrap();
    outbox.enqueue(event(2), 0.0).unwrap();
    let beside = outbox.start_hidden(60_000, 0.0).unwrap();
    assert_eq!(numbers(&beside), [2]);
    assert_eq!(outbox.start_hidden(60_000, 0.0), None);
    outbox.finish(first.request, Outcome::Unanswered, &[], 0.0, 0.0);
    assert_eq!(outbox.start_hidden(60_000, 0.0), None);
    outbox.finish(beside.request, answered(200), &[], 0.0, 0.0);
    assert_eq!(outbox.pending(), 2);
}

#[test]
fn evictions_during_a_request_do_not_change_which_events_it_settles() {
    let mut outbox = filled(3);
    let batch = outbox.start(0.0).unwrap();
    for n in 3..=limits::QUEUE_EVENTS_MAX {
        outbox.enqueue(event(n), 0.0).unwrap();
    }
    assert_eq!(fates(&mut outbox, Fate::QueueFull), [4]);
    outbox.finish(batch.request, answered(200), &[], 0.0, 0.0);
    assert_eq!(fates(&mut outbox, Fate::Acknowledged), [1, 2, 3]);
}

/// A step of a random schedule.
#[derive(Debug, Clone)]
enum Step {
    Record,
    Restore(f64),
    Send,
    Hide,
    Leave(bool),
    Return,
    Answer(u16),
    NoAnswer,
}

fn any_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => Just(Step::Record),
        1 => (0.0..1e9).prop_map(Step::Restore),
        3 => Just(Step::Send),
        1 => Just(Step::Hide),
        1 => any::<bool>().prop_map(Step::Leave),
        1 => Just(Step::Return),
        2 => Just(Step::Answer(200)),
        1 => prop::sample::select(vec![400, 401, 413, 429, 500, 503]).prop_map(Step::Answer),
        1 => Just(Step::NoAnswer),
    ]
}

proptest! {
    #[test]
    fn every_event_is_acknowledged_pending_or_counted_as_dropped(
        steps in prop::collection::vec(any_step(), 1..200),
    ) {
        let mut outbox = outbox_with("{}");
        let (mut made, mut now_ms, mut open) = (0, 0.0, Vec::new());
        for step in steps {
            now_ms += 400_000.0;
            match step {
                Step::Record => {
                    outbox.enqueue(event(made), now_ms).unwrap();
                    made += 1;
                }
                Step::Restore(at_ms) => {
                    outbox.restore(event(made), at_ms);
                    made += 1;
                }
                Step::Send => {
                    if outbox.next(now_ms) == Task::Send {
                        open.extend(outbox.start(now_ms));
                    }
                }
                Step::Hide => open.extend(outbox.start_hidden(300, now_ms)),
                Step::Leave(taken) => {
                    if let Some(batch) = outbox.start_leaving(200, now_ms) {
                        if taken {
                            outbox.handed_over(batch.request);
                        } else {
                            outbox.not_taken(batch.request);
                        }
                    }
                }
                Step::Return => outbox.returned(),
                Step::Answer(status) => {
                    if let Some(batch) = open.pop() {
                        outbox.finish(batch.request, answered(status), &[], now_ms, 0.5);
                    }
                }
                Step::NoAnswer => {
                    if let Some(batch) = open.pop() {
                        outbox.finish(batch.request, Outcome::Unanswered, &[], now_ms, 0.5);
                    }
                }
            }
            let ledger = outbox.ledger();
            let dropped =
                ledger.dropped_refused + ledger.dropped_queue_full + ledger.dropped_too_old;
            let pending = u32::try_from(outbox.pending()).unwrap();
            prop_assert_eq!(
                ledger.accepted + ledger.restored,
                ledger.acknowledged + dropped + pending
            );
        }
        let mut gone: Vec<u32> = outbox
            .take_settlements()
            .into_iter()
            .filter(|settlement| settlement.fate != Fate::Retried)
            .flat_map(|settlement| settlement.seqs)
            .collect();
        let settled = gone.len();
        gone.sort_unstable();
        gone.dedup();
        prop_assert_eq!(gone.len(), settled, "each event has one fate");
    }
}

/// Sends at `now_ms` without an answer; gives what goes by beacon then.
fn unanswered(outbox: &mut Outbox, now_ms: f64) -> Vec<Vec<usize>> {
    outbox.wake();
    let batch = outbox.start(now_ms).unwrap();
    outbox.finish(batch.request, Outcome::Unanswered, &[], now_ms, 0.5);
    let mut carried = Vec::new();
    while let Some(beacon) = outbox.start_beside(500, now_ms) {
        assert!(beacon.body.len() <= 500);
        carried.push(numbers(&beacon));
        outbox.carried(beacon.request);
    }
    carried
}

#[test]
fn events_that_no_request_brings_to_an_answer_go_by_beacon_once_and_still_wait() {
    let mut outbox = filled(2);
    outbox.restore(event(9), 0.0);
    let none: [Vec<usize>; 0] = [];
    assert_eq!(unanswered(&mut outbox, 0.0), none);
    assert_eq!(unanswered(&mut outbox, 1.0), none);
    assert_eq!(unanswered(&mut outbox, 2.0), [[0, 1]]);
    assert_eq!(unanswered(&mut outbox, 3.0), none);
    _ = outbox.enqueue(event(2), 4.0).unwrap();
    assert_eq!(unanswered(&mut outbox, 4.0), [[2]]);
    let batch = outbox.start(5.0).unwrap();
    assert_eq!(batch.events, 4);
    outbox.finish(batch.request, answered(200), &[], 5.0, 0.5);
    let counts = outbox.ledger();
    assert_eq!((counts.acknowledged, counts.accepted), (4, 3));
    assert_eq!(outbox.pending(), 0);
}

#[test]
fn what_an_answer_turns_away_is_given_up_and_the_rest_of_its_request_is_acknowledged() {
    let mut outbox = filled(5);
    let batch = outbox.start(0.0).unwrap();
    // Its order in the queue changes while the request is under way.
    outbox.restore(event(5), -1.0);
    outbox.enqueue(event(6), 0.0).unwrap();
    let told = [0, 7, 0, 7, 9, 7, 7, 7];
    outbox.finish(batch.request, answered(200), &told, 0.0, 0.5);
    let settled = |seqs: &[u32], fate, status| Settlement {
        seqs: seqs.to_vec(),
        fate,
        status,
    };
    assert_eq!(
        outbox.take_settlements(),
        [
            settled(&[1], Fate::Acknowledged, 200),
            settled(&[2], Fate::Refused, 7),
            settled(&[3], Fate::Acknowledged, 200),
            settled(&[4], Fate::Refused, 7),
            settled(&[5], Fate::Refused, 9),
        ]
    );
    let ledger = outbox.ledger();
    assert_eq!((ledger.acknowledged, ledger.dropped_refused), (2, 3));
    assert_eq!(outbox.pending(), 2);
    // The server works: what is left goes on as ever.
    let rest = outbox.start(1000.0).unwrap();
    assert_eq!(numbers(&rest), [5, 6]);
    outbox.finish(rest.request, answered(200), &[0], 1000.0, 0.5);
    assert_eq!((outbox.ledger().acknowledged, outbox.pending()), (4, 0));
}

#[test]
fn an_answer_that_does_not_take_the_request_turns_nothing_away() {
    let foreign = Outcome::Answered {
        status: 200,
        retry_after_ms: None,
        foreign: true,
    };
    for outcome in [
        answered(400),
        answered(401),
        answered(503),
        foreign,
        Outcome::Unanswered,
    ] {
        let mut outbox = filled(3);
        let batch = outbox.start(0.0).unwrap();
        outbox.finish(batch.request, outcome, &[1, 1, 1], 0.0, 0.5);
        assert_eq!((outbox.pending(), outbox.ledger().dropped_refused), (3, 0));
    }
}
