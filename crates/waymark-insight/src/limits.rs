//! Limits and defaults, each with its unit and its reason.

/// Share of an element that has to be visible where no rule says so: the advertising standard
/// (MRC, "Viewable Ad Impression Measurement Guidelines").
pub const THRESHOLD_DEFAULT: f64 = 0.5;

/// Milliseconds that it has to be visible where no rule says so: the same standard.
pub const DWELL_DEFAULT_MS: f64 = 1000.0;

/// Added to a share before it is compared: browsers compute it as `f32`, in which 70 % is less
/// than 0.7.
pub const SHARE_TOLERANCE: f64 = 1e-6;

/// Milliseconds from a list's first impression to its event: what a visitor scrolls past in
/// that time becomes one request.
pub const FOLD_MS: f64 = 1000.0;

/// Products of one event: with some 400 bytes each it stays under Segment's 32 KB an event.
pub const FOLD_PRODUCTS_MAX: usize = 50;
