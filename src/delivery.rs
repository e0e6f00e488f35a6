//! Delivery: does what the outbox asks for, with the browser's timer, fetch and beacons, and
//! reports the outcome to it.

use std::cell::{Cell, OnceCell, RefCell};

use gloo_timers::callback::Timeout;
use js_sys::{Date, Function, Math, Promise, Uint32Array};
use wasm_bindgen::prelude::*;
use waymark_core::batch::Batch;
use waymark_core::client::Client;
use waymark_core::limits;
use waymark_core::outbox::Outbox;
use waymark_core::retry::Outcome;
use waymark_core::settlement::Settlement;
use waymark_core::upload::Task;

use crate::storage::IdentityStore;
use crate::transport::{self, AbortController};

#[wasm_bindgen]
extern "C" {
    /// A promise, with `then` as plain functions take it.
    type Thenable;
    #[wasm_bindgen(method)]
    fn then(this: &Thenable, fulfilled: &Function, rejected: &Function);
}

/// A client with its delivery: the state that the engine and its callbacks share.
#[derive(Debug)]
pub(crate) struct Delivery {
    pub(crate) client: RefCell<Client>,
    pub(crate) store: IdentityStore,
    timer: RefCell<Option<Timeout>>,
    flights: RefCell<Vec<Flight>>,
    pump_queued: Cell<bool>,
    pub(crate) leaving: Cell<bool>,
    /// Nothing is sent until it is known which events other pages have taken over.
    pub(crate) held: Cell<bool>,
    pub(crate) on_settled: RefCell<Option<Function>>,
    /// Sends a request; see `engine::requests_by`.
    pub(crate) send: RefCell<Option<Function>>,
    callbacks: OnceCell<Callbacks>,
}

/// A request in flight.
#[derive(Debug)]
struct Flight {
    batch: Batch,
    keepalive: bool,
    started_ms: f64,
    response: Option<JsValue>,
    controller: Option<AbortController>,
    /// Ends the request when its time is over; dropping it cancels that.
    _time_limit: Timeout,
}

/// The JavaScript functions that lead back here, made once. `answered` and `ended` are bound to
/// the number of a request.
#[derive(Debug)]
struct Callbacks {
    pump: Closure<dyn FnMut()>,
    answered: Closure<dyn FnMut(u32, JsValue)>,
    ended: Closure<dyn FnMut(u32)>,
}

impl Callbacks {
    fn new(delivery: &'static Delivery) -> Self {
        Self {
            pump: Closure::new(move || {
                delivery.pump_queued.set(false);
                delivery.pump();
            }),
            answered: Closure::new(move |request, response| {
                delivery.answered(request, response);
            }),
            ended: Closure::new(move |request| delivery.ended(request)),
        }
    }
}

/// A callback with the number of a request as its first argument.
fn bound(callback: &JsValue, request: u32) -> Function {
    let callback: &Function = callback.unchecked_ref();
    let request = JsValue::from(request);
    callback
        .bind1(&JsValue::UNDEFINED, &request)
        .unchecked_into()
}

/// Calls `function` after `delay_ms`; dropping the timer cancels it.
fn after(delay_ms: f64, function: Function) -> Timeout {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "saturates, and a wait is within hours"
    )]
    Timeout::new(delay_ms.ceil() as u32, move || {
        _ = function.call0(&JsValue::UNDEFINED);
    })
}

impl Delivery {
    /// Delivery for `client`; nothing is sent yet. It lives as long as the page: its timers and
    /// requests lead back to it.
    pub(crate) fn new(client: Client, store: IdentityStore) -> &'static Self {
        let delivery: &'static Self = Box::leak(Box::new(Self {
            client: RefCell::new(client),
            store,
            timer: RefCell::new(None),
            flights: RefCell::default(),
            pump_queued: Cell::new(false),
            leaving: Cell::new(false),
            held: Cell::new(false),
            on_settled: RefCell::new(None),
            send: RefCell::new(None),
            callbacks: OnceCell::new(),
        }));
        _ = delivery.callbacks.set(Callbacks::new(delivery));
        delivery
    }

    /// Works on the outbox. Nothing in `work` may lead back to the page.
    pub(crate) fn outbox<T>(&self, work: impl FnOnce(&mut Outbox) -> T) -> T {
        work(&mut self.client.borrow_mut().outbox)
    }

    /// Pumps at the end of the page's current task, so that a burst is one batch.
    pub(crate) fn queue_pump(&self) {
        let Some(callbacks) = self.callbacks.get() else {
            return;
        };
        if !self.pump_queued.replace(true) {
            // Not every page has left `queueMicrotask` in place.
            let now = Promise::resolve(&JsValue::UNDEFINED);
            let pump = callbacks.pump.as_ref().unchecked_ref();
            now.unchecked_ref::<Thenable>().then(pump, pump);
        }
    }

    /// Does what the outbox asks for next.
    pub(crate) fn pump(&self) {
        // An event recorded in the page's own pagehide has to leave with the page.
        if self.leaving.get() {
            return self.leave();
        }
        if self.held.get() {
            return;
        }
        let now_ms = Date::now();
        let task = self.outbox(|outbox| outbox.next(now_ms));
        match task {
            Task::Send => {
                self.timer.take();
                if let Some(batch) = self.outbox(|outbox| outbox.start(now_ms)) {
                    let keepalive = batch.body.len() <= self.keepalive_left();
                    self.post(batch, keepalive);
                }
            }
            Task::Wait { delay_ms } => self.wait(delay_ms),
            Task::Idle => {}
        }
        self.tell();
    }

    /// Sets the one timer anew, as events may be due sooner than before.
    fn wait(&self, delay_ms: f64) {
        if let Some(callbacks) = self.callbacks.get() {
            let pump: &Function = callbacks.pump.as_ref().unchecked_ref();
            self.timer.replace(Some(after(delay_ms, pump.clone())));
        }
    }

    /// Bytes that the browser would still carry beyond the life of the page.
    fn keepalive_left(&self) -> usize {
        let flights = self.flights.borrow();
        let kept = flights.iter().filter(|flight| flight.keepalive);
        let under_way: usize = kept.map(|flight| flight.batch.body.len()).sum();
        limits::KEEPALIVE_SIZE_BYTES_MAX.saturating_sub(under_way)
    }

    fn post(&self, batch: Batch, keepalive: bool) {
        let Some(callbacks) = self.callbacks.get() else {
            return;
        };
        let answered = bound(callbacks.answered.as_ref(), batch.request);
        let ended = bound(callbacks.ended.as_ref(), batch.request);
        let detour = self.outbox(|outbox| outbox.detours());
        // Cloned, not borrowed: it calls the page's code, which may call back into the engine.
        let send = self.send.borrow().clone();
        let posted = transport::post(
            &batch.endpoint,
            &batch.body,
            keepalive,
            detour,
            send.as_ref(),
        );
        let flight = Flight {
            batch,
            keepalive: posted.keepalive,
            started_ms: Date::now(),
            response: None,
            controller: posted.controller,
            _time_limit: after(f64::from(limits::REQUEST_MAX_MS), ended.clone()),
        };
        self.flights.borrow_mut().push(flight);
        let response: &Thenable = posted.response.unchecked_ref();
        response.then(&answered, &ended);
    }

    /// A response has come; the request is in flight until its body is read.
    fn answered(&self, request: u32, response: JsValue) {
        let body = transport::drain(&response);
        {
            let mut flights = self.flights.borrow_mut();
            let mut flights = flights.iter_mut();
            let flight = flights.find(|flight| flight.batch.request == request);
            // A late answer to a request that has ended.
            let Some(flight) = flight else { return };
            flight.response = Some(response);
        }
        match (body, self.callbacks.get()) {
            (Some(body), Some(callbacks)) => {
                let ended = bound(callbacks.ended.as_ref(), request);
                body.unchecked_ref::<Thenable>().then(&ended, &ended);
            }
            _ => self.ended(request),
        }
    }

    /// A response was read to its end, or the request failed or ran out of time.
    fn ended(&self, request: u32) {
        let Some(flight) = self.take_flight(request) else {
            return;
        };
        if let Some(controller) = &flight.controller {
            controller.abort();
        }
        let now_ms = Date::now();
        let mut turned_away = String::new();
        let outcome = match &flight.response {
            Some(response) => {
                turned_away = transport::turned_away(response);
                transport::outcome(response)
            }
            None => {
                // The page's own requests share the budget, and cannot be counted.
                let took_ms = now_ms - flight.started_ms;
                if flight.keepalive && took_ms < limits::KEEPALIVE_REFUSAL_MAX_MS {
                    return self.post(flight.batch, false);
                }
                Outcome::Unanswered
            }
        };
        let random = Math::random();
        let turned_away = turned_away.as_bytes();
        self.outbox(|outbox| outbox.finish(request, outcome, turned_away, now_ms, random));
        // Offline, a beacon would be lost at once.
        if transport::is_online() {
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
            self.outbox(|outbox| outbox.start_hidden(left, Date::now()))
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
        while let Some(batch) = self.outbox(|outbox| start(outbox, size_bytes_max, Date::now())) {
            if transport::beacon(&batch.endpoint, &batch.body) {
                size_bytes_max = size_bytes_max.saturating_sub(batch.body.len());
                self.outbox(|outbox| taken(outbox, batch.request));
            } else {
                size_bytes_max = batch.body.len() / 2;
                self.outbox(|outbox| outbox.not_taken(batch.request));
            }
        }
    }

    /// Tells the facade the fate of its events. The listener may call back into the engine, so
    /// nothing is borrowed here; if it throws, delivery goes on.
    pub(crate) fn tell(&self) {
        let settlements = self.outbox(Outbox::take_settlements);
        let Some(listener) = self.on_settled.borrow().clone() else {
            return;
        };
        for Settlement { seqs, fate, status } in settlements {
            _ = listener.call3(
                &JsValue::UNDEFINED,
                &Uint32Array::from(&seqs[..]),
                &JsValue::from_str(fate.name()),
                &JsValue::from(status),
            );
        }
    }
}
