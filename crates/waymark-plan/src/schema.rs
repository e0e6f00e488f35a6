//! A plan and its schemas, in a form that is ready for checks.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::check::{self, Problem};
use crate::read::{self, PlanError};
use crate::scalar::Values;
use crate::strip;

/// The types of JSON Schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TypeName {
    String,
    Number,
    Integer,
    Boolean,
    Object,
    Array,
    Null,
}

impl TypeName {
    /// All of them, by their names.
    const ALL: [(Self, &str); 7] = [
        (Self::String, "string"),
        (Self::Number, "number"),
        (Self::Integer, "integer"),
        (Self::Boolean, "boolean"),
        (Self::Object, "object"),
        (Self::Array, "array"),
        (Self::Null, "null"),
    ];

    /// The one of this name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        let found = Self::ALL.iter().find(|(_, known)| *known == name);
        found.map(|(one, _)| *one)
    }

    /// Its name.
    pub(crate) fn name(self) -> &'static str {
        let found = Self::ALL.iter().find(|(one, _)| *one == self);
        found.map_or("", |(_, name)| name)
    }

    /// Whether a value of the type `other` is of this type, too.
    pub(crate) fn takes(self, other: Self) -> bool {
        self == other || (self == Self::Number && other == Self::Integer)
    }
}

/// The keywords whose value is a number.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Bounds {
    pub(crate) minimum: Option<f64>,
    pub(crate) maximum: Option<f64>,
    pub(crate) exclusive_minimum: Option<f64>,
    pub(crate) exclusive_maximum: Option<f64>,
    pub(crate) min_length: Option<f64>,
    pub(crate) max_length: Option<f64>,
    pub(crate) min_items: Option<f64>,
    pub(crate) max_items: Option<f64>,
}

impl Bounds {
    /// The bound that a keyword sets.
    pub(crate) fn named(&mut self, keyword: &str) -> Option<&mut Option<f64>> {
        Some(match keyword {
            "minimum" => &mut self.minimum,
            "maximum" => &mut self.maximum,
            "exclusiveMinimum" => &mut self.exclusive_minimum,
            "exclusiveMaximum" => &mut self.exclusive_maximum,
            "minLength" => &mut self.min_length,
            "maxLength" => &mut self.max_length,
            "minItems" => &mut self.min_items,
            "maxItems" => &mut self.max_items,
            _ => return None,
        })
    }
}

/// What a value has to be.
#[derive(Debug, Clone, Default)]
pub(crate) struct Schema {
    /// Any type if missing.
    pub(crate) types: Option<Vec<TypeName>>,
    pub(crate) properties: BTreeMap<String, Arc<Schema>>,
    pub(crate) required: Vec<String>,
    /// Whether an object may have no members but those in `properties`.
    pub(crate) closed: bool,
    pub(crate) items: Option<Arc<Schema>>,
    pub(crate) values: Option<Values>,
    pub(crate) bounds: Bounds,
}

/// A tracking plan.
#[derive(Debug)]
pub struct Plan {
    pub(crate) events: BTreeMap<String, Arc<Schema>>,
}

impl Plan {
    /// Reads a plan: `{ "events": { "Product Added": <schema of its properties> }, "$defs": … }`.
    ///
    /// # Errors
    /// When it is not a plan, or has what plans do not have.
    pub fn parse(text: &str) -> Result<Self, PlanError> {
        read::read(text)
    }

    /// Whether it has an event of this name.
    #[must_use]
    pub fn has(&self, event: &str) -> bool {
        self.events.contains_key(event)
    }

    /// The number of its events.
    #[must_use]
    pub fn n_events(&self) -> usize {
        self.events.len()
    }

    /// The problems of a `track` with these properties, which are a valid JSON text; none if it
    /// follows the plan, and no more than [`crate::PROBLEMS_MAX`].
    #[must_use]
    pub fn check(&self, event: &str, properties: Option<&str>) -> Vec<Problem> {
        check::check(self, event, properties.unwrap_or("{}"))
    }

    /// The properties, a valid JSON text, without what the plan does not have: members of objects
    /// that may have no others, and all properties of an event that it does not have. Of members with
    /// one name only the last stays where the plan has something to say, as only it is judged. `None`
    /// if nothing is to be taken out. Values that are wrong otherwise stay as they are.
    #[must_use]
    pub fn strip(&self, event: &str, properties: &str) -> Option<String> {
        strip::strip(self, event, properties)
    }
}
