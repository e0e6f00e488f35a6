//! Plans beyond the vectors: places, what is taken out, and what a check may cost.

#![expect(
    clippy::unwrap_used,
    reason = "tests fail by panicking; clippy.toml allows it only in test functions"
)]

use proptest::prelude::*;
use serde_json::{Value, json};
use waymark_plan::{PROBLEMS_MAX, Plan};

const PLAN: &str = include_str!("../../../tests/plan/plan.json");

fn plan() -> Plan {
    Plan::parse(PLAN).unwrap()
}

#[test]
fn a_problem_has_a_place_that_no_event_can_make_up() {
    let properties = json!({
        "cart_id": 1,
        "products": [
            { "product_id": "p", "price": 1, "u-1": 0 },
            { "product_id": "p", "price": "1" },
        ],
        "visitor's own words": 1,
    });
    let found = plan().check("Cart Viewed", Some(&properties.to_string()));
    let rules: Vec<_> = found.iter().map(|one| one.rule.as_str()).collect();
    assert_eq!(rules, ["cart_id", "products[].*", "products[].price", "*"]);
    let found = plan().check("Made up", None);
    assert_eq!((found.len(), found[0].rule.as_str()), (1, ""));
}

#[test]
fn what_is_not_planned_is_taken_out_and_the_rest_stays_as_it_was_written() {
    let properties = r#"{ "cart_id": "\u00e9", "new": {"a": [1]}, "value": 1.50,
        "products": [{"product_id":"p","price":"wrong","color":"red"}, 7 , {"price":1e2}] }"#;
    assert_eq!(
        plan().strip("Cart Viewed", properties).as_deref(),
        Some(
            r#"{"cart_id":"\u00e9","value":1.50,"products":[{"product_id":"p","price":"wrong"},7,{"price":1e2}]}"#
        )
    );
    // Only the last of several is judged.
    let repeated = r#"{"cart_id":{"secret":1},"cart_id":"c","products":[{"price":"s","price":1}]}"#;
    assert_eq!(
        plan().strip("Cart Viewed", repeated).as_deref(),
        Some(r#"{"cart_id":"c","products":[{"price":1}]}"#)
    );
    // What may have other members keeps them.
    assert_eq!(plan().strip("Anything", r#"{"other":[1]}"#), None);
    assert_eq!(plan().strip("Signed Out", "{}"), None);
    // Nothing of an event that is not planned is.
    let rest = plan().strip("Made up", r#"{"a":1}"#);
    assert_eq!(rest.as_deref(), Some("{}"));
    assert_eq!(plan().strip("Made up", "{}"), None);
}

#[test]
fn a_large_value_is_not_checked_to_its_end() {
    let plan = Plan::parse(r#"{"events":{"A":{"properties":{"list":{"items":{}}}}}}"#).unwrap();
    let list = vec![Value::Null; 50_000];
    let found = plan.check("A", Some(&json!({ "list": list }).to_string()));
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].message, "too much to check");
    let wrong = vec![json!({}); 50_000];
    let plan =
        Plan::parse(r#"{"events":{"A":{"properties":{"list":{"items":{"type":"string"}}}}}}"#)
            .unwrap();
    let found = plan.check("A", Some(&json!({ "list": wrong }).to_string()));
    assert_eq!(found.len(), PROBLEMS_MAX);
}

#[test]
fn nesting_that_is_not_planned_costs_nothing_and_overflows_nothing() {
    let plan = Plan::parse(r#"{"events":{"A":{"additionalProperties":false}}}"#).unwrap();
    let deep = format!("{{\"a\":{}{}}}", "[".repeat(100_000), "]".repeat(100_000));
    let found = plan.check("A", Some(&deep));
    assert_eq!(found.len(), 1);
    assert_eq!(plan.strip("A", &deep).as_deref(), Some("{}"));
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-3..3_i64).prop_map(Value::from),
        (-2.0..2.0_f64).prop_map(Value::from),
        "[a-zSM ]{0,3}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 5, |inner| {
        let name = prop::sample::select(vec![
            "cart_id",
            "products",
            "product_id",
            "price",
            "size",
            "value",
            "count",
            "other",
        ]);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec((name, inner), 0..6).prop_map(|members| {
                let members = members.into_iter();
                Value::Object(members.map(|(name, one)| (name.to_owned(), one)).collect())
            }),
        ]
    })
}

proptest! {
    #[test]
    fn stripping_leaves_nothing_that_is_not_planned(properties in value()) {
        let text = properties.to_string();
        let plan = plan();
        let rest = plan.strip("Cart Viewed", &text);
        let rest = rest.as_deref().unwrap_or(&text);
        prop_assert!(rest.len() <= text.len());
        for problem in plan.check("Cart Viewed", Some(rest)) {
            prop_assert!(!problem.rule.ends_with('*'), "{rest}: {problem:?}");
        }
    }

    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,40}") {
        let _ = Plan::parse(&text);
        let _ = plan().check(&text, Some("{}"));
    }
}
