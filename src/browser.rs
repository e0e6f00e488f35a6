//! The browser, as far as the shell needs it: the functions of `pkg/src/core/browser.ts`, which never
//! throw. Only texts and numbers cross: any other value has glue of its own on both sides.

use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// Milliseconds since 1970.
    #[wasm_bindgen(js_namespace = browser, js_name = nowMs)]
    pub fn now_ms() -> f64;

    /// A random number from 0 to 1, good enough to spread retries.
    #[wasm_bindgen(js_namespace = browser)]
    pub fn random() -> f64;

    /// A random UUID, version 4.
    #[wasm_bindgen(js_namespace = browser)]
    pub fn uuid() -> String;

    /// Has [`crate::engine::pump`] called at the end of the page's current task.
    #[wasm_bindgen(js_namespace = browser, js_name = pumpSoon)]
    pub fn pump_soon();

    /// Has [`crate::engine::pump`] called once, after `delay_ms`. The last call of this counts.
    #[wasm_bindgen(js_namespace = browser, js_name = pumpAfter)]
    pub fn pump_after(delay_ms: f64);

    /// Sends a request, whose end [`crate::engine::answered`] is told in a later task. With
    /// `detour` it avoids the page's own `fetch`. Whether it outlives the page, for which
    /// `keepalive` asks.
    #[wasm_bindgen(js_namespace = browser)]
    pub fn post(request: u32, url: &str, body: &str, keepalive: bool, detour: bool) -> bool;

    /// Hands `body` to the browser for delivery after the page; `false` where it refuses.
    #[wasm_bindgen(js_namespace = browser)]
    pub fn beacon(url: &str, body: &str) -> bool;

    /// Whether the browser has a network, as far as it knows.
    #[wasm_bindgen(js_namespace = browser, js_name = isOnline)]
    pub fn is_online() -> bool;

    /// Tells the facade a settlement: the numbers of its events, the name of their `Fate` (see
    /// `waymark_core::settlement`), and the HTTP status of the answer, 0 without one. `paused`
    /// comes without numbers.
    #[wasm_bindgen(js_namespace = browser)]
    pub fn settled(seqs: &[u32], fate: &str, status: u16);

    /// Whether the page may use localStorage.
    #[wasm_bindgen(js_namespace = browser, js_name = hasLocalStorage)]
    pub fn has_local_storage() -> bool;

    /// A value of localStorage; `None` without one, and, if `json`, for what is no JSON.
    #[wasm_bindgen(js_namespace = browser, js_name = localItem)]
    pub fn local_item(name: &str, json: bool) -> Option<String>;

    /// Sets or removes a value of localStorage, if that takes it.
    #[wasm_bindgen(js_namespace = browser, js_name = setLocalItem)]
    pub fn set_local_item(name: &str, value: Option<&str>);

    /// The document's cookies; empty without a document.
    #[wasm_bindgen(js_namespace = browser)]
    pub fn cookies() -> String;

    /// Assigns to the document's cookies.
    #[wasm_bindgen(js_namespace = browser, js_name = setCookie)]
    pub fn set_cookie(assignment: &str);
}
