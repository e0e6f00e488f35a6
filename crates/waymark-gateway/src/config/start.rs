//! Where forwarding begins, as written in the configuration.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::de::Error;
use serde::{Deserialize, Deserializer};

use crate::store::ForwardStart;

/// Reads `"now"`, `"beginning"`, a date or a time. A date begins in UTC.
pub(super) fn read<'de, D: Deserializer<'de>>(from: D) -> Result<Option<ForwardStart>, D::Error> {
    let text = String::deserialize(from)?;
    parse(&text).map(Some).ok_or_else(|| {
        let reason = "is not \"now\", \"beginning\", a date such as 2026-11-01, or a time such as \
                      2026-11-01T12:00:00Z";
        Error::custom(format!("`{text}` {reason}"))
    })
}

fn parse(text: &str) -> Option<ForwardStart> {
    match text {
        "now" => return Some(ForwardStart::Now),
        "beginning" => return Some(ForwardStart::Beginning),
        _ => {}
    }
    time_ms(text).map(ForwardStart::Date)
}

/// A date or a time, in milliseconds since 1970. A date begins in UTC.
pub(crate) fn time_ms(text: &str) -> Option<i64> {
    let time = match text.parse::<Timestamp>() {
        Ok(time) => time,
        // A date parses from a time without its zone too, which would be misread.
        Err(_) if text.len() == "2026-11-01".len() => {
            let date: Date = text.parse().ok()?;
            date.to_zoned(TimeZone::UTC).ok()?.timestamp()
        }
        Err(_) => return None,
    };
    Some(time.as_millisecond())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_start_is_a_word_a_date_or_a_time() {
        for (text, expected) in [
            ("now", Some(ForwardStart::Now)),
            ("beginning", Some(ForwardStart::Beginning)),
            ("1970-01-02", Some(ForwardStart::Date(86_400_000))),
            ("1970-01-01T00:00:01Z", Some(ForwardStart::Date(1_000))),
            ("1970-01-01T01:00:01+01:00", Some(ForwardStart::Date(1_000))),
            ("1970-01-01T00:00:01", None),
            ("yesterday", None),
            ("", None),
        ] {
            assert_eq!(parse(text), expected, "{text}");
        }
    }
}
