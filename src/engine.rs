//! The engine: the functions that the facade calls. They work on the one client of this
//! instance of the module: each hands its arguments to the core and does what the core asks for.

use std::cell::Cell;

use js_sys::Function;
use wasm_bindgen::prelude::*;
use waymark_core::client::Client;
use waymark_core::error::CallError;
use waymark_core::event::with_message_id;
use waymark_core::identity::Identity;
use waymark_core::outbox::Outbox;
use waymark_core::page::PageFacts;
use waymark_core::settings::Settings;
use waymark_core::stored::Key;

use crate::delivery::Delivery;
use crate::random::uuid;
use crate::storage::IdentityStore;

thread_local! {
    static STARTED: Cell<Option<&'static Delivery>> = const { Cell::new(None) };
}

/// The started client with its delivery; a client without settings before [`start`].
fn started() -> &'static Delivery {
    STARTED.get().unwrap_or_else(|| begin("{}"))
}

fn begin(settings: &str) -> &'static Delivery {
    let settings = Settings::from_json(settings);
    let store = IdentityStore::open(&settings);
    let identity = load_identity(&settings, &store);
    if let Some(referrer) = &settings.ad_referrer {
        store.write_ad_referrer(referrer);
    }
    let delivery = Delivery::new(Client::new(settings, identity), store);
    STARTED.set(Some(delivery));
    delivery
}

fn load_identity(settings: &Settings, store: &IdentityStore) -> Identity {
    let mut identity = Identity::load(|key| store.read(key), &store.legacy());
    identity.disable(settings.user.disabled, settings.group.disabled);
    identity
}

fn store_identity(delivery: &Delivery) {
    let writes = delivery.client.borrow_mut().identity.take_writes();
    for write in &writes {
        delivery.store.write(write);
    }
}

fn change_identity(change: impl FnOnce(&mut Identity)) {
    let delivery = started();
    change(&mut delivery.client.borrow_mut().identity);
    store_identity(delivery);
}

fn rejection(error: CallError) -> JsValue {
    JsValue::from_str(error.message())
}

/// Starts the client. `settings` is the text of the object that [`Settings`] describes. Reads
/// the stored identity and sends nothing. Whether the settings are understood: if they do not say
/// where events go, none is ever sent.
#[wasm_bindgen]
pub fn start(settings: &str) -> bool {
    let client = begin(settings).client.borrow();
    !client.settings().endpoint.is_empty()
}

/// Sets the page, and the consent, that later calls are made with: the fields of [`PageFacts`],
/// separated by NUL.
#[wasm_bindgen(js_name = setPage)]
pub fn set_page(facts: &str) {
    let facts = PageFacts::parse(facts);
    started().client.borrow_mut().set_page(&facts);
}

/// An id of the visitor or the group, or traits as JSON text; `key` is a place in [`Key::ALL`].
/// A missing anonymous id is made and stored.
#[wasm_bindgen]
pub fn identity(key: usize) -> Option<String> {
    let key = *Key::ALL.get(key)?;
    let delivery = started();
    let value = {
        let identity = &mut delivery.client.borrow_mut().identity;
        identity.read(key, uuid).map(ToOwned::to_owned)
    };
    store_identity(delivery);
    value
}

/// Replaces an id, or traits (an object as JSON text); `None` clears it. `key` is a place in
/// [`Key::ALL`].
#[expect(
    clippy::needless_pass_by_value,
    reason = "wasm-bindgen hands over owned strings only"
)]
#[wasm_bindgen(js_name = setIdentity)]
pub fn set_identity(key: usize, value: Option<String>) {
    if let Some(key) = Key::ALL.get(key) {
        change_identity(|identity| identity.set(*key, value.as_deref()));
    }
}

/// Applies an id and traits (an object as JSON text) as `identify` and `group` do.
#[expect(
    clippy::needless_pass_by_value,
    reason = "wasm-bindgen hands over owned strings only"
)]
#[wasm_bindgen]
pub fn assume(group: bool, id: Option<String>, traits: &str) {
    change_identity(|identity| {
        if group {
            identity.group(id.as_deref(), traits);
        } else {
            identity.identify(id.as_deref(), traits);
        }
    });
}

/// Forgets the visitor, or the group, in memory and in the stores.
#[wasm_bindgen(js_name = resetProfile)]
pub fn reset_profile(group: bool) {
    change_identity(|identity| {
        if group {
            identity.reset_group();
        } else {
            identity.reset_user();
        }
    });
}

/// Reads the stored identity again, which another tab has changed.
#[wasm_bindgen(js_name = reloadIdentity)]
pub fn reload_identity() {
    let delivery = started();
    let mut client = delivery.client.borrow_mut();
    let identity = load_identity(client.settings(), &delivery.store);
    client.identity = identity;
}

/// Records a call (see `waymark_core::call`) made at `now_ms` and gives its event as JSON text.
/// The event's number is [`last_seq`], which stays the same if the call keeps the event from
/// Segment. The event is sent in a later task of the page.
///
/// # Errors
/// The text of the rejection, if the call makes no event or one that is too large.
#[wasm_bindgen]
pub fn call(call: &str, now_ms: f64) -> Result<String, JsValue> {
    let delivery = started();
    let recorded = delivery.client.borrow_mut().record(call, now_ms, uuid);
    store_identity(delivery);
    delivery.queue_pump();
    recorded.map_err(rejection)
}

/// Makes the event of a call made at `now_ms` and applies the call to the identity, but does not
/// queue the event yet. Gives the event as JSON text.
///
/// # Errors
/// The text of the rejection, if the call makes no event.
#[wasm_bindgen]
pub fn build(call: &str, now_ms: f64) -> Result<String, JsValue> {
    let delivery = started();
    let built = delivery.client.borrow_mut().build(call, now_ms, uuid);
    store_identity(delivery);
    built.map_err(rejection)
}

/// Queues an event (JSON text) recorded at `now_ms`, and gives its number: 1 for the first, then
/// one more each time. The event is sent in a later task of the page.
///
/// # Errors
/// The text of the rejection, if the event is too large for any server.
#[wasm_bindgen]
pub fn enqueue(event: String, now_ms: f64) -> Result<u32, JsValue> {
    let delivery = started();
    let event = with_message_id(event, now_ms, &mut uuid);
    let taken = delivery.outbox(|outbox| outbox.enqueue(event, now_ms));
    delivery.queue_pump();
    taken.map_err(rejection)
}

/// Queues an event from the journal of an earlier page, recorded at `recorded_at_ms`, and gives
/// its number here. Call this in the order in which the events were recorded.
#[wasm_bindgen]
pub fn restore(event: String, recorded_at_ms: f64) -> u32 {
    let delivery = started();
    let event = with_message_id(event, recorded_at_ms, &mut uuid);
    let seq = delivery.outbox(|outbox| outbox.restore(event, recorded_at_ms));
    delivery.queue_pump();
    seq
}

/// The number of the newest event; 0 before the first.
#[wasm_bindgen(js_name = lastSeq)]
pub fn last_seq() -> u32 {
    started().outbox(|outbox| outbox.last_seq())
}

/// Has `listener(seqs, fate, status)` called with each settlement: the numbers of its events (a
/// `Uint32Array`), the name of their `Fate` (see `waymark_core::settlement`), and the HTTP status
/// of the answer, 0 without one. `paused` comes without numbers.
#[wasm_bindgen(js_name = onSettled)]
pub fn on_settled(listener: Function) {
    started().on_settled.replace(Some(listener));
}

/// Has `send(url, init, detour)` called for each request, which gives the promise of a response
/// and may change the `RequestInit`. With `detour` it avoids the page's own `fetch`. Once its `text`
/// is read, the response may have `turnedAway`: a character for each event of the request, U+0000
/// or, of one that was turned away, that of the number below 100 to tell with its settlement. Until
/// this is called, requests fail.
#[wasm_bindgen(js_name = requestsBy)]
pub fn requests_by(send: Function) {
    started().send.replace(Some(send));
}

/// The counts of the delivery report, in the order of `waymark_core::ledger::Ledger::counts`.
#[wasm_bindgen]
pub fn delivery() -> Vec<u32> {
    let counts = started().outbox(|outbox| outbox.ledger().counts(outbox.pending()));
    counts.iter().map(|(_, count)| *count).collect()
}

/// Gives up the events of these numbers, which another page took over while this one was away.
#[wasm_bindgen]
pub fn forget(seqs: &[u32]) {
    let delivery = started();
    delivery.outbox(|outbox| outbox.forget(seqs));
    delivery.tell();
}

/// The page is hidden: sends the waiting events now.
#[wasm_bindgen]
pub fn hide() {
    started().hide();
}

/// The page is being left: hands the waiting events to the browser as beacons, as far as it
/// takes them.
#[wasm_bindgen]
pub fn leave() {
    let delivery = started();
    delivery.leaving.set(true);
    delivery.leave();
}

/// The page lives on, but another page may have taken over the waiting events: sends nothing
/// until [`wake`].
#[wasm_bindgen]
pub fn hold() {
    let delivery = started();
    delivery.held.set(true);
    delivery.leaving.set(false);
}

/// The page lives on (`returned`), or the network is back: sends the waiting events at once.
#[wasm_bindgen]
pub fn wake(returned: bool) {
    let delivery = started();
    if returned {
        delivery.held.set(false);
        delivery.outbox(Outbox::returned);
    } else {
        delivery.outbox(Outbox::wake);
    }
    delivery.pump();
}
