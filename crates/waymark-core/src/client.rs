//! The client: all rules put together, without I/O. The shell hands in calls, time and
//! outcomes, and does what the client says.

use crate::arguments;
use crate::batch::{self, Batch};
use crate::call::Call;
use crate::context;
use crate::error::CallError;
use crate::event::{self, Facts};
use crate::identity::Identity;
use crate::ledger::Ledger;
use crate::limits;
use crate::page::{self, PageFacts};
use crate::queue::Queue;
use crate::retry::Outcome;
use crate::settings::Settings;
use crate::upload::{Settled, Task, Upload};

/// One client of one source.
#[derive(Debug)]
pub struct Client {
    settings: Settings,
    /// The visitor.
    pub identity: Identity,
    page: String,
    plain_context: String,
    queue: Queue,
    upload: Upload,
    handed_over: usize,
    ledger: Ledger,
}

impl Client {
    /// A client for `settings` whose visitor is `identity`.
    pub fn new(settings: Settings, identity: Identity) -> Self {
        let upload = Upload::new(settings.flush_at, settings.flush_interval_ms);
        let mut client = Self {
            settings,
            identity,
            page: String::new(),
            plain_context: String::new(),
            queue: Queue::default(),
            upload,
            handed_over: 0,
            ledger: Ledger::default(),
        };
        client.set_page(&PageFacts::default());
        client
    }

    /// The settings the client was made with.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The counters of the loss ledger.
    pub fn ledger(&self) -> Ledger {
        self.ledger
    }

    /// Number of events that wait or are on their way.
    pub fn pending(&self) -> usize {
        self.queue.len()
    }

    /// From now on calls are made on this page.
    pub fn set_page(&mut self, facts: &PageFacts) {
        self.page = page::page_context(facts);
        self.plain_context = context::context(&self.settings, &self.page, "{}");
    }

    /// Records a call made at `now_ms` and gives its event as JSON text. `uuid` draws a random
    /// UUID as text.
    ///
    /// # Errors
    /// [`CallError`] where the call is no event; nothing is recorded then.
    pub fn record(
        &mut self,
        call: &str,
        now_ms: f64,
        mut uuid: impl FnMut() -> String,
    ) -> Result<String, CallError> {
        let call = Call::parse(call)?;
        let fields = arguments::resolve(&call)?;
        let facts = Facts {
            settings: &self.settings,
            page: &self.page,
            now_ms,
            plain_context: &self.plain_context,
        };
        let event = event::build(call.method, &fields, &facts, &mut self.identity, &mut uuid);
        if event.len() > limits::EVENT_SIZE_BYTES_MAX {
            Ledger::add(&mut self.ledger.refused_too_large, 1);
            return Err(CallError::EventTooLarge);
        }
        Ledger::add(&mut self.ledger.accepted, 1);
        let evicted = self.queue.push(event.clone());
        Ledger::add(&mut self.ledger.dropped_queue_full, evicted);
        self.upload.forget(evicted);
        Ok(event)
    }

    /// What the shell is to do at `now_ms`.
    pub fn next(&self, now_ms: f64) -> Task {
        self.upload.next(self.queue.len(), now_ms)
    }

    /// Encodes the batch that [`Task::Send`] asked for and takes it as sent.
    pub fn start_batch(&mut self, events_max: usize, now_ms: f64) -> Option<Batch> {
        let batch = self.encode(0, events_max, limits::BATCH_SIZE_BYTES_MAX, now_ms)?;
        self.upload.sent(batch.events, now_ms);
        Some(batch)
    }

    fn encode(
        &self,
        start: usize,
        events_max: usize,
        size_bytes_max: usize,
        now_ms: f64,
    ) -> Option<Batch> {
        let events = self.queue.iter_from(start);
        batch::encode(
            &self.settings.write_key,
            events,
            events_max,
            size_bytes_max,
            now_ms,
        )
    }

    /// The batch in flight came to an end; gives the number of events the server refused.
    pub fn finish_batch(&mut self, outcome: Outcome, now_ms: f64, random: f64) -> usize {
        match self.upload.settle(outcome, now_ms, random) {
            Settled::Acknowledged(events) => {
                self.remove(events);
                Ledger::add(&mut self.ledger.acknowledged, events);
                0
            }
            Settled::Dropped => {
                self.remove(1);
                Ledger::add(&mut self.ledger.dropped_refused, 1);
                1
            }
            Settled::Kept => {
                Ledger::add(&mut self.ledger.retried, 1);
                0
            }
        }
    }

    fn remove(&mut self, events: usize) {
        self.queue.remove_front(events);
        self.handed_over = self.handed_over.saturating_sub(events);
    }

    /// The page is being hidden: what waits goes now, in the ordinary way.
    pub fn hurry(&mut self) {
        self.upload.hurry();
    }

    /// There is reason to believe that the server can be reached again.
    pub fn wake(&mut self) {
        self.upload.wake();
    }

    /// The page is being left: the next batch for a beacon of at most `size_bytes_max`, of the
    /// events that are neither on their way nor were handed over before. It stays queued, as
    /// a beacon has no answer.
    pub fn leaving_batch(&self, size_bytes_max: usize, now_ms: f64) -> Option<Batch> {
        let start = self.upload.in_flight().max(self.handed_over);
        let batch = self.encode(start, limits::BATCH_EVENTS_MAX, size_bytes_max, now_ms)?;
        (batch.body.len() <= size_bytes_max).then_some(batch)
    }

    /// The browser took a beacon with so many events.
    pub fn handed_over(&mut self, events: usize) {
        self.handed_over = self.upload.in_flight().max(self.handed_over) + events;
    }

    /// The page lives on after all (restored from the back/forward cache, or the navigation
    /// was called off): what only beacons carried is sent again, and the gateway knows it.
    pub fn returned(&mut self) {
        self.handed_over = 0;
        self.upload.wake();
    }
}
