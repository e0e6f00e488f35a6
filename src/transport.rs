//! The one place that sends: by the facade's `pkg/src/core/request.ts` while the page lives, by
//! sendBeacon when it is left or no request is answered. Every request is CORS-simple (text/plain,
//! the write key in the body), so none needs a preflight.
//!
//! The page may have replaced what the facade sends with, so any answer is handled.

use js_sys::{Date, Function, Promise, Reflect};
use wasm_bindgen::prelude::*;
use waymark_core::retry::{Outcome, retry_after_seconds};
use web_sys::RequestInit;

use crate::global::{GLOBAL, Global};

#[wasm_bindgen]
extern "C" {
    /// `RequestInit` with the members that web-sys does not know or wants a feature for.
    type FetchInit;
    #[wasm_bindgen(method, setter)]
    fn set_keepalive(this: &FetchInit, keepalive: bool);
    #[wasm_bindgen(method, setter)]
    fn set_signal(this: &FetchInit, signal: &JsValue);

    /// Ends a request before its time.
    #[derive(Debug)]
    pub type AbortController;
    #[wasm_bindgen(constructor, catch)]
    fn new() -> Result<AbortController, JsValue>;
    #[wasm_bindgen(method, getter)]
    fn signal(this: &AbortController) -> JsValue;
    /// Ends the request.
    #[wasm_bindgen(method)]
    pub fn abort(this: &AbortController);
}

/// A request that was started.
#[derive(Debug)]
pub struct Posted {
    /// The promise of its response.
    pub response: Promise,
    /// Ends it, if the browser has that.
    pub controller: Option<AbortController>,
    /// Whether it survives the page.
    pub keepalive: bool,
}

/// Starts a request by `send(url, init, detour)`, which may change its `RequestInit`; see
/// `engine::requests_by`.
pub fn post(
    url: &str,
    body: &str,
    keepalive: bool,
    detour: bool,
    send: Option<&Function>,
) -> Posted {
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_body(&JsValue::from_str(body));
    let more: &FetchInit = init.unchecked_ref();
    more.set_keepalive(keepalive);
    let controller = AbortController::new().ok();
    if let Some(controller) = &controller {
        more.set_signal(&controller.signal());
    }
    let sent = send.map_or(Err(JsValue::UNDEFINED), |send| {
        send.call3(&JsValue::UNDEFINED, &url.into(), &init, &detour.into())
    });
    Posted {
        response: match sent {
            Ok(response) => Promise::resolve(&response),
            Err(error) => Promise::reject(&error),
        },
        controller,
        keepalive: keepalive && get(&init, "keepalive").is_truthy(),
    }
}

/// Whether the browser has a network, as far as it knows.
pub fn is_online() -> bool {
    let navigator = GLOBAL.with(Global::navigator);
    navigator.is_none_or(|navigator| navigator.on_line())
}

/// Hands `body` to the browser for delivery after the page; `false` where it refuses.
pub fn beacon(url: &str, body: &str) -> bool {
    let navigator = GLOBAL.with(Global::navigator);
    navigator.is_some_and(|navigator| {
        let taken = navigator.send_beacon_with_opt_str(url, Some(body));
        taken.unwrap_or(false)
    })
}

/// Reads the body of a response to its end, until which the request is in flight. `None` if the
/// response has no body to read.
pub fn drain(response: &JsValue) -> Option<Promise> {
    Some(Promise::resolve(&call(
        response,
        "text",
        &JsValue::UNDEFINED,
    )?))
}

/// What [`drain`] read of the events that the server turned away, for `Outbox::finish`.
pub fn turned_away(response: &JsValue) -> String {
    let numbers = get(response, "turnedAway").as_string();
    numbers.unwrap_or_default()
}

/// Reads the server's answer. A redirect or a page of HTML is not the API's answer, and a value
/// without a status is no answer.
pub fn outcome(response: &JsValue) -> Outcome {
    let Some(status) = get(response, "status").as_f64() else {
        return Outcome::Unanswered;
    };
    let headers = get(response, "headers");
    let header = |name: &str| call(&headers, "get", &JsValue::from_str(name))?.as_string();
    let html = header("content-type").is_some_and(|kind| kind.starts_with("text/html"));
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "saturates"
    )]
    Outcome::Answered {
        status: status as u16,
        retry_after_ms: header("retry-after").and_then(|text| retry_after_ms(&text)),
        foreign: html || get(response, "redirected").is_truthy(),
    }
}

/// A member of any value; `undefined` if it is missing.
fn get(object: &JsValue, key: &str) -> JsValue {
    Reflect::get(object, &JsValue::from_str(key)).unwrap_or(JsValue::UNDEFINED)
}

/// The result of a method of any value; `None` if it is missing or throws.
fn call(object: &JsValue, method: &str, arg: &JsValue) -> Option<JsValue> {
    let method: Function = get(object, method).dyn_into().ok()?;
    method.call1(object, arg).ok()
}

/// `Retry-After` in milliseconds, from seconds or from an HTTP date.
fn retry_after_ms(header: &str) -> Option<f64> {
    retry_after_seconds(header)
        .map(|seconds| seconds * 1000.0)
        .or_else(|| Some(Date::parse(header) - Date::now()))
        .filter(|wait_ms| wait_ms.is_finite())
}
