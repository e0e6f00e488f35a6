//! Rules: how much of an element has to be seen, and for how long.

use crate::limits::{DWELL_DEFAULT_MS, SHARE_TOLERANCE, THRESHOLD_DEFAULT};

/// How visible an element is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shares {
    /// Visible part of the element: 0 to 1, and less than 0 when it is out of view.
    pub of_element: f64,
    /// Part of the viewport that it fills: 0 to 1, and less than 0 when it is out of view.
    pub of_viewport: f64,
}

impl Shares {
    /// Those of an element that is out of view.
    pub const NONE: Self = Self {
        of_element: -1.0,
        of_viewport: -1.0,
    };
}

/// When an element counts as seen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rule {
    /// The share that has to be visible: 0 to 1. With 0 an element counts that touches the view.
    threshold: f64,
    /// Milliseconds that it has to be visible.
    pub(crate) dwell_ms: f64,
    /// Whether the share is that of the viewport, as for what is larger than it.
    pub of_viewport: bool,
    /// Whether it counts once in a page view, rather than once for each time it comes into view.
    pub once: bool,
    /// Whether the time starts anew when it goes out of view, as the advertising standard has
    /// it, rather than add up.
    pub continuous: bool,
}

impl Rule {
    /// The advertising standard for elements: half of it, in the time's sum, once.
    ///
    /// A `threshold` or `dwell_ms` that is not a number becomes the default; one out of range
    /// becomes the nearest in range.
    pub fn new(threshold: f64, dwell_ms: f64) -> Self {
        let or_default = |given: f64, default| if given.is_nan() { default } else { given };
        Self {
            threshold: or_default(threshold, THRESHOLD_DEFAULT).clamp(0.0, 1.0),
            dwell_ms: or_default(dwell_ms, DWELL_DEFAULT_MS).max(0.0),
            of_viewport: false,
            once: true,
            continuous: false,
        }
    }

    /// Whether as much as it takes is visible.
    pub(crate) fn is_met_by(&self, shares: Shares) -> bool {
        let share = if self.of_viewport {
            shares.of_viewport
        } else {
            shares.of_element
        };
        share >= 0.0 && share + SHARE_TOLERANCE >= self.threshold
    }
}
