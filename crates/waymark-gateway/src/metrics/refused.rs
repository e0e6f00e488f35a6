//! Requests that were refused, by the reason, and by the origin of the page where that is the reason.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::registry::Registry;

use crate::limits::{ORIGIN_LABEL_MAX_BYTES, ORIGIN_LABELS_MAX};

/// Why a request was refused, and the page it came from if that is why.
type RefusedLabels = Vec<(&'static str, String)>;

/// The counters. Whoever makes up origins gets no more labels than there are places.
#[derive(Debug, Default)]
pub(super) struct RefusedRequests {
    requests: Family<RefusedLabels, Counter>,
    origins: Mutex<HashSet<String>>,
}

impl RefusedRequests {
    pub(super) fn register(&self, to: &mut Registry) {
        to.register(
            "refused_requests",
            "Requests that were answered with an error, by its code; by the page's origin if that is why",
            self.requests.clone(),
        );
    }

    /// A request was refused; `origin` is that of its page if a source of whose keys it had one
    /// does not list it. All else would let whoever has no key take the places of true origins.
    /// Returns the origin as it is told.
    pub(super) fn note<'a>(
        &self,
        reason: &'static str,
        origin: Option<&'a str>,
    ) -> Option<&'a str> {
        let origin = origin.map(|origin| self.label_of(origin));
        let mut labels = vec![("reason", reason.to_owned())];
        labels.extend(origin.map(|origin| ("origin", origin.to_owned())));
        self.requests.get_or_create(&labels).inc();
        origin
    }

    fn label_of<'a>(&self, origin: &'a str) -> &'a str {
        let is_page = origin.starts_with("https://") || origin.starts_with("http://");
        if !is_page || origin.len() > ORIGIN_LABEL_MAX_BYTES {
            return "(other)";
        }
        let mut known = self.origins.lock().unwrap_or_else(PoisonError::into_inner);
        if known.contains(origin) {
            return origin;
        }
        if known.len() >= ORIGIN_LABELS_MAX {
            return "(other)";
        }
        known.insert(origin.to_owned());
        origin
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_that_are_made_up_share_one_label() {
        let refused = RefusedRequests::default();
        for number in 0..10_000 {
            let origin = format!("https://{number}.example");
            refused.note("origin_not_allowed", Some(&origin));
        }
        for odd in ["null", "javascript:1", &"https://a".repeat(100)] {
            refused.note("origin_not_allowed", Some(odd));
        }
        let origins = refused.origins.lock().unwrap();
        assert_eq!(origins.len(), ORIGIN_LABELS_MAX);
        let other = vec![
            ("reason", "origin_not_allowed".to_owned()),
            ("origin", "(other)".to_owned()),
        ];
        let n_other = refused.requests.get_or_create(&other).get();
        assert_eq!(n_other, 10_003 - ORIGIN_LABELS_MAX as u64);
    }
}
