//! Sums up what clients count about their own events: the loss ledger that Waymark's SDK sends
//! with a batch.

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::registry::Registry;
use tokio::sync::watch;

use crate::json_object::JsonObject;

/// The counters of a ledger, and whether they count lost events. Any others are ignored, as
/// each counter becomes a label.
const COUNTERS: [(&str, bool); 10] = [
    ("accepted", false),
    ("restored", false),
    ("sent", false),
    ("acknowledged", false),
    ("retried", false),
    ("adopted", false),
    ("refused", true),
    ("queueFull", true),
    ("tooOld", true),
    ("tooLarge", true),
];

/// A source and a counter of its clients.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Labels {
    source: String,
    counter: &'static str,
}

/// The sums over all clients since the gateway started.
#[derive(Debug)]
pub(crate) struct ClientLedger {
    events: Family<Labels, Counter>,
    lost: watch::Sender<u64>,
}

impl Default for ClientLedger {
    fn default() -> Self {
        Self {
            events: Family::default(),
            lost: watch::Sender::new(0),
        }
    }
}

impl ClientLedger {
    pub(crate) fn register(&self, to: &mut Registry) {
        to.register(
            "client_events",
            "Events by their fate in the client, as clients report it",
            self.events.clone(),
        );
    }

    /// Adds the counts of a client of `source` since its last report: an object of numbers.
    /// Anything else is ignored.
    pub(crate) fn note(&self, source: &str, ledger: &str) {
        let Ok(ledger) = JsonObject::parse(ledger) else {
            return;
        };
        for (counter, is_loss) in COUNTERS {
            let count = ledger.get(counter).and_then(|text| text.parse().ok());
            let Some(count) = count.map(|count: u32| u64::from(count)) else {
                continue;
            };
            let labels = Labels {
                source: source.to_owned(),
                counter,
            };
            self.events.get_or_create(&labels).inc_by(count);
            if is_loss && count > 0 {
                self.lost.send_modify(|lost| *lost += count);
            }
        }
    }

    /// The number of events that clients lost, and a way to wait for its change.
    pub(crate) fn lost(&self) -> watch::Receiver<u64> {
        self.lost.subscribe()
    }
}
