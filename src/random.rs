//! Random UUIDs from the browser.

use wasm_bindgen::prelude::*;
use waymark_core::uuid_text::uuid_v4;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = crypto, js_name = getRandomValues, catch)]
    fn fill_random(bytes: &mut [u8]) -> Result<(), JsValue>;
}

/// A version 4 UUID. `Math.random` is mixed in, which takes nothing from good bytes: `crypto` may
/// be missing, or the page's own and not fill anything.
pub fn uuid() -> String {
    let mut bytes = [0; 16];
    _ = fill_random(&mut bytes);
    for byte in &mut bytes {
        *byte ^= weak_byte();
    }
    uuid_v4(bytes)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the product is within 0 and 256"
)]
fn weak_byte() -> u8 {
    (js_sys::Math::random() * 256.0) as u8
}
