//! The labels of the counters.

use prometheus_client::encoding::EncodeLabelSet;

use crate::delivery::Route;

/// A route and the status of its answer.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct RequestLabels {
    pub(super) route: String,
    pub(super) status: u16,
}

/// Why an event was turned away.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct ReasonLabels {
    pub(super) code: String,
}

/// A destination of a source, by their configured names.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct RouteLabels {
    pub(super) source: String,
    pub(super) destination: String,
}

/// Why events became nothing at a destination.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct SkipLabels {
    pub(super) source: String,
    pub(super) destination: String,
    pub(super) reason: &'static str,
}

/// The labels of a destination.
pub(super) fn labels(route: &Route) -> RouteLabels {
    RouteLabels {
        source: route.source.clone(),
        destination: route.destination.clone(),
    }
}
