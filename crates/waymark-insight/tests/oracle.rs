//! Random schedules of what is visible, against an oracle that counts millisecond by millisecond.

use proptest::prelude::*;
use waymark_insight::impressions::Impressions;
use waymark_insight::rule::{Rule, Shares};

/// Elements of a schedule.
const ELEMENTS: usize = 4;
/// Milliseconds that each must be visible.
const DWELL_MS: u32 = 40;

/// A step, after a number of milliseconds.
#[derive(Debug, Clone)]
enum Step {
    /// An element comes into view, or goes.
    See(usize, bool),
    /// The page is hidden, or shown again.
    Pause(bool),
    /// A new page view begins.
    Turn,
}

fn steps() -> impl Strategy<Value = Vec<(u32, Step)>> {
    let step = prop_oneof![
        8 => (0..ELEMENTS, any::<bool>()).prop_map(|(element, seen)| Step::See(element, seen)),
        1 => any::<bool>().prop_map(Step::Pause),
        1 => Just(Step::Turn),
    ];
    prop::collection::vec((0_u32..30, step), 0..80)
}

/// The oracle's state of an element.
#[derive(Debug, Clone, Copy, Default)]
struct Seen {
    in_view: bool,
    dwelt_ms: u32,
    counted: bool,
}

/// The rule of an element: four elements in a row have one of each kind.
fn rule_of(element: usize) -> Rule {
    let mut rule = Rule::new(0.5, f64::from(DWELL_MS));
    rule.once = element & 1 == 0;
    rule.continuous = element & 2 != 0;
    rule
}

/// Every impression by its element and millisecond, counted millisecond by millisecond.
fn oracle(schedule: &[(u32, Step)]) -> Vec<(u32, usize)> {
    let mut elements = [Seen::default(); ELEMENTS];
    let (mut now_ms, mut paused) = (0, false);
    let mut told = Vec::new();
    for (wait_ms, step) in schedule {
        for _ in 0..*wait_ms {
            now_ms += 1;
            for (element, it) in elements.iter_mut().enumerate() {
                if !it.in_view || paused || it.counted {
                    continue;
                }
                it.dwelt_ms += 1;
                if it.dwelt_ms == DWELL_MS {
                    it.counted = true;
                    told.push((now_ms, element));
                }
            }
        }
        match *step {
            Step::See(element, seen) => elements[element].in_view = seen,
            Step::Pause(now) => paused = now,
            Step::Turn => elements.iter_mut().for_each(|it| {
                it.counted = false;
                it.dwelt_ms = 0;
            }),
        }
        for (element, it) in elements.iter_mut().enumerate() {
            let rule = rule_of(element);
            let left = !it.in_view;
            if left && it.counted && !rule.once {
                it.counted = false;
                it.dwelt_ms = 0;
            }
            if (left || paused) && rule.continuous && !it.counted {
                it.dwelt_ms = 0;
            }
        }
    }
    told
}

/// The same by the rules, asked after every step; `asks` says whether also in between, as timers
/// that are late, or never come, must make no difference.
fn by_the_rules(schedule: &[(u32, Step)], asks: bool) -> Vec<(u32, usize)> {
    let mut page = Impressions::default();
    let ids: Vec<u32> = (0..ELEMENTS)
        .map(|element| page.watch(rule_of(element), None))
        .collect();
    let mut now_ms = 0.0;
    let mut told = Vec::new();
    for (wait_ms, step) in schedule {
        let until_ms = now_ms + f64::from(*wait_ms);
        while let Some(due_ms) = page.due_ms().filter(|due_ms| *due_ms <= until_ms) {
            let asked_ms = if asks { due_ms } else { until_ms };
            let Some(id) = page.next(asked_ms) else { break };
            let element = ids.iter().position(|one| *one == id);
            told.extend(element.map(|element| (due_ms as u32, element)));
        }
        now_ms = until_ms;
        match *step {
            Step::See(element, seen) => {
                let share = if seen { 0.75 } else { 0.25 };
                let shares = Shares {
                    of_element: share,
                    of_viewport: 0.1,
                };
                page.see(ids[element], shares, now_ms);
            }
            Step::Pause(paused) => page.set_paused(paused, now_ms),
            Step::Turn => page.turn(now_ms),
        }
    }
    told
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 4_000,
        failure_persistence: None,
        ..Default::default()
    })]

    #[test]
    fn exactly_what_was_visible_long_enough_counts(schedule in steps(), asks in any::<bool>()) {
        let mut expected = oracle(&schedule);
        let mut told = by_the_rules(&schedule, asks);
        expected.sort_unstable();
        told.sort_unstable();
        prop_assert_eq!(told, expected);
    }
}
