//! How long the store keeps events.

use crate::limits::{DATABASE_MIN_BYTES, ERASED_REFUSED_DAYS};
use crate::store::RetentionPolicy;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// The section `[store]`.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct StoreConfig {
    /// Days after which events are deleted; never without it.
    pub retention_days: Option<u32>,
    /// The size beyond which the oldest events are deleted; none without it.
    pub max_database_size: Option<ByteSize>,
    /// Days for which the id of a person who was erased is refused.
    pub refuse_erased_days: Option<u32>,
    /// Sources, or single destinations (`source/destination`), for which no events wait any more.
    pub abandoned_sources: Vec<String>,
}

impl StoreConfig {
    /// What the store is told.
    #[must_use]
    pub fn retention(&self) -> RetentionPolicy {
        RetentionPolicy {
            keep_ms: self.retention_days.map(|days| i64::from(days) * DAY_MS),
            max_bytes: self.max_database_size.map(|size| size.0),
        }
    }

    /// How long the id of a person who was erased is refused, in milliseconds.
    #[must_use]
    pub fn refuse_erased_ms(&self) -> i64 {
        i64::from(self.refuse_erased_days.unwrap_or(ERASED_REFUSED_DAYS)) * DAY_MS
    }

    /// The key that has a value that cannot work, and why.
    pub(super) fn mistake(&self) -> Option<(&'static str, String)> {
        if self.retention_days == Some(0) {
            return Some(("retention_days", "must be at least 1".to_owned()));
        }
        if self
            .max_database_size
            .is_some_and(|size| size.0 < DATABASE_MIN_BYTES)
        {
            let reason = format!("must be at least {} MiB", DATABASE_MIN_BYTES / 1024 / 1024);
            return Some(("max_database_size", reason));
        }
        None
    }
}

/// A number of bytes, written such as `20 GiB` or `500 MB`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(try_from = "String")]
pub struct ByteSize(pub u64);

impl TryFrom<String> for ByteSize {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let mistake = || format!("`{text}` is not a size such as 20 GiB or 500 MB");
        let end = text
            .find(|char: char| !char.is_ascii_digit())
            .ok_or_else(mistake)?;
        let (number, unit) = text.split_at(end);
        let unit_bytes: u64 = match unit.trim() {
            "MB" => 1_000_000,
            "GB" => 1_000_000_000,
            "TB" => 1_000_000_000_000,
            "MiB" => 1 << 20,
            "GiB" => 1 << 30,
            "TiB" => 1 << 40,
            _ => return Err(mistake()),
        };
        let number: u64 = number.parse().map_err(|_| mistake())?;
        number.checked_mul(unit_bytes).map(Self).ok_or_else(mistake)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_has_a_number_and_a_unit() {
        let bytes = |text: &str| ByteSize::try_from(text.to_owned()).ok().map(|size| size.0);
        assert_eq!(bytes("20 GiB"), Some(20 << 30));
        assert_eq!(bytes("500MB"), Some(500_000_000));
        for wrong in ["", "20", "GB", "-1 GB", "1.5 GB", "1 gb", "99999999999 TiB"] {
            assert_eq!(bytes(wrong), None, "{wrong}");
        }
    }
}
