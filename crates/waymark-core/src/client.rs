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
        self.handed_over = self.handed_over.saturating_sub(evicted);
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

    /// The page is being left. `in_flight_survives` says whether the request that is under way
    /// outlives it; if not, its events are among those that are still to be handed over.
    pub fn leave(&mut self, in_flight_survives: bool) {
        if in_flight_survives {
            self.handed_over = self.handed_over.max(self.upload.in_flight());
        }
    }

    /// After [`Client::leave`]: the next batch for a beacon of at most `size_bytes_max`, of the
    /// events that nothing carries yet. It stays queued, as a beacon has no answer.
    pub fn leaving_batch(&self, size_bytes_max: usize, now_ms: f64) -> Option<Batch> {
        let events_max = limits::BATCH_EVENTS_MAX;
        let batch = self.encode(self.handed_over, events_max, size_bytes_max, now_ms)?;
        (batch.body.len() <= size_bytes_max).then_some(batch)
    }

    /// The browser took a beacon with so many events.
    pub fn handed_over(&mut self, events: usize) {
        self.handed_over += events;
    }

    /// The page lives on after all (restored from the back/forward cache, or the navigation
    /// was called off): what only beacons carried is sent again, and the gateway knows it.
    pub fn returned(&mut self) {
        self.handed_over = 0;
        self.upload.wake();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::Stored;
    use proptest::prelude::*;

    fn client() -> Client {
        Client::new(Settings::default(), Identity::load(|_| Stored::default()))
    }

    fn record(client: &mut Client, n: usize) {
        let call = ["track\n\"E", &n.to_string(), "\""].concat();
        client.record(&call, 0.0, || "uuid".into()).unwrap();
    }

    fn names(batch: &Batch) -> Vec<usize> {
        let body: serde_json::Value = serde_json::from_str(&batch.body).unwrap();
        let events = body["batch"].as_array().unwrap();
        let name =
            |event: &serde_json::Value| event["event"].as_str().unwrap()[1..].parse().unwrap();
        events.iter().map(name).collect()
    }

    fn answered(status: u16) -> Outcome {
        Outcome::Answered {
            status,
            retry_after_ms: None,
            foreign: false,
        }
    }

    #[test]
    fn what_the_page_leaves_behind_is_carried_once_and_again_if_it_returns() {
        let mut client = client();
        (0..10).for_each(|n| record(&mut client, n));
        client.start_batch(4, 0.0).unwrap();
        client.leave(true);
        let batch = client.leaving_batch(usize::MAX, 0.0).unwrap();
        assert_eq!(names(&batch), [4, 5, 6, 7, 8, 9]);
        client.handed_over(batch.events);
        assert_eq!(client.leaving_batch(usize::MAX, 0.0), None);
        client.finish_batch(answered(200), 0.0, 0.0);
        assert_eq!(client.leaving_batch(usize::MAX, 0.0), None);
        client.returned();
        assert_eq!(
            names(&client.leaving_batch(usize::MAX, 0.0).unwrap()),
            [4, 5, 6, 7, 8, 9]
        );
    }

    #[test]
    fn a_request_that_dies_with_the_page_is_carried_too() {
        let mut client = client();
        (0..3).for_each(|n| record(&mut client, n));
        client.start_batch(3, 0.0).unwrap();
        client.leave(false);
        assert_eq!(
            names(&client.leaving_batch(usize::MAX, 0.0).unwrap()),
            [0, 1, 2]
        );
    }

    /// What happens to the client, one step after the other.
    #[derive(Debug, Clone)]
    enum Step {
        Record,
        Send,
        Answer(u16),
        NoAnswer,
    }

    proptest! {
        #[test]
        fn whatever_happens_events_are_acknowledged_pending_or_counted_as_dropped(
            steps in prop::collection::vec(
                prop_oneof![
                    4 => Just(Step::Record),
                    3 => Just(Step::Send),
                    2 => Just(Step::Answer(200)),
                    1 => prop::sample::select(vec![400, 401, 413, 429, 500, 503]).prop_map(Step::Answer),
                    1 => Just(Step::NoAnswer),
                ],
                1..200,
            ),
        ) {
            let mut client = client();
            let (mut made, mut now_ms, mut in_flight, mut taken) = (0, 0.0, None, Vec::new());
            for step in steps {
                now_ms += 400_000.0;
                match step {
                    Step::Record => {
                        record(&mut client, made);
                        made += 1;
                    }
                    Step::Send => {
                        if let Task::Send { events_max } = client.next(now_ms) {
                            in_flight = client.start_batch(events_max, now_ms);
                        }
                    }
                    Step::Answer(status) => {
                        if let Some(batch) = in_flight.take() {
                            client.finish_batch(answered(status), now_ms, 0.5);
                            if status == 200 {
                                taken.extend(names(&batch));
                            }
                        }
                    }
                    Step::NoAnswer => {
                        if in_flight.take().is_some() {
                            client.finish_batch(Outcome::Unanswered, now_ms, 0.5);
                        }
                    }
                }
                let ledger = client.ledger();
                let known = ledger.acknowledged + ledger.dropped_refused + ledger.dropped_queue_full;
                let pending = u32::try_from(client.pending()).unwrap();
                prop_assert_eq!(ledger.accepted, known + pending);
            }
            prop_assert!(taken.is_sorted(), "in order");
            taken.dedup();
            prop_assert_eq!(taken.len(), client.ledger().acknowledged as usize);
        }
    }
}
