//! The wait between attempts upstream.

use std::time::Duration;

use crate::limits::{FORWARD_BACKOFF_FIRST, FORWARD_BACKOFF_MAX, FORWARD_RETRY_AFTER_MAX};

/// The longest wait after `n_failed` failed attempts: it doubles up to a cap.
pub(super) fn ceiling(n_failed: u32) -> Duration {
    let doublings = n_failed.saturating_sub(1).min(31);
    FORWARD_BACKOFF_FIRST
        .saturating_mul(1_u32 << doublings)
        .min(FORWARD_BACKOFF_MAX)
}

/// The wait after `n_failed` failed attempts: as long as the upstream asks for, otherwise a
/// random part of the ceiling, so that many gateways do not return at the same moment.
pub(super) fn wait(n_failed: u32, retry_after: Option<Duration>) -> Duration {
    match retry_after {
        Some(asked) => asked.min(FORWARD_RETRY_AFTER_MAX),
        None => ceiling(n_failed).mul_f64(rand::random::<f64>()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_a_cap_and_the_upstream_s_retry_after_wins() {
        assert_eq!(ceiling(1), FORWARD_BACKOFF_FIRST);
        assert_eq!(ceiling(3), FORWARD_BACKOFF_FIRST * 4);
        assert_eq!(ceiling(u32::MAX), FORWARD_BACKOFF_MAX);
        assert!(wait(5, None) <= ceiling(5));
        let asked = Duration::from_secs(7);
        assert_eq!(wait(1, Some(asked)), asked);
        assert_eq!(wait(1, Some(Duration::MAX)), FORWARD_RETRY_AFTER_MAX);
    }
}
