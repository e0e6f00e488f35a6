//! What the engine offers around delivery: taking events, telling their fate, and the page's
//! comings and goings.

use js_sys::Function;
use wasm_bindgen::prelude::*;
use waymark_core::client::is_for_segment;
use waymark_core::error::CallError;
use waymark_core::outbox::Outbox;

use crate::engine::Engine;
use crate::random::uuid;

impl Engine {
    /// Records a call (see `waymark_core::call`) made at `now_ms` and gives its event as JSON
    /// text; its number is [`Engine::last_seq`], which stays where Segment is not to have it. It
    /// is sent in a later task of the page.
    ///
    /// # Errors
    /// The text of the rejection, where the call is no event.
    pub fn call(&self, call: &str, now_ms: f64) -> Result<String, JsValue> {
        let event = self.build(call, now_ms)?;
        if is_for_segment(&event) {
            self.enqueue(event.clone(), now_ms)?;
        }
        Ok(event)
    }

    /// Makes the event of a call made at `now_ms` and applies the call to the identity, but does
    /// not queue it yet. Gives the event as JSON text.
    ///
    /// # Errors
    /// The text of the rejection, where the call is no event.
    pub fn build(&self, call: &str, now_ms: f64) -> Result<String, JsValue> {
        let built = self.shared.client.borrow_mut().build(call, now_ms, uuid);
        let event = built.map_err(rejection)?;
        self.store_identity();
        Ok(event)
    }

    /// Takes an event as JSON text, recorded at `now_ms`, for delivery, and gives its number:
    /// from 1, one more for each. It is sent in a later task of the page.
    ///
    /// # Errors
    /// The text of the rejection, where no server would take the event.
    pub fn enqueue(&self, event: String, now_ms: f64) -> Result<u32, JsValue> {
        let taken = self.shared.outbox(|outbox| outbox.enqueue(event, now_ms));
        self.shared.queue_pump();
        taken.map_err(rejection)
    }

    /// Takes over an event from the journal of an earlier page, recorded at `recorded_at_ms`,
    /// and gives its number here. To be called in the order in which they were recorded.
    pub fn restore(&self, event: String, recorded_at_ms: f64) -> u32 {
        let seq = self
            .shared
            .outbox(|outbox| outbox.restore(event, recorded_at_ms));
        self.shared.queue_pump();
        seq
    }

    /// The number of the newest event; 0 before the first.
    pub fn last_seq(&self) -> u32 {
        self.shared.outbox(|outbox| outbox.last_seq())
    }

    /// Calls `listener(seqs, fate, status)` with the numbers of events (a `Uint32Array`) that
    /// were `acknowledged`, given up because they were `refused`, because of a `queueFull` or as
    /// `tooOld`, that another page has `adopted`, or whose request failed and is `retried`. With no numbers and `paused` when
    /// sending pauses because what answers is not the API, does not know the key, or refuses
    /// everything; once until the next acknowledgement. `status` is that of HTTP, 0 without an
    /// answer.
    pub fn on_settled(&self, listener: Function) {
        self.shared.on_settled.replace(Some(listener));
    }

    /// Calls `prepare(init)` with the `RequestInit` of each request, which it may change.
    pub fn prepare_requests(&self, prepare: Function) {
        self.shared.prepare.replace(Some(prepare));
    }

    /// The counters of the loss ledger: accepted, acknowledged, pending, retried, refused by
    /// the server, lost to a full queue, too large, restored, too old, sent, taken over by other pages.
    pub fn delivery(&self) -> Vec<u32> {
        let (ledger, pending) = self
            .shared
            .outbox(|outbox| (outbox.ledger(), outbox.pending()));
        vec![
            ledger.accepted,
            ledger.acknowledged,
            u32::try_from(pending).unwrap_or(u32::MAX),
            ledger.retried,
            ledger.dropped_refused,
            ledger.dropped_queue_full,
            ledger.refused_too_large,
            ledger.restored,
            ledger.dropped_too_old,
            ledger.sent,
            ledger.adopted,
        ]
    }

    /// Another page took over the events of these numbers while this one was away.
    pub fn forget(&self, seqs: &[u32]) {
        self.shared.outbox(|outbox| outbox.forget(seqs));
        self.shared.tell();
    }

    /// The page is hidden: what waits goes now.
    pub fn hide(&self) {
        self.shared.hide();
    }

    /// The page is being left: what waits goes by beacon, as far as the browser takes it.
    pub fn leave(&self) {
        self.shared.leaving.set(true);
        self.shared.leave();
    }

    /// The page lives on, but what waits may be another page's by now: nothing goes until
    /// [`Engine::wake`].
    pub fn hold(&self) {
        self.shared.held.set(true);
        self.shared.leaving.set(false);
    }

    /// The page lives on (`returned`), or the network is back: what waits is tried at once.
    pub fn wake(&self, returned: bool) {
        if returned {
            self.shared.held.set(false);
            self.shared.outbox(Outbox::returned);
        } else {
            self.shared.outbox(Outbox::wake);
        }
        self.shared.pump();
    }
}

fn rejection(error: CallError) -> JsValue {
    JsValue::from_str(error.message())
}
