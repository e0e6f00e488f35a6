//! Delivery: does what the core asks for, with the browser's timer, fetch and beacons, and
//! reports to the core what came of it.

use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use js_sys::{Date, Function, Math};
use wasm_bindgen::prelude::*;
use waymark_core::client::Client;
use waymark_core::limits;
use waymark_core::retry::Outcome;
use waymark_core::upload::Task;

use crate::storage::IdentityStore;
use crate::transport;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = queueMicrotask)]
    fn queue_microtask(callback: &JsValue);
}

/// What the engine's callbacks share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) client: RefCell<Client>,
    pub(crate) store: IdentityStore,
    timer: RefCell<Option<Timeout>>,
    in_flight_bytes: Cell<usize>,
    pump_queued: Cell<bool>,
    pub(crate) leaving: Cell<bool>,
    pub(crate) on_delivery: RefCell<Option<Function>>,
    callbacks: OnceCell<Callbacks>,
}

/// The JavaScript functions that lead back here, made once.
#[derive(Debug)]
struct Callbacks {
    pump: Closure<dyn FnMut()>,
    answered: Closure<dyn FnMut(JsValue)>,
    unanswered: Closure<dyn FnMut(JsValue)>,
}

impl Callbacks {
    fn new(shared: &Rc<Shared>) -> Self {
        let [for_pump, for_answered, for_unanswered] = [(); 3].map(|()| Rc::clone(shared));
        Self {
            pump: Closure::new(move || {
                for_pump.pump_queued.set(false);
                for_pump.pump();
            }),
            answered: Closure::new(move |response| {
                for_answered.finish(transport::outcome(&response));
            }),
            unanswered: Closure::new(move |_error| for_unanswered.finish(Outcome::Unanswered)),
        }
    }
}

impl Shared {
    /// Delivery for `client`; nothing is sent yet.
    pub(crate) fn new(client: Client, store: IdentityStore) -> Rc<Self> {
        let shared = Rc::new(Self {
            client: RefCell::new(client),
            store,
            timer: RefCell::new(None),
            in_flight_bytes: Cell::new(0),
            pump_queued: Cell::new(false),
            leaving: Cell::new(false),
            on_delivery: RefCell::new(None),
            callbacks: OnceCell::new(),
        });
        _ = shared.callbacks.set(Callbacks::new(&shared));
        shared
    }

    /// Pumps at the end of the page's current task, so that a burst is one batch.
    pub(crate) fn queue_pump(&self) {
        let Some(callbacks) = self.callbacks.get() else {
            return;
        };
        if !self.pump_queued.replace(true) {
            queue_microtask(callbacks.pump.as_ref());
        }
    }

    /// Does what the core asks for next.
    pub(crate) fn pump(&self) {
        // What is recorded while the page goes (in its own pagehide) has to go with it.
        if self.leaving.get() {
            return self.leave();
        }
        let now_ms = Date::now();
        let task = self.client.borrow().next(now_ms);
        match task {
            Task::Send { events_max } => {
                self.timer.take();
                self.send(events_max, now_ms);
            }
            Task::Wait { delay_ms } => self.wait(delay_ms),
            Task::Idle => {}
        }
    }

    fn send(&self, events_max: usize, now_ms: f64) {
        let batch = self.client.borrow_mut().start_batch(events_max, now_ms);
        let (Some(batch), Some(callbacks)) = (batch, self.callbacks.get()) else {
            return;
        };
        self.in_flight_bytes.set(batch.body.len());
        self.report("sent", batch.events, 0);
        let endpoint = self.client.borrow().settings().endpoint.clone();
        match transport::post(&endpoint, &batch.body) {
            Ok(promise) => _ = promise.then2(&callbacks.answered, &callbacks.unanswered),
            Err(_) => self.finish(Outcome::Unanswered),
        }
    }

    /// Sets the one timer anew: what is due may have become due sooner.
    fn wait(&self, delay_ms: f64) {
        let Some(callbacks) = self.callbacks.get() else {
            return;
        };
        let pump: Function = callbacks.pump.as_ref().clone().unchecked_into();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "saturates, and a wait is below an hour"
        )]
        let timer = Timeout::new(delay_ms.ceil() as u32, move || {
            _ = pump.call0(&JsValue::UNDEFINED);
        });
        // Dropping the old one cancels it.
        self.timer.replace(Some(timer));
    }

    fn finish(&self, outcome: Outcome) {
        let status = match outcome {
            Outcome::Answered { status, .. } => status,
            Outcome::Unanswered => 0,
        };
        self.in_flight_bytes.set(0);
        let before = self.client.borrow().pending();
        let dropped = self
            .client
            .borrow_mut()
            .finish_batch(outcome, Date::now(), Math::random());
        let gone = before - self.client.borrow().pending();
        if dropped > 0 {
            self.report("dropped", dropped, status);
        } else if gone > 0 {
            self.report("acknowledged", gone, status);
        } else {
            self.report("retried", before, status);
        }
        self.pump();
    }

    pub(crate) fn leave(&self) {
        let endpoint = self.client.borrow().settings().endpoint.clone();
        let in_flight_bytes = self.in_flight_bytes.get();
        let survives = in_flight_bytes <= limits::KEEPALIVE_SIZE_BYTES_MAX;
        self.client.borrow_mut().leave(survives);
        let under_way = if survives { in_flight_bytes } else { 0 };
        let mut left = limits::KEEPALIVE_SIZE_BYTES_MAX.saturating_sub(under_way);
        let mut size_bytes_max = left;
        loop {
            let batch = self
                .client
                .borrow()
                .leaving_batch(size_bytes_max, Date::now());
            let Some(batch) = batch else { return };
            if transport::beacon(&endpoint, &batch.body) {
                left = left.saturating_sub(batch.body.len());
                size_bytes_max = size_bytes_max.min(left);
                self.client.borrow_mut().handed_over(batch.events);
                self.report("sent", batch.events, 0);
            } else {
                size_bytes_max = batch.body.len() / 2;
            }
        }
    }

    fn report(&self, kind: &str, events: usize, status: u16) {
        let listener = self.on_delivery.borrow().clone();
        if let Some(listener) = listener {
            let events = u32::try_from(events).unwrap_or(u32::MAX);
            // A listener that throws must not stop delivery.
            _ = listener.call3(
                &JsValue::UNDEFINED,
                &JsValue::from_str(kind),
                &JsValue::from(events),
                &JsValue::from(status),
            );
        }
    }
}
