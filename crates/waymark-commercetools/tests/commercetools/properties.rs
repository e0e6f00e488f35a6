//! What holds for whatever is sent.

use proptest::prelude::*;
use serde_json::{Map, Value, json};
use waymark_commercetools::{Envelope, Mapped, Options, events_of, open};

use crate::golden::samples;

/// Any JSON, of few and known names.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 6, |inner| {
        let name = prop::sample::select(vec![
            "centAmount",
            "fractionDigits",
            "preciseAmount",
            "value",
            "id",
            "key",
            "name",
            "obj",
            "email",
            "addresses",
            "quantity",
            "price",
            "en",
        ]);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((name, inner), 0..6).prop_map(|members| {
                let members = members
                    .into_iter()
                    .map(|(name, value)| (name.to_owned(), value));
                Value::Object(members.collect::<Map<_, _>>())
            }),
        ]
    })
}

/// A sample in which some members, at any depth, are something else.
fn broken(value: &mut Value, at: &mut dyn FnMut() -> Option<Value>) {
    if let Some(other) = at() {
        *value = other;
        return;
    }
    match value {
        Value::Object(members) => members.values_mut().for_each(|one| broken(one, at)),
        Value::Array(items) => items.iter_mut().for_each(|one| broken(one, at)),
        _ => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_broken_message_is_refused_or_makes_events_that_are_whole(
        number in 0..samples().len(),
        others in prop::collection::vec((0_usize..60, any_json()), 0..4),
    ) {
        let mut body = samples()[number]["body"].clone();
        let mut place = 0;
        broken(&mut body, &mut || {
            place += 1;
            let other = others.iter().find(|(at, _)| at + 2 == place);
            other.map(|(_, value)| value.clone())
        });
        let Ok(envelope) = open(&body.to_string()) else { return Ok(()) };
        let messages = match envelope {
            Envelope::Sns(_) => return Ok(()),
            Envelope::Extension(input) => vec![input],
            Envelope::Messages(_, messages) => messages,
        };
        for message in &messages {
            let first = events_of(message, &Options::default());
            prop_assert_eq!(&first, &events_of(message, &Options::default()));
            let Ok(Mapped::Events(events)) = first else { continue };
            for event in events {
                let text = |name: &str| event.get(name).and_then(Value::as_str);
                prop_assert!(text("userId").or(text("anonymousId")).is_some_and(|id| !id.is_empty()));
                let id = text("messageId").unwrap_or_default();
                prop_assert!(!id.is_empty() && id.chars().count() <= 100);
                prop_assert!(!json!(event).to_string().contains("password"));
            }
        }
    }

    #[test]
    fn no_text_is_too_odd_to_be_answered(text in "\\PC{0,64}") {
        let _ = open(&text);
    }
}
