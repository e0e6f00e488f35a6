//! Delivery: has done what the outbox asks for, and reports the outcome to it.

use std::cell::{Cell, RefCell};

use waymark_core::batch::Batch;
use waymark_core::client::Client;
use waymark_core::limits;
use waymark_core::outbox::Outbox;
use waymark_core::retry::Outcome;
use waymark_core::settlement::Settlement;
use waymark_core::upload::Task;

use crate::browser;
use crate::storage::IdentityStore;

/// A client with its delivery.
#[derive(Debug)]
pub(crate) struct Delivery {
    pub(crate) client: RefCell<Client>,
    pub(crate) store: IdentityStore,
    flights: RefCell<Vec<Flight>>,
    pump_queued: Cell<bool>,
    pub(crate) leaving: Cell<bool>,
    /// Nothing is sent until it is known which events other pages have taken over.
    pub(crate) held: Cell<bool>,
}

/// A request in flight.
#[derive(Debug)]
struct Flight {
    batch: Batch,
    keepalive: bool,
    started_ms: f64,
}

impl Delivery {
    /// Delivery for `client`; nothing is sent yet.
    pub(crate) fn new(client: Client, store: IdentityStore) -> Self {
        Self {
            client: RefCell::new(client),
            store,
            flights: RefCell::default(),
            pump_queued: Cell::new(false),
            leaving: Cell::new(false),
            held: Cell::new(false),
        }
    }

    /// Works on the outbox. Nothing in `work` may lead back to the page.
    pub(crate) fn outbox<T>(&self, work: impl FnOnce(&mut Outbox) -> T) -> T {
        work(&mut self.client.borrow_mut().outbox)
    }

    /// Pumps at the end of the page's current task, so that a burst is one batch.
    pub(crate) fn queue_pump(&self) {
        if !self.pump_queued.replace(true) {
            browser::pump_soon();
        }
    }

    /// Does what the outbox asks for next.
    pub(crate) fn pump(&self) {
        self.pump_queued.set(false);
        // An event recorded in the page's own pagehide has to leave with the page.
        if self.leaving.get() {
            return self.leave();
        }
        if self.held.get() {
            return;
        }
        let now_ms = browser::now_ms();
        let task = self.outbox(|outbox| outbox.next(now_ms));
        match task {
            Task::Send => {
                if let Some(batch) = self.outbox(|outbox| outbox.start(now_ms)) {
                    let keepalive = batch.body.len() <= self.keepalive_left();
                    self.post(batch, keepalive);
                }
            }
            // Set anew each time, as events may be due sooner than before.
            Task::Wait { delay_ms } => browser::pump_after(delay_ms),
            Task::Idle => {}
        }
        self.tell();
    }

    /// Bytes that the browser would still carry beyond the life of the page.
    fn keepalive_left(&self) -> usize {
        let flights = self.flights.borrow();
        let kept = flights.iter().filter(|flight| flight.keepalive);
        let under_way: usize = kept.map(|flight| flight.batch.body.len()).sum();
        limits::KEEPALIVE_SIZE_BYTES_MAX.saturating_sub(under_way)
    }

    fn post(&self, batch: Batch, keepalive: bool) {
        let detour = self.outbox(|outbox| outbox.detours());
        // Nothing is borrowed here: the page's own `fetch` may call back into the engine.
        let keepalive = browser::post(
            batch.request,
            &batch.endpoint,
            &batch.body,
            keepalive,
            detour,
        );
        self.flights.borrow_mut().push(Flight {
            batch,
            keepalive,
            started_ms: browser::now_ms(),
        });
    }

    /// A request has ended: it was answered, failed, or ran out of time.
    pub(crate) fn answered(&self, request: u32, outcome: Outcome, turned_away: &str) {
        // A late answer to a request whose events left by another way.
        let Some(flight) = self.take_flight(request) else {
            return;
        };
        let now_ms = browser::now_ms();
        // The page's own requests share the budget, and cannot be counted.
        if outcome == Outcome::Unanswered
            && flight.keepalive
            && now_ms - flight.started_ms < limits::KEEPALIVE_REFUSAL_MAX_MS
        {
            return self.post(flight.batch, false);
        }
        let random = browser::random();
        let turned_away = turned_away.as_bytes();
        self.outbox(|outbox| outbox.finish(request, outcome, turned_away, now_ms, random));
        // Offline, a beacon would be lost at once.
        if browser::is_online() {
            self.by_beacon(Outbox::start_beside, Outbox::carried);
        }
        self.pump();
    }

    fn take_flight(&self, request: u32) -> Option<Flight> {
        let mut flights = self.flights.borrow_mut();
        let mut all = flights.iter();
        let at = all.position(|flight| flight.batch.request == request)?;
        Some(flights.swap_remove(at))
    }

    /// The page is hidden and may never be seen again: sends the waiting events now, beside the
    /// requests in flight, and so that they outlive the page as far as the budget allows.
    pub(crate) fn hide(&self) {
        if self.held.get() {
            return;
        }
        self.outbox(Outbox::hurry);
        let next = || {
            let left = self.keepalive_left();
            self.outbox(|outbox| outbox.start_hidden(left, browser::now_ms()))
        };
        while let Some(batch) = next() {
            self.post(batch, true);
        }
        self.pump();
    }

    /// The page is being left: events that no request carries beyond its life go by beacon, as
    /// far as the browser takes them.
    pub(crate) fn leave(&self) {
        self.flights.borrow_mut().retain(|flight| {
            if !flight.keepalive {
                self.outbox(|outbox| outbox.not_taken(flight.batch.request));
            }
            flight.keepalive
        });
        self.by_beacon(Outbox::start_leaving, Outbox::handed_over);
        self.tell();
    }

    /// Hands the batches that `start` makes to the browser as beacons, as far as it takes them.
    fn by_beacon(
        &self,
        start: fn(&mut Outbox, usize, f64) -> Option<Batch>,
        taken: fn(&mut Outbox, u32),
    ) {
        let mut size_bytes_max = self.keepalive_left();
        while let Some(batch) =
            self.outbox(|outbox| start(outbox, size_bytes_max, browser::now_ms()))
        {
            if browser::beacon(&batch.endpoint, &batch.body) {
                size_bytes_max = size_bytes_max.saturating_sub(batch.body.len());
                self.outbox(|outbox| taken(outbox, batch.request));
            } else {
                size_bytes_max = batch.body.len() / 2;
                self.outbox(|outbox| outbox.not_taken(batch.request));
            }
        }
    }

    /// Tells the facade the fate of its events. It may call back into the engine, so nothing is
    /// borrowed here.
    pub(crate) fn tell(&self) {
        let settlements = self.outbox(Outbox::take_settlements);
        for Settlement { seqs, fate, status } in settlements {
            browser::settled(&seqs, fate.name(), status);
        }
    }
}
