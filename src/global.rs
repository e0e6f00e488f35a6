//! The parts of the browser that the shell uses; a worker lacks some of them.

use wasm_bindgen::prelude::*;
use web_sys::{HtmlDocument, Navigator, Storage};

#[wasm_bindgen]
extern "C" {
    /// `globalThis`.
    pub type Global;
    #[wasm_bindgen(thread_local_v2, js_name = globalThis)]
    pub static GLOBAL: Global;
    /// `localStorage`, which throws where storage is blocked.
    #[wasm_bindgen(method, getter, catch, js_name = localStorage)]
    pub fn local_storage(this: &Global) -> Result<Option<Storage>, JsValue>;
    /// `document`.
    #[wasm_bindgen(method, getter)]
    pub fn document(this: &Global) -> Option<HtmlDocument>;
    /// `navigator`.
    #[wasm_bindgen(method, getter)]
    pub fn navigator(this: &Global) -> Option<Navigator>;
}
