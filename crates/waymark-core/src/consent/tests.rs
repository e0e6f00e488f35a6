//! An exhaustive walk: every answer, every input, and every sequence of inputs up to six.

use super::*;

/// The state of a page and its stores after a walk, by the actions taken.
#[derive(Debug, Clone, Copy)]
struct World {
    state: Answer,
    /// Whether the client of this page may store and send.
    running: bool,
    /// Whether calls are held.
    holding: bool,
    /// Whether anything of ours may be stored.
    stored: bool,
    denial_stored: bool,
}

impl World {
    fn beginning(state: Answer) -> Self {
        Self {
            state,
            running: state == Answer::Granted,
            holding: state == Answer::Unknown,
            // An earlier page may have been granted.
            stored: true,
            denial_stored: false,
        }
    }

    fn after(mut self, input: Input) -> Self {
        let (next, done) = step(self.state, input);
        if done & START != 0 {
            assert!(!self.running, "{input:?} starts what runs");
            self.running = true;
            self.holding = false;
            self.stored = true;
        }
        if done & DROP != 0 {
            self.running = false;
            self.holding = false;
        }
        if done & ERASE != 0 {
            self.stored = false;
        }
        if done & REMEMBER != 0 {
            self.denial_stored = true;
        }
        if done & FORGET != 0 {
            self.denial_stored = false;
        }
        self.state = next;
        self
    }

    fn check(&self) {
        assert_eq!(self.running, self.state == Answer::Granted, "{self:?}");
        assert_eq!(self.holding, self.state == Answer::Unknown, "{self:?}");
    }
}

fn walk(world: World, depth: u32, visit: &mut impl FnMut(&World, Input, &World)) {
    if depth == 0 {
        return;
    }
    for input in Input::ALL {
        let next = world.after(input);
        next.check();
        visit(&world, input, &next);
        walk(next, depth - 1, visit);
    }
}

fn walk_all(mut visit: impl FnMut(&World, Input, &World)) {
    for state in Answer::ALL {
        walk(World::beginning(state), 6, &mut visit);
    }
}

#[test]
fn only_a_granted_page_runs_and_only_an_unknown_one_holds() {
    let mut steps = 0;
    walk_all(|_, _, _| steps += 1);
    assert_eq!(steps, 3 * (6 + 36 + 216 + 1296 + 7776 + 46656));
}

#[test]
fn the_last_answer_counts_wherever_it_was_given() {
    walk_all(|_, input, next| {
        let grants = matches!(input, Input::Grant | Input::HearGrant);
        assert_eq!(next.state == Answer::Granted, grants);
    });
}

#[test]
fn a_denial_in_this_page_leaves_only_the_denial_stored() {
    walk_all(|before, input, next| {
        if input == Input::Deny && before.state != Answer::Denied {
            assert!(!next.stored && next.denial_stored, "{before:?}");
        }
        if input == Input::Signal && before.state != Answer::Denied {
            assert!(!next.stored, "{before:?}");
        }
    });
}

#[test]
fn a_granted_page_erases_its_data_however_consent_is_withdrawn() {
    for input in [Input::Deny, Input::HearDeny, Input::Signal] {
        let (next, done) = step(Answer::Granted, input);
        assert_eq!(next, Answer::Denied);
        assert_eq!(done & (DROP | ERASE), DROP | ERASE, "{input:?}");
    }
}

#[test]
fn the_same_answer_again_only_tells_the_other_tabs() {
    for (state, inputs) in [
        (Answer::Granted, &[Input::Grant, Input::HearGrant][..]),
        (
            Answer::Denied,
            &[Input::Deny, Input::HearDeny, Input::Signal, Input::Recall],
        ),
    ] {
        for input in inputs {
            let (next, done) = step(state, *input);
            assert_eq!((next, done & !TELL), (state, 0), "{input:?}");
        }
    }
}

#[test]
fn answers_heard_from_other_tabs_are_not_passed_on() {
    for state in Answer::ALL {
        for input in Input::ALL {
            let own = matches!(input, Input::Grant | Input::Deny);
            assert_eq!(step(state, input).1 & TELL != 0, own, "{state:?} {input:?}");
        }
    }
}

#[test]
fn no_input_leads_back_to_unknown() {
    for state in Answer::ALL {
        for input in Input::ALL {
            assert_ne!(step(state, input).0, Answer::Unknown);
        }
    }
}

#[test]
fn the_strictest_answer_is_the_one_for_the_call() {
    assert!(Answer::Granted < Answer::Unknown && Answer::Unknown < Answer::Denied);
}

#[test]
fn the_facade_walks_this_table() {
    let path = "pkg/src/consent/steps.ts";
    let facade = include_str!("../../../../pkg/src/consent/steps.ts");
    assert_eq!(facade, table(), "{path} is to read:\n{}", table());
}
