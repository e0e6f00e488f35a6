//! The vectors that hold this crate and the package's `waymark/plan` to one judgement.

#![expect(
    clippy::unwrap_used,
    reason = "tests fail by panicking; clippy.toml allows it only in test functions"
)]

use serde::Deserialize;
use serde_json::value::RawValue;
use waymark_plan::Plan;

const VECTORS: &str = include_str!("../../../tests/vectors/plans.json");

#[derive(Deserialize)]
struct Vectors<'a> {
    #[serde(borrow)]
    judged: Vec<Judged<'a>>,
    refused: Vec<Refused<'a>>,
}

#[derive(Deserialize)]
struct Judged<'a> {
    #[serde(borrow)]
    plan: &'a RawValue,
    events: Vec<Event<'a>>,
}

#[derive(Deserialize)]
struct Event<'a> {
    event: String,
    #[serde(borrow)]
    properties: &'a RawValue,
    problems: Vec<(String, String)>,
}

#[derive(Deserialize)]
struct Refused<'a> {
    #[serde(borrow)]
    plan: &'a RawValue,
    why: String,
}

fn vectors() -> Vectors<'static> {
    serde_json::from_str(VECTORS).unwrap()
}

#[test]
fn each_event_has_the_problems_of_the_vectors() {
    let mut n_events = 0;
    for Judged { plan, events } in vectors().judged {
        let plan = Plan::parse(plan.get()).unwrap();
        for one in events {
            let found = plan.check(&one.event, Some(one.properties.get()));
            let found: Vec<_> = found
                .into_iter()
                .map(|problem| (problem.path, problem.message))
                .collect();
            assert_eq!(found, one.problems, "{} {}", one.event, one.properties);
            n_events += 1;
        }
    }
    assert!(n_events > 30);
}

#[test]
fn each_hostile_plan_is_refused_as_the_vectors_say() {
    for Refused { plan, why } in vectors().refused {
        let error = Plan::parse(plan.get()).unwrap_err();
        assert_eq!(error.to_string(), why);
    }
}

#[test]
fn what_is_left_after_stripping_has_nothing_unplanned() {
    let mut n_stripped = 0;
    for Judged { plan, events } in vectors().judged {
        let plan = Plan::parse(plan.get()).unwrap();
        for one in events {
            let before = plan.check(&one.event, Some(one.properties.get()));
            let Some(rest) = plan.strip(&one.event, one.properties.get()) else {
                continue;
            };
            n_stripped += 1;
            let after = plan.check(&one.event, Some(&rest));
            assert!(after.iter().all(|one| !one.rule.ends_with('*')), "{rest}");
            assert!(after.len() <= before.len(), "{rest}");
            assert_eq!(plan.strip(&one.event, &rest), None, "{rest}");
        }
    }
    assert!(n_stripped > 5);
}
