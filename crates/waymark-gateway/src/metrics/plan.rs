//! What the tracking plans say of the events that were received.

use std::collections::{BTreeMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::registry::Registry;

use crate::config::PlanMode;
use crate::ingest::PlanFindings;
use crate::limits::{PLAN_SERIES_MAX, PLAN_TOLD_MAX};

/// A source, and the verdict on an event.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct VerdictLabels {
    source: String,
    verdict: &'static str,
}

/// A place of a plan at which an event is wrong.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, EncodeLabelSet)]
struct PlaceLabels {
    source: String,
    event: String,
    path: String,
}

/// The counters of plans. Names and paths are the plan's own, never an event's.
#[derive(Debug, Default)]
pub(crate) struct PlanCounts {
    events: Family<VerdictLabels, Counter>,
    violations: Family<PlaceLabels, Counter>,
    series: Mutex<Series>,
}

#[derive(Debug, Default)]
struct Series {
    known: HashSet<PlaceLabels>,
    /// What the log has not told yet.
    untold: BTreeMap<PlaceLabels, u64>,
}

impl PlanCounts {
    pub(super) fn register(&self, to: &mut Registry) {
        to.register(
            "plan_events",
            "Received events by what the source's tracking plan says of them",
            self.events.clone(),
        );
        to.register(
            "plan_violations",
            "Received events that violate the source's tracking plan, by event and place",
            self.violations.clone(),
        );
    }

    /// Counts what a request's events are.
    pub(crate) fn note(&self, findings: PlanFindings) {
        let Some(plan) = findings.plan else { return };
        let verdict = match plan.mode {
            PlanMode::Allow | PlanMode::Warn => "violates",
            PlanMode::Block => "blocked",
            PlanMode::Strip => "stripped",
        };
        for (verdict, count) in [
            ("follows", findings.n_following),
            (verdict, findings.n_violating),
        ] {
            let source = plan.source.clone();
            let labels = VerdictLabels { source, verdict };
            self.events.get_or_create(&labels).inc_by(count);
        }
        if findings.by_place.is_empty() {
            return;
        }
        let mut series = self.series();
        for ((event, path), count) in findings.by_place {
            let mut labels = PlaceLabels {
                source: plan.source.clone(),
                event,
                path,
            };
            if !series.known.contains(&labels) {
                if series.known.len() >= PLAN_SERIES_MAX {
                    labels.event = "(other)".to_owned();
                    labels.path = "(other)".to_owned();
                } else {
                    series.known.insert(labels.clone());
                }
            }
            self.violations.get_or_create(&labels).inc_by(count);
            if plan.mode != PlanMode::Allow {
                *series.untold.entry(labels).or_default() += count;
            }
        }
    }

    /// Logs what came since it was called last: one line a source.
    pub(crate) fn tell(&self) {
        let untold = std::mem::take(&mut self.series().untold);
        let mut by_source: BTreeMap<String, Vec<(u64, String)>> = BTreeMap::new();
        for (place, count) in untold {
            let named = format!("{} {}", place.event, place.path);
            let places = by_source.entry(place.source).or_default();
            places.push((count, named.trim().to_owned()));
        }
        for (source, mut places) in by_source {
            places.sort_by(|a, b| b.cmp(a));
            let n_places = places.len();
            let told = places.iter().take(PLAN_TOLD_MAX);
            let told: Vec<_> = told
                .map(|(count, place)| format!("{place}: {count}"))
                .collect();
            let most = told.join("; ");
            let message = "events violate the tracking plan";
            tracing::warn!(source, n_places, most, message);
        }
    }

    fn series(&self) -> MutexGuard<'_, Series> {
        self.series.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
