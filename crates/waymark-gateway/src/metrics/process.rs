//! The process: its build, its memory, and what is at work in it.

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

/// The version of the program.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct BuildLabels {
    version: &'static str,
}

/// A listener by its name.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ListenerLabels {
    listener: &'static str,
}

/// What is at work at a moment.
#[derive(Debug, Clone, Copy)]
pub(crate) struct AtWork {
    /// Requests that wait for the committer.
    pub(crate) queue_requests: usize,
    /// Bytes of request bodies in memory.
    pub(crate) body_bytes: usize,
    /// Bytes of events that are read and stored.
    pub(crate) work_bytes: usize,
    /// Connections of the public listener and of the admin listener.
    pub(crate) connections: [usize; 2],
}

/// The gauges.
#[derive(Debug, Default)]
pub(super) struct ProcessGauges {
    build: Family<BuildLabels, Gauge>,
    memory_bytes: Gauge,
    queue_requests: Gauge,
    body_bytes: Gauge,
    work_bytes: Gauge,
    connections: Family<ListenerLabels, Gauge>,
}

impl ProcessGauges {
    pub(super) fn register(&self, to: &mut Registry) {
        let version = env!("CARGO_PKG_VERSION");
        self.build.get_or_create(&BuildLabels { version }).set(1);
        to.register(
            "build_info",
            "The version of the program",
            self.build.clone(),
        );
        for (name, help, gauge) in [
            (
                "memory_bytes",
                "Memory that the process holds (resident)",
                &self.memory_bytes,
            ),
            (
                "commit_queue_requests",
                "Requests that wait for the committer",
                &self.queue_requests,
            ),
            (
                "body_bytes",
                "Bytes of request bodies in memory",
                &self.body_bytes,
            ),
            (
                "work_bytes",
                "Bytes of events that are read and stored at the moment",
                &self.work_bytes,
            ),
        ] {
            to.register(name, help, gauge.clone());
        }
        to.register(
            "connections",
            "Open connections by listener",
            self.connections.clone(),
        );
    }

    pub(super) fn note(&self, at_work: AtWork) {
        let number = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        if let Some(n_bytes) = resident_bytes() {
            self.memory_bytes.set(number(n_bytes));
        }
        self.queue_requests.set(number(at_work.queue_requests));
        self.body_bytes.set(number(at_work.body_bytes));
        self.work_bytes.set(number(at_work.work_bytes));
        for (listener, count) in ["public", "admin"].into_iter().zip(at_work.connections) {
            let gauge = self.connections.get_or_create(&ListenerLabels { listener });
            gauge.set(number(count));
        }
    }
}

/// The process's resident memory, where the system is Linux.
fn resident_bytes() -> Option<usize> {
    let text = std::fs::read_to_string("/proc/self/statm").ok()?;
    let n_pages: usize = text.split_whitespace().nth(1)?.parse().ok()?;
    Some(n_pages * rustix::param::page_size())
}
