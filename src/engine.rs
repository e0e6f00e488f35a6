//! The engine: the one class the facade sees. Each method hands its arguments to the core and
//! does what the core asks for.

use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use js_sys::{Date, Function, Math};
use wasm_bindgen::prelude::*;
use waymark_core::client::Client;
use waymark_core::identity::Identity;
use waymark_core::limits;
use waymark_core::page::PageFacts;
use waymark_core::retry::Outcome;
use waymark_core::settings::Settings;
use waymark_core::upload::Task;

use crate::random::uuid;
use crate::storage::IdentityStore;
use crate::transport;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = queueMicrotask)]
    fn queue_microtask(callback: &JsValue);
}

/// One client in the page.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Engine {
    shared: Rc<Shared>,
}

/// What the engine's callbacks share.
#[derive(Debug)]
struct Shared {
    client: RefCell<Client>,
    store: IdentityStore,
    timer: RefCell<Option<Timeout>>,
    in_flight_bytes: Cell<usize>,
    pump_queued: Cell<bool>,
    leaving: Cell<bool>,
    on_delivery: RefCell<Option<Function>>,
    callbacks: OnceCell<Callbacks>,
}

/// The JavaScript functions that lead back here, made once.
#[derive(Debug)]
struct Callbacks {
    pump: Closure<dyn FnMut()>,
    answered: Closure<dyn FnMut(JsValue)>,
    unanswered: Closure<dyn FnMut(JsValue)>,
}

#[wasm_bindgen]
impl Engine {
    /// Starts a client. `settings` is the text of the object that [`Settings`] describes. Reads
    /// the stored identity, writes nothing and sends nothing.
    #[wasm_bindgen(constructor)]
    pub fn new(settings: &str) -> Engine {
        let settings = Settings::from_json(settings);
        let store = IdentityStore::open(&settings);
        let identity = Identity::load(|key| store.read(key));
        let shared = Rc::new(Shared {
            client: RefCell::new(Client::new(settings, identity)),
            store,
            timer: RefCell::new(None),
            in_flight_bytes: Cell::new(0),
            pump_queued: Cell::new(false),
            leaving: Cell::new(false),
            on_delivery: RefCell::new(None),
            callbacks: OnceCell::new(),
        });
        _ = shared.callbacks.set(Callbacks::new(&shared));
        Self { shared }
    }

    /// The page that later calls are made on; each text as the DOM gives it, the last two the
    /// canonical link's address and path name, or nothing.
    #[expect(
        clippy::too_many_arguments,
        reason = "one crossing of the boundary for the whole page"
    )]
    #[wasm_bindgen(js_name = setPage)]
    pub fn set_page(
        &self,
        href: String,
        pathname: String,
        search: String,
        title: String,
        referrer: String,
        canonical: String,
        canonical_pathname: String,
    ) {
        self.shared.client.borrow_mut().set_page(&PageFacts {
            href,
            pathname,
            search,
            title,
            referrer,
            canonical,
            canonical_pathname,
        });
    }

    /// Records a call (see `waymark_core::call`) made at `now_ms` and gives its event as JSON
    /// text. It is sent in a later task of the page.
    ///
    /// # Errors
    /// The text of the rejection, where the call is no event.
    pub fn call(&self, call: &str, now_ms: f64) -> Result<String, JsValue> {
        let recorded = self.shared.client.borrow_mut().record(call, now_ms, uuid);
        let event = recorded.map_err(|error| JsValue::from_str(error.message()))?;
        self.shared.store_identity();
        self.shared.queue_pump();
        Ok(event)
    }

    /// The user's id.
    #[wasm_bindgen(js_name = userId)]
    pub fn user_id(&self) -> Option<String> {
        let client = self.shared.client.borrow();
        client.identity.user_id().map(Into::into)
    }

    /// The anonymous id, made and stored if there is none.
    #[wasm_bindgen(js_name = anonymousId)]
    pub fn anonymous_id(&self) -> String {
        let id = {
            let mut client = self.shared.client.borrow_mut();
            client.identity.ensure_anonymous_id(uuid).to_owned()
        };
        self.shared.store_identity();
        id
    }

    /// Sets the anonymous id, or clears it.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "wasm-bindgen hands over owned strings only"
    )]
    #[wasm_bindgen(js_name = setAnonymousId)]
    pub fn set_anonymous_id(&self, id: Option<String>) {
        let mut client = self.shared.client.borrow_mut();
        client.identity.set_anonymous_id(id.as_deref());
        drop(client);
        self.shared.store_identity();
    }

    /// The user's traits, an object as JSON text.
    pub fn traits(&self) -> String {
        self.shared.client.borrow().identity.traits().into()
    }

    /// The group's id.
    #[wasm_bindgen(js_name = groupId)]
    pub fn group_id(&self) -> Option<String> {
        let client = self.shared.client.borrow();
        client.identity.group_id().map(Into::into)
    }

    /// The group's traits, an object as JSON text.
    #[wasm_bindgen(js_name = groupTraits)]
    pub fn group_traits(&self) -> String {
        self.shared.client.borrow().identity.group_traits().into()
    }

    /// Forgets visitor and group in memory and in the stores.
    pub fn reset(&self) {
        self.shared.client.borrow_mut().identity.reset();
        self.shared.store_identity();
    }

    /// Another tab changed the stored identity: takes it over.
    #[wasm_bindgen(js_name = reloadIdentity)]
    pub fn reload_identity(&self) {
        let identity = Identity::load(|key| self.shared.store.read(key));
        self.shared.client.borrow_mut().identity = identity;
    }

    /// Calls `listener(kind, events, detail)` when a batch was `sent`, `acknowledged`, is to be
    /// `retried`, or an event was `dropped`; `detail` is the HTTP status, 0 without an answer.
    #[wasm_bindgen(js_name = onDelivery)]
    pub fn on_delivery(&self, listener: Option<Function>) {
        *self.shared.on_delivery.borrow_mut() = listener;
    }

    /// The counters of the loss ledger: accepted, acknowledged, pending, retried, refused by
    /// the server, lost to a full queue, too large.
    pub fn delivery(&self) -> Vec<u32> {
        let client = self.shared.client.borrow();
        let ledger = client.ledger();
        vec![
            ledger.accepted,
            ledger.acknowledged,
            u32::try_from(client.pending()).unwrap_or(u32::MAX),
            ledger.retried,
            ledger.dropped_refused,
            ledger.dropped_queue_full,
            ledger.refused_too_large,
        ]
    }

    /// The page is hidden: what waits goes now.
    pub fn hide(&self) {
        self.shared.client.borrow_mut().hurry();
        self.shared.pump();
    }

    /// The page is being left: what waits goes by beacon, as far as the browser takes it.
    pub fn leave(&self) {
        self.shared.leaving.set(true);
        self.shared.leave();
    }

    /// The page lives on, or the network is back: what waits is tried at once.
    pub fn wake(&self, returned: bool) {
        {
            let mut client = self.shared.client.borrow_mut();
            if returned {
                self.shared.leaving.set(false);
                client.returned();
            } else {
                client.wake();
            }
        }
        self.shared.pump();
    }
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
    fn store_identity(&self) {
        let writes = self.client.borrow_mut().identity.take_writes();
        for write in &writes {
            self.store.write(write);
        }
    }

    /// Pumps at the end of the page's current task, so that a burst is one batch.
    fn queue_pump(&self) {
        let Some(callbacks) = self.callbacks.get() else {
            return;
        };
        if !self.pump_queued.replace(true) {
            queue_microtask(callbacks.pump.as_ref());
        }
    }

    /// Does what the core asks for next.
    fn pump(&self) {
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

    fn leave(&self) {
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
