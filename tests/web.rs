//! The shell in headless Chromium: real cookies, real localStorage, real random numbers.
#![cfg(target_arch = "wasm32")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use gloo_storage::{LocalStorage, Storage as _};
use gloo_timers::future::TimeoutFuture;
use serde::Deserialize;
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use waymark::engine;
use waymark_core::stored::Key;
use web_sys::HtmlDocument;

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen(module = "/pkg/wasm/web-browser.js")]
extern "C" {
    #[wasm_bindgen(js_name = openBrowser)]
    fn open(pump: JsValue);
    /// The bodies of the requests since [`open`].
    fn posted() -> Vec<String>;
}

/// Gives the engine the browser of this page, but for the network.
fn open_browser() {
    open(Closure::<dyn FnMut()>::new(engine::pump).into_js_value());
}

const VECTORS: &str = include_str!("vectors/events.json");
const NOW_MS: f64 = 1_795_231_923_636.0;

/// The members of an event that these tests read.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Event {
    message_id: String,
    user_id: Option<String>,
    anonymous_id: String,
    timestamp: String,
}

fn event(text: &str) -> Event {
    let value = js_sys::JSON::parse(text).unwrap();
    serde_wasm_bindgen::from_value(value).unwrap()
}

fn document() -> HtmlDocument {
    web_sys::window()
        .unwrap()
        .document()
        .unwrap()
        .unchecked_into()
}

fn cookies() -> String {
    document().cookie().unwrap()
}

fn forget_everything() {
    LocalStorage::clear();
    for name in ["ajs_anonymous_id", "ajs_user_id", "ajs_group_id"] {
        let gone = [name, "=; path=/; max-age=0"].concat();
        document().set_cookie(&gone).unwrap();
    }
}

/// Starts a page's engine, whose events go to a closed port.
fn start() {
    open_browser();
    assert!(engine::start(
        r#"{"writeKey":"WK","endpoint":"http://127.0.0.1:9/v1/b","host":"127.0.0.1"}"#
    ));
}

/// A value of the identity.
fn identity(key: Key) -> Option<String> {
    engine::identity(Key::ALL.iter().position(|one| *one == key).unwrap())
}

#[wasm_bindgen_test]
fn starting_writes_nothing_and_the_first_event_makes_the_visitor() {
    forget_everything();
    start();
    assert_eq!(LocalStorage::length(), 0);
    assert_eq!(cookies(), "");
    let event = event(&engine::call("track\n\"E\"", NOW_MS));
    assert_eq!(event.timestamp, "2026-11-21T03:32:03.636Z");
    assert_eq!(event.user_id, None);
    assert_eq!(
        cookies(),
        ["ajs_anonymous_id=", &event.anonymous_id].concat()
    );
    let stored: String = LocalStorage::get("ajs_anonymous_id").unwrap();
    assert_eq!(stored, event.anonymous_id);
    assert_eq!(
        LocalStorage::raw()
            .get_item("ajs_user_id")
            .unwrap()
            .as_deref(),
        Some("null")
    );
}

#[wasm_bindgen_test]
fn a_later_page_knows_the_visitor_and_reset_forgets_them() {
    forget_everything();
    start();
    engine::call("identify\n\"u ü;1\"\n{\"plan\":\"pro\"}", NOW_MS);
    let anonymous_id = identity(Key::AnonymousId);
    start();
    assert_eq!(identity(Key::UserId).as_deref(), Some("u ü;1"));
    assert_eq!(identity(Key::AnonymousId), anonymous_id);
    assert_eq!(
        identity(Key::UserTraits).as_deref(),
        Some(r#"{"plan":"pro"}"#)
    );
    assert!(cookies().contains("ajs_user_id=u%20%C3%BC%3B1"));
    engine::reset_profile(false);
    engine::reset_profile(true);
    assert_eq!(LocalStorage::length(), 0);
    assert_eq!(cookies(), "");
    assert_eq!(identity(Key::UserId), None);
    assert_ne!(identity(Key::AnonymousId), anonymous_id);
}

#[wasm_bindgen_test]
fn another_tabs_logout_is_taken_over() {
    forget_everything();
    start();
    engine::call("identify\n\"u1\"", NOW_MS);
    forget_everything();
    engine::reload_identity();
    let event = event(&engine::call("track\n\"E\"", NOW_MS));
    assert_eq!(event.user_id, None);
}

#[wasm_bindgen_test]
fn message_ids_are_random_and_look_like_those_of_analytics_next() {
    forget_everything();
    start();
    let mut ids: Vec<String> = (0..500)
        .map(|_| event(&engine::call("track\n\"E\"", NOW_MS)).message_id)
        .collect();
    let form = js_sys::RegExp::new(
        "^ajs-next-\\d{13}-[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$",
        "",
    );
    assert!(ids.iter().all(|id| form.test(id)));
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 500);
}

#[wasm_bindgen_test]
async fn a_burst_of_calls_is_one_request_in_a_later_task() {
    forget_everything();
    start();
    for name in ["A", "B", "C"] {
        engine::call(&["track\n\"", name, "\""].concat(), js_sys::Date::now());
    }
    assert!(posted().is_empty());
    TimeoutFuture::new(0).await;
    let bodies = posted();
    assert_eq!(bodies.len(), 1);
    assert_eq!(bodies[0].matches("\"messageId\"").count(), 3);
}

#[wasm_bindgen_test]
fn a_track_call_without_a_name_is_rejected_and_not_counted() {
    start();
    assert_eq!(engine::call("track", NOW_MS), "Event missing");
    assert_eq!(engine::delivery()[0], 0);
}

/// The text of a call, as the facade encodes it.
fn encode(call: &js_sys::Array) -> String {
    let mut text = call.get(0).as_string().unwrap();
    for arg in call.iter().skip(1) {
        text.push('\n');
        if arg.as_f64().is_some() {
            text.push('n');
        }
        text.push_str(&String::from(js_sys::JSON::stringify(&arg).unwrap()));
    }
    text
}

fn member(object: &JsValue, key: &str) -> JsValue {
    js_sys::Reflect::get(object, &JsValue::from_str(key)).unwrap()
}

fn text_of(value: &JsValue) -> String {
    String::from(js_sys::JSON::stringify(value).unwrap())
}

#[wasm_bindgen_test]
fn every_vector_becomes_its_events_in_the_browser_too() {
    let vectors = js_sys::JSON::parse(VECTORS).unwrap();
    let page: Vec<String> = serde_wasm_bindgen::from_value(member(&vectors, "page")).unwrap();
    let page = page.join("\0");
    open_browser();
    let plain = text_of(&member(&vectors, "plainContext"));
    for case in js_sys::Array::from(&member(&vectors, "cases")).iter() {
        forget_everything();
        let name = text_of(&member(&case, "name"));
        assert!(engine::start(&text_of(&member(&vectors, "settings"))));
        engine::set_page(&page);
        let calls = js_sys::Array::from(&member(&case, "calls"));
        let events = js_sys::Array::from(&member(&case, "events"));
        for (call, expected) in calls.iter().zip(events.iter()) {
            let recorded = engine::call(&encode(&call.into()), NOW_MS);
            let recorded = js_sys::JSON::parse(&recorded).unwrap();
            for key in js_sys::Object::keys::<js_sys::Object>(expected.unchecked_ref()).iter() {
                let key = key.as_string().unwrap();
                let value = text_of(&member(&recorded, &key));
                let expected = text_of(&member(&expected, &key));
                match expected.as_str() {
                    "\"<plain>\"" => assert_eq!(value, plain, "{name}"),
                    "\"<now>\"" => assert_eq!(value, "\"2026-11-21T03:32:03.636Z\"", "{name}"),
                    "\"<message id>\"" => assert!(value.starts_with("\"ajs-next-"), "{name}"),
                    "\"<anonymous id>\"" => assert_eq!(value.len(), 38, "{name}"),
                    _ => assert_eq!(value, expected, "{name}: {key}"),
                }
            }
        }
    }
}
