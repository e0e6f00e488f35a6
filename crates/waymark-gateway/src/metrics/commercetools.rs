//! What of commercetools' messages became no event.

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::registry::Registry;

use super::labels::ReasonLabels;

/// The counters of the source kind `commercetools`.
#[derive(Debug, Default)]
pub(crate) struct CommercetoolsCounts {
    ignored: Family<ReasonLabels, Counter>,
    failures: Family<ReasonLabels, Counter>,
}

impl CommercetoolsCounts {
    pub(super) fn register(&self, to: &mut Registry) {
        to.register(
            "commercetools_messages_ignored",
            "Messages of commercetools that become no event",
            self.ignored.clone(),
        );
        to.register(
            "commercetools_extension_failures",
            "Inputs of API extensions of which nothing was stored: an alarm",
            self.failures.clone(),
        );
    }

    /// A message became nothing.
    pub(crate) fn note_ignored(&self, reason: &str) {
        count(&self.ignored, reason);
    }

    /// An API extension was answered, and nothing was stored.
    pub(crate) fn note_failure(&self, code: &str) {
        count(&self.failures, code);
    }
}

fn count(family: &Family<ReasonLabels, Counter>, code: &str) {
    let labels = ReasonLabels {
        code: code.to_owned(),
    };
    family.get_or_create(&labels).inc();
}
