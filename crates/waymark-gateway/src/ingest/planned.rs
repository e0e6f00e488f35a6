//! Judges events by their source's tracking plan.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use waymark_plan::Problem;

use super::validate::{CommonFields, Rejection};
use crate::config::{PlanMode, SourcePlan};
use crate::event_type::EventType;
use crate::json_object::JsonObject;
use crate::limits::{PLAN_PROBLEMS_MAX_BYTES, PLAN_WORDED_MAX};
use crate::store::StoredEvent;

/// What stands for the names of all events that a plan does not have.
pub(crate) const UNPLANNED: &str = "(not in the plan)";

/// What is said of an event if too many of its request have problems.
const UNWORDED: &str = "violates the plan, as too many events of its request do to say how";

/// What a plan says of the events of a request.
#[derive(Debug, Default)]
pub(crate) struct PlanFindings {
    /// The plan, once it has judged an event.
    pub(crate) plan: Option<Arc<SourcePlan>>,
    /// Events that follow it.
    pub(crate) n_following: u64,
    /// Events that do not.
    pub(crate) n_violating: u64,
    /// How many events have a problem, by the event's name in the plan and the problem's place
    /// there.
    pub(crate) by_place: HashMap<(String, String), u64>,
}

impl PlanFindings {
    /// Judges an event. Returns its problems in words if it is stored in spite of them, with what
    /// is not planned taken out if the mode says so.
    ///
    /// # Errors
    /// A rejection, if the mode is to block such events.
    pub(super) fn judge(
        &mut self,
        plan: &Arc<SourcePlan>,
        fields: &CommonFields,
        edited: &mut Cow<'_, JsonObject<'_>>,
    ) -> Result<Option<String>, Rejection> {
        let (EventType::Track, Some(name)) = (fields.event_type, &fields.name) else {
            return Ok(None);
        };
        if self.plan.is_none() {
            self.plan = Some(Arc::clone(plan));
        }
        let problems = plan.plan.check(name, edited.get("properties"));
        let said = if problems.is_empty() {
            self.n_following += 1;
            None
        } else {
            self.n_violating += 1;
            self.note(plan, name, &problems);
            Some(self.said(&problems))
        };
        match (plan.mode, &said) {
            (PlanMode::Allow | PlanMode::Warn, _) => {}
            (PlanMode::Block, Some(said)) => {
                let message = format!("the event violates the tracking plan: {said}");
                return Err(Rejection::new("plan_violation", message));
            }
            (PlanMode::Block, None) | (PlanMode::Strip, _) => keep_judged(plan, name, edited),
        }
        Ok(said)
    }

    /// The problems of an event in words, if not too many events of its request have some: they are
    /// held until the request is stored.
    fn said(&self, problems: &[Problem]) -> String {
        if self.n_violating > PLAN_WORDED_MAX {
            return UNWORDED.to_owned();
        }
        in_words(problems)
    }

    fn note(&mut self, plan: &SourcePlan, name: &str, problems: &[Problem]) {
        let event = if plan.plan.has(name) { name } else { UNPLANNED };
        for (at, problem) in problems.iter().enumerate() {
            // An event counts once at each place.
            if problems[..at].iter().any(|one| one.rule == problem.rule) {
                continue;
            }
            let place = (event.to_owned(), problem.rule.clone());
            *self.by_place.entry(place).or_default() += 1;
        }
    }
}

/// Takes out what is not planned, and all that was not judged as a later member has its name.
fn keep_judged(plan: &SourcePlan, name: &str, edited: &mut Cow<'_, JsonObject<'_>>) {
    if edited.is_repeated("properties") {
        edited.to_mut().keep_last("properties");
    }
    let rest = edited
        .get("properties")
        .and_then(|text| plan.plan.strip(name, text));
    if let Some(rest) = rest {
        edited.to_mut().set("properties", rest);
    }
}

/// What the plan has to say against a stored event.
pub(crate) fn plan_problems(plan: &SourcePlan, event: &StoredEvent) -> Option<String> {
    let (EventType::Track, Some(name)) = (event.event_type, &event.name) else {
        return None;
    };
    let object = JsonObject::parse(&event.text).ok()?;
    let problems = plan.plan.check(name, object.get("properties"));
    (!problems.is_empty()).then(|| in_words(&problems))
}

/// The problems in one line, as long as a log or a view has room for.
fn in_words(problems: &[Problem]) -> String {
    let mut said = String::new();
    for Problem { path, message, .. } in problems {
        let gap = if said.is_empty() { "" } else { "; " };
        let space = if path.is_empty() { "" } else { " " };
        said.push_str(&format!("{gap}{path}{space}{message}"));
        if said.len() > PLAN_PROBLEMS_MAX_BYTES {
            let end = said.floor_char_boundary(PLAN_PROBLEMS_MAX_BYTES);
            said.truncate(end);
            said.push('…');
            break;
        }
    }
    said.shrink_to_fit();
    said
}
