//! The engine: the functions that the facade calls. They work on the one client of this
//! instance of the module: each hands its arguments to the core and does what the core asks for.
//! As in [`crate::browser`], only texts and numbers cross.

use std::cell::Cell;
use std::rc::Rc;

use wasm_bindgen::prelude::*;
use waymark_core::client::Client;
use waymark_core::error::CallError;
use waymark_core::event::with_message_id;
use waymark_core::identity::Identity;
use waymark_core::outbox::Outbox;
use waymark_core::page::PageFacts;
use waymark_core::retry::Outcome;
use waymark_core::settings::Settings;
use waymark_core::stored::Key;

use crate::browser::uuid;
use crate::delivery::Delivery;
use crate::storage::IdentityStore;

thread_local! {
    static STARTED: Cell<Option<&'static Delivery>> = const { Cell::new(None) };
}

/// The started client with its delivery; a client without settings before [`start`].
fn started() -> &'static Delivery {
    STARTED.get().unwrap_or_else(|| begin("{}"))
}

fn begin(settings: &str) -> &'static Delivery {
    let settings = Rc::new(Settings::from_json(settings));
    let store = IdentityStore::open(Rc::clone(&settings));
    let identity = load_identity(&settings, &store);
    if let Some(referrer) = &settings.ad_referrer {
        store.write_ad_referrer(referrer);
    }
    let client = Client::new(settings, identity);
    let delivery: &'static Delivery = Box::leak(Box::new(Delivery::new(client, store)));
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

/// An event, or the text of the rejection, which no brace begins.
fn event_or_rejection(made: Result<String, CallError>) -> String {
    made.unwrap_or_else(|error| error.message().to_owned())
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
/// Segment. The event is sent in a later task of the page. If the call makes no event, or one that
/// is too large, gives the text of the rejection instead, which no brace begins.
#[wasm_bindgen]
pub fn call(call: &str, now_ms: f64) -> String {
    let delivery = started();
    let recorded = delivery.client.borrow_mut().record(call, now_ms, uuid);
    store_identity(delivery);
    delivery.queue_pump();
    event_or_rejection(recorded)
}

/// Makes the event of a call made at `now_ms` and applies the call to the identity, but does not
/// queue the event yet. Gives what [`call`] gives.
#[wasm_bindgen]
pub fn build(call: &str, now_ms: f64) -> String {
    let delivery = started();
    let built = delivery.client.borrow_mut().build(call, now_ms, uuid);
    store_identity(delivery);
    event_or_rejection(built)
}

/// Queues an event (JSON text) recorded at `now_ms`, whose number is [`last_seq`] then: 1 for the
/// first, one more each time. The event is sent in a later task of the page. Gives the text of the
/// rejection if the event is too large for any server.
#[wasm_bindgen]
pub fn enqueue(event: String, now_ms: f64) -> Option<String> {
    let delivery = started();
    let event = with_message_id(event, now_ms, &mut uuid);
    let taken = delivery.outbox(|outbox| outbox.enqueue(event, now_ms));
    delivery.queue_pump();
    taken.err().map(|error| error.message().to_owned())
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

/// Does what is due: `browser::pump_soon` and `browser::pump_after` have this called.
#[wasm_bindgen]
pub fn pump() {
    started().pump();
}

/// The request of `browser::post` has ended, with this HTTP status, or 0 if there is no readable
/// answer. `retry_after_ms` is negative or no number where the server does not ask for time;
/// `foreign` says that the answer is not the API's. `turned_away` has a character for each event
/// of the request, U+0000 or, of one that was turned away, that of the number below 100 to tell
/// with its settlement.
#[wasm_bindgen]
pub fn answered(request: u32, status: u16, retry_after_ms: f64, foreign: bool, turned_away: &str) {
    let outcome = match status {
        0 => Outcome::Unanswered,
        status => Outcome::Answered {
            status,
            retry_after_ms: (retry_after_ms >= 0.0).then_some(retry_after_ms),
            foreign,
        },
    };
    started().answered(request, outcome, turned_away);
}
