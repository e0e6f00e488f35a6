//! Customers as `tests/vectors/commercetools.json` has them.

use std::path::PathBuf;

use serde_json::{Value, json};
use waymark_commercetools::{Mapped, Object, Options, events_of, traits_of};

pub(crate) fn vectors() -> Value {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let path = path.join("../../tests/vectors/commercetools.json");
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

pub(crate) fn object(value: &Value) -> Object {
    value.as_object().unwrap().clone()
}

#[test]
fn each_customer_has_the_traits_of_the_vectors() {
    let vectors = vectors();
    let cases = vectors["customers"].as_array().unwrap();
    assert!(cases.len() > 10);
    for case in cases {
        let options = case.get("options").cloned().unwrap_or(json!({}));
        let options: Options = serde_json::from_value(options).unwrap();
        let customer = object(&case["customer"]);
        let traits = Value::Object(traits_of(&customer, &options));
        assert_eq!(traits, case["traits"], "{}: {traits}", case["title"]);
        let body = json!({ "type": "customer.updated", "customer": customer });
        let user = match events_of(&object(&body), &options) {
            Ok(Mapped::Events(events)) => json!(events[0].get("userId")),
            Ok(Mapped::Ignored(why)) => panic!("{why}"),
            Err(refusal) => {
                assert_eq!(refusal.code, "missing_email");
                Value::Null
            }
        };
        assert_eq!(user, case["userId"], "{}", case["title"]);
    }
}
