//! Judges events by a tracking plan: which events there are, and the JSON Schema of each one's
//! properties.
//!
//! A [`Plan`] takes the part of JSON Schema that is checked in time linear in the value: no
//! pattern, no code, and no value that is checked against more than one schema. [`Plan::check`]
//! says what is wrong with an event, in the words of the package's `waymark/plan`:
//! `tests/vectors/plans.json` holds both to one judgement. [`Plan::strip`] takes out what is not
//! planned.
//!
//! Values stay text. An object is taken apart only where the plan has something to say about it, so
//! a check costs the bytes of the properties times the levels of the plan at most.

mod check;
mod limits;
mod members;
mod number;
mod place;
mod read;
mod scalar;
mod schema;
mod strip;

pub use check::Problem;
pub use limits::{DEPTH_MAX, PROBLEMS_MAX, SCHEMAS_MAX, VALUES_MAX};
pub use read::PlanError;
pub use schema::Plan;
