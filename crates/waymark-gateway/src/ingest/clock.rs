//! Reads the times in events, and corrects them by the gateway's clock.

use jiff::Timestamp;

use crate::json_object::unquote;
use crate::limits::CLOCK_AHEAD_MAX_MS;

/// Numbers from here on are milliseconds since 1970, smaller ones seconds.
const EPOCH_MS_MIN: f64 = 1e11;

/// A JSON value as milliseconds since 1970: ISO 8601 text, or a number since 1970. `None` when
/// it is neither.
pub(super) fn time_ms(json: &str) -> Option<i64> {
    if let Some(text) = unquote(json) {
        return text
            .parse::<Timestamp>()
            .ok()
            .map(|time| time.as_millisecond());
    }
    let number: f64 = json.parse().ok()?;
    let ms = if number.abs() < EPOCH_MS_MIN {
        number * 1000.0
    } else {
        number
    };
    #[expect(
        clippy::cast_possible_truncation,
        reason = "checked by from_millisecond"
    )]
    Timestamp::from_millisecond(ms as i64)
        .ok()
        .map(|time| time.as_millisecond())
}

/// When an event happened, by the gateway's clock. A client's clock is wrong by as much in
/// `sentAt` as in `timestamp`, so only their difference is used.
pub(super) fn corrected_ms(
    received_ms: i64,
    original_ms: Option<i64>,
    sent_ms: Option<i64>,
) -> i64 {
    let Some(original_ms) = original_ms else {
        return received_ms;
    };
    let corrected = match sent_ms {
        Some(sent_ms) => received_ms.saturating_sub(sent_ms.saturating_sub(original_ms)),
        None => original_ms,
    };
    if corrected > received_ms.saturating_add(CLOCK_AHEAD_MAX_MS) {
        received_ms
    } else {
        corrected
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_in_every_form_that_clients_send() {
        let expected = Some(1_700_000_000_123);
        for json in [
            r#""2023-11-14T22:13:20.123Z""#,
            r#""2023-11-14T22:13:20.123000+00:00""#,
            r#""2023-11-14T23:13:20.123456789+01:00""#,
            "1700000000123",
        ] {
            assert_eq!(time_ms(json), expected, "{json}");
        }
        assert_eq!(time_ms("1700000000"), Some(1_700_000_000_000));
        for json in [r#""yesterday""#, "true", "[]", "1e300"] {
            assert_eq!(time_ms(json), None, "{json}");
        }
    }

    #[test]
    fn a_wrong_clock_is_corrected_by_sent_at() {
        assert_eq!(corrected_ms(1_000_000, Some(50), Some(80)), 999_970);
        assert_eq!(corrected_ms(1_000_000, Some(50), None), 50);
        assert_eq!(corrected_ms(1_000_000, Some(9_000_000), None), 1_000_000);
        assert_eq!(corrected_ms(1_000_000, None, Some(1)), 1_000_000);
    }
}
