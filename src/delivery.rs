//! Delivery: does what the outbox asks for, with the browser's timer, fetch and beacons, and
//! reports to it what came of it.

use std::cell::{Cell, OnceCell, RefCell};

use gloo_timers::callback::Timeout;
use js_sys::{Date, Function, Math, Uint32Array};
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
    #[wasm_bindgen(js_name = queueMicrotask)]
    fn queue_microtask(callback: &JsValue);

    /// A promise, with `then` as plain functions take it.
    type Thenable;
    #[wasm_bindgen(method)]
    fn then(this: &Thenable, fulfilled: &Function, rejected: &Function);
}

/// What the engine's callbacks share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) client: RefCell<Client>,
    pub(crate) store: IdentityStore,
    timer: RefCell<Option<Timeout>>,
    flights: RefCell<Vec<Flight>>,
    pump_queued: Cell<bool>,
    pub(crate) leaving: Cell<bool>,
    /// Nothing goes while it is not known what other pages have taken over.
    pub(crate) held: Cell<bool>,
    pub(crate) on_settled: RefCell<Option<Function>>,
    /// Adds what the page wants to every request.
    pub(crate) prepare: RefCell<Option<Function>>,
    callbacks: OnceCell<Callbacks>,
}

/// A request under way.
#[derive(Debug)]
struct Flight {
    batch: Batch,
    keepalive: bool,
    started_ms: f64,
    response: Option<JsValue>,
    controller: Option<AbortController>,
    /// Ends the request when its time is over; dropped, it does not.
    _time_limit: Timeout,
}

/// The JavaScript functions that lead back here, made once. The later two are bound to the
/// number of a request.
#[derive(Debug)]
struct Callbacks {
    pump: Closure<dyn FnMut()>,
    answered: Closure<dyn FnMut(u32, JsValue)>,
    ended: Closure<dyn FnMut(u32)>,
}

impl Callbacks {
    fn new(shared: &'static Shared) -> Self {
        Self {
            pump: Closure::new(move || {
                shared.pump_queued.set(false);
                shared.pump();
            }),
            answered: Closure::new(move |request, response| {
                shared.answered(request, response);
            }),
            ended: Closure::new(move |request| shared.ended(request)),
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

/// Calls `function` after so many milliseconds; dropping the timer cancels it.
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

impl Shared {
    /// Delivery for `client`; nothing is sent yet. It lives as long as the page: its timers and
    /// requests lead back to it.
    pub(crate) fn new(client: Client, store: IdentityStore) -> &'static Self {
        let shared: &'static Self = Box::leak(Box::new(Self {
            client: RefCell::new(client),
            store,
            timer: RefCell::new(None),
            flights: RefCell::default(),
            pump_queued: Cell::new(false),
            leaving: Cell::new(false),
            held: Cell::new(false),
            on_settled: RefCell::new(None),
            prepare: RefCell::new(None),
            callbacks: OnceCell::new(),
        }));
        _ = shared.callbacks.set(Callbacks::new(shared));
        shared
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
            queue_microtask(callbacks.pump.as_ref());
        }
    }

    /// Does what the outbox asks for next.
    pub(crate) fn pump(&self) {
        // What is recorded while the page goes (in its own pagehide) has to go with it.
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

    /// Sets the one timer anew: what is due may have become due sooner.
    fn wait(&self, delay_ms: f64) {
        if let Some(callbacks) = self.callbacks.get() {
            let pump: &Function = callbacks.pump.as_ref().unchecked_ref();
            self.timer.replace(Some(after(delay_ms, pump.clone())));
        }
    }

    /// Bytes that may still be sent so that they outlive the page.
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
        // Not borrowed meanwhile: it is the page's, and may lead back here.
        let prepare = self.prepare.borrow().clone();
        let (promise, controller) =
            transport::post(&batch.endpoint, &batch.body, keepalive, prepare.as_ref());
        let flight = Flight {
            batch,
            keepalive,
            started_ms: Date::now(),
            response: None,
            controller,
            _time_limit: after(f64::from(limits::REQUEST_MAX_MS), ended.clone()),
        };
        self.flights.borrow_mut().push(flight);
        promise.unchecked_ref::<Thenable>().then(&answered, &ended);
    }

    /// There is a response, whose body counts as under way until it was read.
    fn answered(&self, request: u32, response: JsValue) {
        let body = transport::drain(&response);
        {
            let mut flights = self.flights.borrow_mut();
            let mut flights = flights.iter_mut();
            let flight = flights.find(|flight| flight.batch.request == request);
            // A late answer to a request that was given up.
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

    /// A request was read to its end, failed, or had its time.
    fn ended(&self, request: u32) {
        let Some(flight) = self.take_flight(request) else {
            return;
        };
        if let Some(controller) = &flight.controller {
            controller.abort();
        }
        let now_ms = Date::now();
        let outcome = match &flight.response {
            Some(response) => transport::outcome(response),
            None => {
                // The budget is shared with the page's own requests, which nobody can count.
                let took_ms = now_ms - flight.started_ms;
                if flight.keepalive && took_ms < limits::KEEPALIVE_REFUSAL_MAX_MS {
                    return self.post(flight.batch, false);
                }
                Outcome::Unanswered
            }
        };
        let random = Math::random();
        self.outbox(|outbox| outbox.finish(request, outcome, now_ms, random));
        self.pump();
    }

    fn take_flight(&self, request: u32) -> Option<Flight> {
        let mut flights = self.flights.borrow_mut();
        let mut all = flights.iter();
        let at = all.position(|flight| flight.batch.request == request)?;
        Some(flights.swap_remove(at))
    }

    /// The page is hidden, and may never be seen again: what waits goes now, beside what is
    /// under way, in requests that outlive the page as far as the budget goes.
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

    /// The page is being left: what nothing carries that outlives it goes by beacon, as far as
    /// the browser takes it.
    pub(crate) fn leave(&self) {
        self.flights.borrow_mut().retain(|flight| {
            if !flight.keepalive {
                self.outbox(|outbox| outbox.not_taken(flight.batch.request));
            }
            flight.keepalive
        });
        let mut size_bytes_max = self.keepalive_left();
        while let Some(batch) =
            self.outbox(|outbox| outbox.start_leaving(size_bytes_max, Date::now()))
        {
            if transport::beacon(&batch.endpoint, &batch.body) {
                size_bytes_max = size_bytes_max.saturating_sub(batch.body.len());
                self.outbox(|outbox| outbox.handed_over(batch.request));
            } else {
                size_bytes_max = batch.body.len() / 2;
                self.outbox(|outbox| outbox.not_taken(batch.request));
            }
        }
        self.tell();
    }

    /// Tells the page's side what became of its events. Nothing is borrowed meanwhile, and a
    /// listener that throws does not stop delivery.
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
