//! Writes times as text. The core never reads a clock: it is given the time.

/// Year, month and day from the days since 1970-01-01, by Howard Hinnant's algorithm
/// (`chrono-Compatible Low-Level Date Algorithms`), for the years a `Date` can hold.
fn civil_from_days(days: i32) -> (i32, u32, u32) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_shifted + 2) / 5 + 1;
    let month = if month_shifted < 10 {
        month_shifted + 3
    } else {
        month_shifted - 9
    };
    let year = year_of_era + era * 400 + i32::from(month <= 2);
    (year, month.unsigned_abs(), day.unsigned_abs())
}

/// Writes `width` decimal digits of `value`, with leading zeros.
pub(crate) fn push_padded(out: &mut String, value: u32, width: u32) {
    let mut divisor = 10_u32.pow(width.saturating_sub(1));
    let mut rest = value;
    while divisor > 0 {
        let digit = u8::try_from(rest / divisor % 10).unwrap_or(0);
        out.push(char::from(b'0' + digit));
        rest %= divisor;
        divisor /= 10;
    }
}

/// Writes milliseconds since 1970 as `2026-11-21T03:32:03.636Z`, like
/// `Date.prototype.toISOString` for the years 0 to 9999.
pub fn push_iso(out: &mut String, epoch_ms: f64) {
    let (days, in_day_ms) = split_days(epoch_ms);
    let (year, month, day) = civil_from_days(days);
    push_padded(out, year.unsigned_abs(), 4);
    out.push('-');
    push_padded(out, month, 2);
    out.push('-');
    push_padded(out, day, 2);
    out.push('T');
    push_padded(out, in_day_ms / 3_600_000, 2);
    out.push(':');
    push_padded(out, in_day_ms / 60_000 % 60, 2);
    out.push(':');
    push_padded(out, in_day_ms / 1000 % 60, 2);
    out.push('.');
    push_padded(out, in_day_ms % 1000, 3);
    out.push('Z');
}

/// Whole days since 1970 and the milliseconds of the day.
fn split_days(epoch_ms: f64) -> (i32, u32) {
    const DAY_MS: f64 = 86_400_000.0;
    let days = (epoch_ms / DAY_MS).floor();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "bounded by the range of Date"
    )]
    (days as i32, (epoch_ms - days * DAY_MS) as u32)
}

/// Writes a whole, non-negative number of milliseconds without its fraction.
pub fn push_epoch_ms(out: &mut String, epoch_ms: f64) {
    let (days, in_day_ms) = split_days(epoch_ms);
    let total = u64::from(days.unsigned_abs()) * 86_400_000 + u64::from(in_day_ms);
    let high = u32::try_from(total / 1_000_000).unwrap_or(u32::MAX);
    let low = u32::try_from(total % 1_000_000).unwrap_or(0);
    push_padded(out, high, 7);
    push_padded(out, low, 6);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn iso(ms: f64) -> String {
        let mut out = String::new();
        push_iso(&mut out, ms);
        out
    }

    #[test]
    fn instants_are_written_as_the_browser_writes_them() {
        assert_eq!(iso(0.0), "1970-01-01T00:00:00.000Z");
        assert_eq!(iso(1_795_231_923_636.0), "2026-11-21T03:32:03.636Z");
        assert_eq!(iso(951_782_400_000.0), "2000-02-29T00:00:00.000Z");
        assert_eq!(iso(4_102_444_799_999.0), "2099-12-31T23:59:59.999Z");
        assert_eq!(iso(-1.0), "1969-12-31T23:59:59.999Z");
    }

    #[test]
    fn milliseconds_have_thirteen_digits() {
        let mut out = String::new();
        push_epoch_ms(&mut out, 1_795_231_923_636.0);
        assert_eq!(out, "1795231923636");
    }
}
