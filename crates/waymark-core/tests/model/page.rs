//! A page: the real client, surrounded by a model of the shell and the journal.

use std::collections::HashSet;

use waymark_core::client::Client;
use waymark_core::identity::Identity;
use waymark_core::limits;
use waymark_core::settings::Settings;
use waymark_core::settlement::{Fate, Settlement};
use waymark_core::stored::{Legacy, Stored};
use waymark_core::upload::Task;

use crate::gateway::{ids, is_bad};

/// A journalled event.
#[derive(Debug, Clone)]
pub(crate) struct Record {
    pub(crate) id: u32,
    pub(crate) text: String,
    pub(crate) at_ms: f64,
}

/// A request under way, as the shell knows it.
struct Flight {
    request: u32,
    keepalive: bool,
    size_bytes: usize,
    started_ms: f64,
}

/// How something leaves the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// By the page's own `fetch`.
    Fetch,
    /// By one that the page's code has not changed.
    Detour,
    Beacon,
}

/// Something that leaves the page for the network.
pub(crate) struct Sent {
    pub(crate) way: Way,
    pub(crate) request: u32,
    pub(crate) events: Vec<u32>,
    pub(crate) survives: bool,
}

/// One page with one client.
pub(crate) struct Page {
    pub(crate) segment: usize,
    pub(crate) client: Client,
    /// In the back/forward cache.
    pub(crate) frozen: bool,
    /// The order of its events is no longer promised: something went beside a request.
    pub(crate) unordered: bool,
    /// True milliseconds, by which timers run.
    pub(crate) true_ms: f64,
    /// When its timer is due, in true milliseconds.
    pub(crate) due_ms: Option<f64>,
    flights: Vec<Flight>,
    /// The event of each number.
    of_seq: Vec<u32>,
    /// Not yet committed.
    pub(crate) unwritten: Vec<Record>,
    settled: HashSet<u32>,
    /// Events that beacons carried while the page lived.
    carried: HashSet<u32>,
    /// Settled, but not yet deleted on disk.
    pub(crate) undeleted: Vec<u32>,
}

impl Page {
    pub(crate) fn new(segment: usize, settings: &Settings) -> Self {
        let identity = Identity::load(|_| Stored::default(), &Legacy::default());
        Self {
            segment,
            client: Client::new(settings.clone(), identity),
            frozen: false,
            unordered: false,
            true_ms: 0.0,
            due_ms: None,
            flights: Vec::new(),
            of_seq: vec![u32::MAX],
            unwritten: Vec::new(),
            settled: HashSet::new(),
            carried: HashSet::new(),
            undeleted: Vec::new(),
        }
    }

    /// A call of the page: into the outbox and, beside it, towards the journal.
    pub(crate) fn record(&mut self, id: u32, large: bool, now_ms: f64) {
        let text = if id % 64 == 1 {
            let call = "track\n\"E\"";
            self.client.build(call, now_ms, || id.to_string()).unwrap()
        } else {
            let pad = if large {
                limits::KEEPALIVE_SIZE_BYTES_MAX
            } else {
                0
            };
            let pad = "x".repeat(pad);
            [
                "{\"type\":\"track\",\"pad\":\"",
                &pad,
                "\",\"messageId\":\"m-",
                &id.to_string(),
                "\"}",
            ]
            .concat()
        };
        let seq = self.client.outbox.enqueue(text.clone(), now_ms).unwrap();
        self.note(seq, id);
        self.unwritten.push(Record {
            id,
            text,
            at_ms: now_ms,
        });
    }

    /// An event of an earlier page, whose record is this page's now.
    pub(crate) fn restore(&mut self, record: &Record) {
        let outbox = &mut self.client.outbox;
        let seq = outbox.restore(record.text.clone(), record.at_ms);
        self.note(seq, record.id);
        self.settled.remove(&record.id);
        self.undeleted.retain(|id| *id != record.id);
    }

    fn note(&mut self, seq: u32, id: u32) {
        assert_eq!(usize::try_from(seq).unwrap(), self.of_seq.len());
        self.of_seq.push(id);
    }

    /// The shell's `pump`.
    pub(crate) fn pump(&mut self, now_ms: f64) -> Option<Sent> {
        self.due_ms = None;
        match self.client.outbox.next(now_ms) {
            Task::Send => {
                let batch = self.client.outbox.start(now_ms)?;
                let survives = batch.body.len() <= self.keepalive_left();
                Some(self.posted(batch.request, &batch.body, survives))
            }
            Task::Wait { delay_ms } => {
                assert!(delay_ms > 0.0 && delay_ms <= limits::RETRY_AFTER_MAX_MS);
                self.due_ms = Some(self.true_ms + delay_ms);
                None
            }
            Task::Idle => None,
        }
    }

    fn posted(&mut self, request: u32, body: &str, keepalive: bool) -> Sent {
        self.flights.push(Flight {
            request,
            keepalive,
            size_bytes: body.len(),
            started_ms: self.true_ms,
        });
        let way = if self.client.outbox.detours() {
            Way::Detour
        } else {
            Way::Fetch
        };
        Sent {
            way,
            request,
            events: ids(body),
            survives: keepalive,
        }
    }

    fn keepalive_left(&self) -> usize {
        let kept = self.flights.iter().filter(|flight| flight.keepalive);
        let under_way: usize = kept.map(|flight| flight.size_bytes).sum();
        limits::KEEPALIVE_SIZE_BYTES_MAX.saturating_sub(under_way)
    }

    /// The shell's `hide`, without the pump at its end.
    pub(crate) fn hide(&mut self, now_ms: f64) -> Vec<Sent> {
        self.client.outbox.hurry();
        let mut sent = Vec::new();
        while let Some(batch) = self
            .client
            .outbox
            .start_hidden(self.keepalive_left(), now_ms)
        {
            self.unordered |= !self.flights.is_empty();
            sent.push(self.posted(batch.request, &batch.body, true));
        }
        sent
    }

    /// The shell's `leave`; `takes` says whether the browser accepts a beacon.
    pub(crate) fn leave(&mut self, now_ms: f64, mut takes: impl FnMut() -> bool) -> Vec<Sent> {
        let outbox = &mut self.client.outbox;
        self.flights.retain(|flight| {
            if !flight.keepalive {
                outbox.not_taken(flight.request);
            }
            flight.keepalive
        });
        self.unordered = true;
        let mut size_bytes_max = self.keepalive_left();
        let mut sent = Vec::new();
        while let Some(batch) = self.client.outbox.start_leaving(size_bytes_max, now_ms) {
            assert!(batch.body.len() <= size_bytes_max);
            if takes() {
                size_bytes_max -= batch.body.len();
                self.client.outbox.handed_over(batch.request);
                sent.push(beacon(&batch.body));
            } else {
                size_bytes_max = batch.body.len() / 2;
                self.client.outbox.not_taken(batch.request);
            }
        }
        sent
    }

    /// What the shell does in `carry`; `takes` says whether the browser takes a beacon.
    pub(crate) fn carry(&mut self, now_ms: f64, takes: bool) -> Vec<Sent> {
        let mut size_bytes_max = self.keepalive_left();
        let mut sent = Vec::new();
        while let Some(batch) = self.client.outbox.start_beside(size_bytes_max, now_ms) {
            assert!(batch.body.len() <= size_bytes_max);
            if takes {
                size_bytes_max -= batch.body.len();
                self.client.outbox.carried(batch.request);
                for id in ids(&batch.body) {
                    assert!(self.carried.insert(id), "{id} went by beacon twice");
                }
                sent.push(beacon(&batch.body));
            } else {
                size_bytes_max = batch.body.len() / 2;
                self.client.outbox.not_taken(batch.request);
            }
        }
        self.unordered |= !sent.is_empty();
        sent
    }

    /// Requests that have had their time.
    pub(crate) fn overdue(&self) -> Option<u32> {
        let limit_ms = f64::from(limits::REQUEST_MAX_MS);
        let mut flights = self.flights.iter();
        flights
            .find(|flight| self.true_ms - flight.started_ms >= limit_ms)
            .map(|flight| flight.request)
    }

    /// The shell's side of the end of a request: a late answer is ignored.
    pub(crate) fn landed(&mut self, request: u32) -> bool {
        let at = self
            .flights
            .iter()
            .position(|flight| flight.request == request);
        at.map(|at| self.flights.swap_remove(at)).is_some()
    }

    /// The fates of events, by id; a settled event need not be kept.
    pub(crate) fn take_fates(&mut self) -> Vec<(u32, Fate)> {
        let mut fates = Vec::new();
        for Settlement { seqs, fate, .. } in self.client.outbox.take_settlements() {
            for seq in seqs {
                let id = self.of_seq[usize::try_from(seq).unwrap()];
                fates.push((id, fate));
                if fate != Fate::Retried {
                    self.unwritten.retain(|record| record.id != id);
                    // An event that another page adopted is not ours to delete.
                    if fate != Fate::Adopted {
                        self.undeleted.push(id);
                    }
                    self.settled.insert(id);
                }
            }
        }
        fates
    }

    /// An event that should have been delivered, if there is one.
    pub(crate) fn good_pending(&self) -> Option<u32> {
        let all = self.all().iter();
        all.copied()
            .find(|id| !self.settled.contains(id) && !is_bad(*id))
    }

    /// Other pages took these over while this one was away.
    pub(crate) fn forget(&mut self, ids: &HashSet<u32>) {
        let seqs = self.of_seq.iter().enumerate();
        let gone = seqs.filter(|(_, id)| ids.contains(id) && !self.settled.contains(id));
        let gone: Vec<u32> = gone.map(|(seq, _)| u32::try_from(seq).unwrap()).collect();
        self.client.outbox.forget(&gone);
    }

    /// Every event this page ever had.
    pub(crate) fn all(&self) -> &[u32] {
        self.of_seq.get(1..).unwrap_or_default()
    }

    /// The ledger's promise.
    pub(crate) fn check_ledger(&self) -> Result<(), String> {
        let ledger = self.client.outbox.ledger();
        let dropped = ledger.dropped_refused + ledger.dropped_queue_full + ledger.dropped_too_old;
        let pending = u32::try_from(self.client.outbox.pending()).unwrap();
        let elsewhere = ledger.acknowledged + ledger.adopted;
        if elsewhere + pending + dropped == ledger.accepted + ledger.restored {
            Ok(())
        } else {
            Err(format!(
                "the ledger does not add up: {ledger:?}, {pending} pending"
            ))
        }
    }
}

fn beacon(body: &str) -> Sent {
    Sent {
        way: Way::Beacon,
        request: 0,
        events: ids(body),
        survives: true,
    }
}
