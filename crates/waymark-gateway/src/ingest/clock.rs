//! Reads the times in events, and corrects them by the gateway's clock.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use crate::json_object::unquote;
use crate::limits::{CLOCK_AHEAD_MAX_MS, CORRECTED_AGE_MAX_MS};

/// Numbers from here on are milliseconds since 1970, smaller ones seconds.
const EPOCH_MS_MIN: f64 = 1e11;

/// A JSON value as milliseconds since 1970: ISO 8601 text, or a number since 1970. `None` when
/// it is neither.
pub(super) fn time_ms(json: &str) -> Option<i64> {
    if let Some(text) = unquote(json) {
        return parse_iso(text.trim()).map(|time| time.as_millisecond());
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

/// Reads ISO 8601 text. Without a zone it is UTC, and a date alone is its first moment.
fn parse_iso(text: &str) -> Option<Timestamp> {
    text.parse::<Timestamp>()
        .or_else(|_| TimeZone::UTC.to_timestamp(text.parse::<DateTime>()?))
        .ok()
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
    let age_ms = sent_ms.map(|sent_ms| sent_ms.saturating_sub(original_ms));
    let corrected = match age_ms {
        Some(age_ms) if age_ms <= CORRECTED_AGE_MAX_MS => received_ms.saturating_sub(age_ms),
        // Not a wrong clock, but an import of old events or a senseless `sentAt`.
        Some(_) | None => original_ms,
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
        for (json, expected) in [
            (r#""2019-01-01""#, "2019-01-01T00:00:00Z"),
            (r#""20190101""#, "2019-01-01T00:00:00Z"),
            (r#""2019-01-01T12:30""#, "2019-01-01T12:30:00Z"),
            (r#""2019-01-01 12:30:05.5""#, "2019-01-01T12:30:05.5Z"),
            (r#"" 2019-01-01T12:30:05 ""#, "2019-01-01T12:30:05Z"),
            (r#""2019-01-01T12:30:05+0100""#, "2019-01-01T11:30:05Z"),
            (r#""2019-01-01T12:30:05+01""#, "2019-01-01T11:30:05Z"),
        ] {
            let expected: Timestamp = expected.parse().expect("a time");
            assert_eq!(time_ms(json), Some(expected.as_millisecond()), "{json}");
        }
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

    #[test]
    fn an_implausible_sent_at_changes_no_time() {
        let ms = |text: &str| time_ms(&format!("\"{text}\"")).expect("a time");
        let received = ms("2026-11-26T12:00:00Z");
        let event = ms("2026-11-26T11:00:00Z");
        for sent in ["9999-12-30T00:00:00Z", "2126-01-01", "2028-01-01"] {
            let corrected = corrected_ms(received, Some(event), Some(ms(sent)));
            assert_eq!(corrected, event, "{sent}");
        }
        // A clock that stands at 1970 is wrong in both, and corrected.
        let (event, sent) = (ms("1970-01-01T00:00:10Z"), ms("1970-01-01T00:00:15Z"));
        let corrected = corrected_ms(received, Some(event), Some(sent));
        assert_eq!(corrected, received - 5_000);
        // Before 1970, by years: as `timestamp` says, or never after now.
        let corrected = corrected_ms(received, Some(received), Some(i64::MIN));
        assert_eq!(corrected, received);
    }
}
