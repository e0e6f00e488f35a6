//! The encoding of ids in cookies: vectors that the SDK, the gateway and `waymark/server` share.

use serde_json::Value;
use waymark_core::cookie;

const VECTORS: &str = include_str!("../../../tests/vectors/cookies.json");

fn found(text: &str) -> Option<String> {
    cookie::find(&format!("before=1; id={text}; after=2"), "id")
}

#[test]
fn ids_are_encoded_in_cookies_as_the_vectors_say() {
    let vectors: Value = serde_json::from_str(VECTORS).unwrap();
    for case in vectors["cookies"].as_array().unwrap() {
        let (id, text) = (case["id"].as_str().unwrap(), case["text"].as_str().unwrap());
        assert_eq!(cookie::encode(id), text);
        assert_eq!(found(text).as_deref(), Some(id));
    }
    for case in vectors["read"].as_array().unwrap() {
        let text = case["text"].as_str().unwrap();
        assert_eq!(found(text).as_deref(), case["id"].as_str(), "{text}");
    }
}
