//! Limits of tracking plans, each with its reason. They are those of `pkg/src/plan/limits.ts`.

/// Levels of a schema, and of a value that is checked: far more than an event has.
pub const DEPTH_MAX: usize = 32;

/// Schemas in a plan, those of properties included: a hundred times what a large shop has.
pub const SCHEMAS_MAX: usize = 50_000;

/// Values of an event that are looked at: an event of 32 KB has fewer.
pub const VALUES_MAX: usize = 20_000;

/// Reported problems of one event: the first ones show what is wrong.
pub const PROBLEMS_MAX: usize = 20;

/// Levels of a value from which what is not planned is taken: as many as an event may have. What is
/// deeper becomes `null`.
pub(crate) const STRIP_DEPTH_MAX: usize = 100;

/// Characters of a value in a problem's message.
pub(crate) const SHOWN_CHARS: usize = 60;

/// Values of an `enum` in a problem's message.
pub(crate) const SHOWN_VALUES: usize = 10;
