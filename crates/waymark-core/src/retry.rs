//! The meaning of an answer, and the wait after a bad one.

use crate::limits;

/// The outcome of a request.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Outcome {
    /// A readable answer.
    Answered {
        /// The HTTP status.
        status: u16,
        /// Milliseconds the server asks to wait (`Retry-After`), if it does.
        retry_after_ms: Option<f64>,
        /// Whether the answer is not the API's: it was redirected, or is a page of HTML.
        foreign: bool,
    },
    /// No readable answer: a network error, CORS, or a blocker.
    Unanswered,
}

/// What to do with the events of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The server has them.
    Acknowledged,
    /// They stay, and are sent again after a wait.
    Retry,
    /// The server does not take them together: send fewer.
    Refused,
    /// The answer is not the API's, or the path or the key is unknown. They stay, and the page is
    /// told.
    Paused,
}

impl Outcome {
    /// Reads the answer. Only a refusal of the content (400, 413, 422) is about the events; any
    /// other failure is about the server or the key.
    pub fn verdict(self) -> Verdict {
        match self {
            Self::Unanswered => Verdict::Retry,
            Self::Answered {
                status, foreign, ..
            } => match status {
                200..=299 if !foreign => Verdict::Acknowledged,
                400 | 413 | 422 => Verdict::Refused,
                408 | 410 | 429 | 500..=599 => Verdict::Retry,
                _ => Verdict::Paused,
            },
        }
    }

    /// The HTTP status; 0 without a readable answer.
    pub fn status(self) -> u16 {
        match self {
            Self::Answered { status, .. } => status,
            Self::Unanswered => 0,
        }
    }

    /// Milliseconds the server asks to wait, up to the limit; 0 if it does not ask.
    pub fn retry_after_ms(self) -> f64 {
        match self {
            Self::Answered {
                status: 429 | 503,
                retry_after_ms: Some(wait_ms),
                ..
            } => wait_ms.clamp(0.0, limits::RETRY_AFTER_MAX_MS),
            _ => 0.0,
        }
    }
}

/// Milliseconds before the retry after `failures` failures in a row (from 1), doubling from the
/// base. `random` (0 to 1) picks a point between half of that and all of it, so that many
/// visitors do not retry in step.
pub fn backoff_ms(failures: u32, random: f64) -> f64 {
    let full = (limits::RETRY_BASE_MS * f64::from(1_u32 << failures.clamp(1, 16)))
        .min(limits::RETRY_MAX_MS);
    full * (0.5 + random.clamp(0.0, 1.0) / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn answered(status: u16) -> Outcome {
        Outcome::Answered {
            status,
            retry_after_ms: None,
            foreign: false,
        }
    }

    #[test]
    fn only_a_readable_success_acknowledges_and_only_content_is_refused() {
        for status in 100..600 {
            let expected = match status {
                200..=299 => Verdict::Acknowledged,
                400 | 413 | 422 => Verdict::Refused,
                408 | 410 | 429 | 500.. => Verdict::Retry,
                _ => Verdict::Paused,
            };
            assert_eq!(answered(status).verdict(), expected, "{status}");
        }
        assert_eq!(Outcome::Unanswered.verdict(), Verdict::Retry);
        let page = Outcome::Answered {
            status: 200,
            retry_after_ms: None,
            foreign: true,
        };
        assert_eq!(page.verdict(), Verdict::Paused);
    }

    #[test]
    fn only_a_busy_server_can_ask_for_time_and_only_up_to_a_limit() {
        let asked = |status, wait_ms| {
            let answer = Outcome::Answered {
                status,
                retry_after_ms: Some(wait_ms),
                foreign: false,
            };
            answer.retry_after_ms()
        };
        let close = |a: f64, b: f64| (a - b).abs() < f64::EPSILON;
        assert!(close(asked(429, 7000.0), 7000.0));
        assert!(close(asked(503, 1e12), limits::RETRY_AFTER_MAX_MS));
        assert!(close(asked(503, -5.0), 0.0));
        assert!(close(asked(500, 7000.0), 0.0));
    }

    proptest! {
        #[test]
        fn backoff_grows_and_stays_within_its_bounds(
            failures in 1..200_u32,
            random in 0.0..1.0_f64,
        ) {
            let wait_ms = backoff_ms(failures, random);
            prop_assert!(wait_ms >= limits::RETRY_BASE_MS);
            prop_assert!(wait_ms <= limits::RETRY_MAX_MS);
            prop_assert!(backoff_ms(failures + 1, random) >= wait_ms);
        }
    }
}
