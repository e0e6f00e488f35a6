//! What the facade calls: functions over the one [`Engine`] of this instance of the module.

use std::cell::Cell;

use js_sys::Function;
use wasm_bindgen::prelude::*;
use waymark_core::stored::Key;

use crate::engine::Engine;

thread_local! {
    static ENGINE: Cell<Option<Engine>> = const { Cell::new(None) };
}

/// The engine that was started; one without settings where nobody has.
fn engine() -> Engine {
    ENGINE.get().unwrap_or_else(|| begin("{}"))
}

fn begin(settings: &str) -> Engine {
    let engine = Engine::new(settings);
    ENGINE.set(Some(engine));
    engine
}

/// Starts the instance's client; see [`Engine::new`].
#[wasm_bindgen]
pub fn start(settings: &str) {
    begin(settings);
}

/// See [`Engine::set_page`].
#[wasm_bindgen(js_name = setPage)]
pub fn set_page(facts: &str) {
    engine().set_page(facts);
}

/// See [`Engine::identity`]; `key` is a place in [`Key::ALL`].
#[wasm_bindgen]
pub fn identity(key: usize) -> Option<String> {
    engine().identity(*Key::ALL.get(key)?)
}

/// See [`Engine::set_identity`]; `key` is a place in [`Key::ALL`].
#[expect(
    clippy::needless_pass_by_value,
    reason = "wasm-bindgen hands over owned strings only"
)]
#[wasm_bindgen(js_name = setIdentity)]
pub fn set_identity(key: usize, value: Option<String>) {
    if let Some(key) = Key::ALL.get(key) {
        engine().set_identity(*key, value.as_deref());
    }
}

/// See [`Engine::assume`].
#[expect(
    clippy::needless_pass_by_value,
    reason = "wasm-bindgen hands over owned strings only"
)]
#[wasm_bindgen]
pub fn assume(group: bool, id: Option<String>, traits: &str) {
    engine().assume(group, id.as_deref(), traits);
}

/// See [`Engine::reset_profile`].
#[wasm_bindgen(js_name = resetProfile)]
pub fn reset_profile(group: bool) {
    engine().reset_profile(group);
}

/// See [`Engine::reload_identity`].
#[wasm_bindgen(js_name = reloadIdentity)]
pub fn reload_identity() {
    engine().reload_identity();
}

/// See [`Engine::call`].
///
/// # Errors
/// The text of the rejection, where the call is no event.
#[wasm_bindgen]
pub fn call(call: &str, now_ms: f64) -> Result<String, JsValue> {
    engine().call(call, now_ms)
}

/// See [`Engine::build`].
///
/// # Errors
/// The text of the rejection, where the call is no event.
#[wasm_bindgen]
pub fn build(call: &str, now_ms: f64) -> Result<String, JsValue> {
    engine().build(call, now_ms)
}

/// See [`Engine::enqueue`].
///
/// # Errors
/// The text of the rejection, where no server would take the event.
#[wasm_bindgen]
pub fn enqueue(event: String, now_ms: f64) -> Result<u32, JsValue> {
    engine().enqueue(event, now_ms)
}

/// See [`Engine::restore`].
#[wasm_bindgen]
pub fn restore(event: String, recorded_at_ms: f64) -> u32 {
    engine().restore(event, recorded_at_ms)
}

/// See [`Engine::last_seq`].
#[wasm_bindgen(js_name = lastSeq)]
pub fn last_seq() -> u32 {
    engine().last_seq()
}

/// See [`Engine::on_settled`].
#[wasm_bindgen(js_name = onSettled)]
pub fn on_settled(listener: Function) {
    engine().on_settled(listener);
}

/// See [`Engine::prepare_requests`].
#[wasm_bindgen(js_name = prepareRequests)]
pub fn prepare_requests(prepare: Function) {
    engine().prepare_requests(prepare);
}

/// See [`Engine::delivery`].
#[wasm_bindgen]
pub fn delivery() -> Vec<u32> {
    engine().delivery()
}

/// See [`Engine::forget`].
#[wasm_bindgen]
pub fn forget(seqs: &[u32]) {
    engine().forget(seqs);
}

/// See [`Engine::hide`].
#[wasm_bindgen]
pub fn hide() {
    engine().hide();
}

/// See [`Engine::leave`].
#[wasm_bindgen]
pub fn leave() {
    engine().leave();
}

/// See [`Engine::hold`].
#[wasm_bindgen]
pub fn hold() {
    engine().hold();
}

/// See [`Engine::wake`].
#[wasm_bindgen]
pub fn wake(returned: bool) {
    engine().wake(returned);
}
