//! When the write keys end that do.

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

use crate::sources::EndingKey;

/// A write key, by its place among the source's keys.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct KeyLabels {
    source: String,
    kind: &'static str,
    place: u32,
}

/// The time until each key's end.
#[derive(Debug, Default)]
pub(super) struct KeyEnds(Family<KeyLabels, Gauge>);

impl KeyEnds {
    pub(super) fn register(&self, to: &mut Registry) {
        to.register(
            "write_key_ends_in_seconds",
            "Time until a write key with `not_after` is not taken any more; negative after that",
            self.0.clone(),
        );
    }

    pub(super) fn note(&self, keys: &[EndingKey], now_ms: i64) {
        // A key that was removed is not shown any more.
        self.0.clear();
        for key in keys {
            let labels = KeyLabels {
                source: key.source.clone(),
                kind: key.kind.name(),
                place: u32::try_from(key.place).unwrap_or(u32::MAX),
            };
            let ends_in_ms = key.not_after_ms.saturating_sub(now_ms);
            let gauge = self.0.get_or_create(&labels);
            gauge.set(ends_in_ms.div_euclid(1000));
        }
    }
}
