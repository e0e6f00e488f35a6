//! The one place that sends: fetch while the page lives, sendBeacon when it is left. Every
//! request is CORS-simple (text/plain, the write key in the body), so none has a preflight.

use js_sys::{Date, Promise};
use wasm_bindgen::prelude::*;
use waymark_core::limits;
use waymark_core::retry::{Outcome, retry_after_seconds};
use web_sys::{RequestInit, Response};

#[wasm_bindgen]
extern "C" {
    // The global one, which a worker has too.
    #[wasm_bindgen(catch)]
    fn fetch(url: &str, init: &RequestInit) -> Result<Promise, JsValue>;

    /// `RequestInit` with the member that web-sys does not know.
    type KeepaliveInit;
    #[wasm_bindgen(method, setter)]
    fn set_keepalive(this: &KeepaliveInit, keepalive: bool);
}

/// Starts a request. It survives the page (`keepalive`) where its size lets it.
///
/// # Errors
/// Whatever `fetch` throws, when it is missing or was replaced by the page.
pub fn post(url: &str, body: &str) -> Result<Promise, JsValue> {
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_body(&JsValue::from_str(body));
    let small = body.len() <= limits::KEEPALIVE_SIZE_BYTES_MAX;
    init.unchecked_ref::<KeepaliveInit>().set_keepalive(small);
    fetch(url, &init)
}

/// Hands `body` to the browser for delivery after the page; `false` where it refuses.
pub fn beacon(url: &str, body: &str) -> bool {
    web_sys::window()
        .and_then(|window| {
            window
                .navigator()
                .send_beacon_with_opt_str(url, Some(body))
                .ok()
        })
        .unwrap_or(false)
}

/// Reads what the server answered. A redirect or a page of HTML is not the API's answer.
pub fn outcome(response: &JsValue) -> Outcome {
    let response: &Response = response.unchecked_ref();
    let header = |name| response.headers().get(name).ok().flatten();
    let html = header("content-type").is_some_and(|kind| kind.starts_with("text/html"));
    Outcome::Answered {
        status: response.status(),
        retry_after_ms: header("retry-after").and_then(|text| retry_after_ms(&text)),
        foreign: html || response.redirected(),
    }
}

/// `Retry-After` in milliseconds, from seconds or from an HTTP date.
fn retry_after_ms(header: &str) -> Option<f64> {
    retry_after_seconds(header)
        .map(|seconds| seconds * 1000.0)
        .or_else(|| Some(Date::parse(header) - Date::now()))
        .filter(|wait_ms| wait_ms.is_finite())
}
