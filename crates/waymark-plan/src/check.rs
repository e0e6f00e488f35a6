//! Checks an event's properties against the plan.

use serde::Serialize;

use crate::limits::{DEPTH_MAX, PROBLEMS_MAX, VALUES_MAX};
use crate::members::{Members, elements};
use crate::place::Place;
use crate::scalar::Scalar;
use crate::schema::{Plan, Schema, TypeName};

/// A mistake in an event, and its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Such as `products[0].price`; empty for the event as a whole.
    pub path: String,
    /// Such as `is missing`.
    pub message: String,
    /// The path without what only the event says: `products[].price`; `products[].*` for a member
    /// that is not planned. A plan has as many as it has places.
    #[serde(skip)]
    pub rule: String,
}

/// See [`Plan::check`].
pub(crate) fn check(plan: &Plan, event: &str, properties: &str) -> Vec<Problem> {
    let mut checker = Checker::default();
    match plan.events.get(event) {
        None => checker.note(&Place::default(), "is not in the plan"),
        Some(schema) => {
            let text = match properties.trim() {
                "null" => "{}",
                text => text,
            };
            checker.check(schema, text, &Place::default(), 0);
        }
    }
    checker.problems
}

#[derive(Default)]
struct Checker {
    problems: Vec<Problem>,
    n_seen: usize,
}

impl Checker {
    fn is_full(&self) -> bool {
        self.problems.len() >= PROBLEMS_MAX
    }

    fn note(&mut self, place: &Place<'_>, message: impl Into<String>) {
        if !self.is_full() {
            self.problems.push(Problem {
                path: place.path(),
                message: message.into(),
                rule: place.rule(),
            });
        }
    }

    fn check(&mut self, schema: &Schema, text: &str, place: &Place<'_>, depth: usize) {
        if self.is_full() {
            return;
        }
        self.n_seen += 1;
        if self.n_seen > VALUES_MAX || depth > DEPTH_MAX {
            if self.n_seen <= VALUES_MAX + 1 {
                self.note(place, "too much to check");
            }
            return;
        }
        let scalar = Scalar::of(text);
        let type_name = match &scalar {
            Some(scalar) => scalar.type_name(),
            None if text.starts_with('[') => TypeName::Array,
            None => TypeName::Object,
        };
        let shown = || match &scalar {
            Some(scalar) => scalar.shown(),
            None => format!("an {}", type_name.name()),
        };
        if let Some(types) = &schema.types
            && !types.iter().any(|one| one.takes(type_name))
        {
            let wanted: Vec<_> = types.iter().map(|one| one.name()).collect();
            self.note(
                place,
                format!("is {}, not {}", shown(), wanted.join(" or ")),
            );
            return;
        }
        if let Some(values) = &schema.values
            && !scalar.as_ref().is_some_and(|scalar| values.has(scalar))
        {
            let message = format!("is {}, not one of {}", shown(), values.shown);
            self.note(place, message);
        }
        match scalar {
            Some(Scalar::Number(number)) if number.is_finite() => {
                self.number(schema, number, place);
            }
            Some(Scalar::Text(text)) => {
                let bounds = (schema.bounds.min_length, schema.bounds.max_length);
                self.length(bounds, text.chars().count(), "characters", place);
            }
            Some(_) => {}
            None if type_name == TypeName::Array => self.array(schema, text, place, depth),
            None => self.object(schema, text, place, depth),
        }
    }

    fn number(&mut self, schema: &Schema, value: f64, place: &Place<'_>) {
        let bounds = &schema.bounds;
        let shown = |number: f64| Scalar::Number(number).shown();
        for (bound, breaks, words) in [
            (
                bounds.minimum,
                (|value, bound| value < bound) as fn(f64, f64) -> bool,
                "less than",
            ),
            (bounds.maximum, |value, bound| value > bound, "more than"),
            (
                bounds.exclusive_minimum,
                |value, bound| value <= bound,
                "not more than",
            ),
            (
                bounds.exclusive_maximum,
                |value, bound| value >= bound,
                "not less than",
            ),
        ] {
            if let Some(bound) = bound
                && breaks(value, bound)
            {
                self.note(
                    place,
                    format!("is {}, {words} {}", shown(value), shown(bound)),
                );
            }
        }
    }

    fn length(
        &mut self,
        (least, most): (Option<f64>, Option<f64>),
        length: usize,
        unit: &str,
        place: &Place<'_>,
    ) {
        let shown = |bound: f64| Scalar::Number(bound).shown();
        if let Some(least) = least.filter(|least| (length as f64) < *least) {
            let message = format!("has {length} {unit}, at least {} are needed", shown(least));
            self.note(place, message);
        }
        if let Some(most) = most.filter(|most| (length as f64) > *most) {
            let message = format!("has {length} {unit}, at most {} are allowed", shown(most));
            self.note(place, message);
        }
    }

    fn array(&mut self, schema: &Schema, text: &str, place: &Place<'_>, depth: usize) {
        let bounds = (schema.bounds.min_items, schema.bounds.max_items);
        if schema.items.is_none() && bounds == (None, None) {
            return;
        }
        let elements = elements(text).unwrap_or_default();
        self.length(bounds, elements.len(), "items", place);
        if let Some(items) = &schema.items {
            for (at, element) in elements.iter().enumerate().take(VALUES_MAX) {
                self.check(items, element, &place.element(at), depth + 1);
            }
        }
    }

    fn object(&mut self, schema: &Schema, text: &str, place: &Place<'_>, depth: usize) {
        if schema.properties.is_empty() && schema.required.is_empty() && !schema.closed {
            return;
        }
        let Some(members) = Members::of(text) else {
            return;
        };
        for name in &schema.required {
            if members.get(name).is_none() {
                self.note(&place.planned(name), "is missing");
            }
        }
        for (name, member) in members.iter() {
            match schema.properties.get(name.as_ref()) {
                Some(one) => self.check(one, member, &place.planned(name), depth + 1),
                None if schema.closed => {
                    self.note(&place.unplanned(name), "is not in the plan");
                }
                None => {}
            }
        }
    }
}
