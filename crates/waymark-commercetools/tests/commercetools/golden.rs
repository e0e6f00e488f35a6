//! What each message becomes, as a file to read: `snapshots/`.

use std::fmt::Write as _;

use serde_json::{Value, json};
use waymark_commercetools::{Mapped, Options, events_of, order_message_id};

use crate::vectors::{object, vectors};

/// Bodies a line, each with its title.
const SAMPLES: &str = include_str!("samples.jsonl");

pub(crate) fn samples() -> Vec<Value> {
    let lines = SAMPLES.lines().filter(|line| !line.is_empty());
    lines
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn shown(options: &Options) -> String {
    let mut text = String::new();
    for sample in samples() {
        writeln!(text, "\n== {}", sample["title"].as_str().unwrap()).unwrap();
        match events_of(&object(&sample["body"]), options) {
            Ok(Mapped::Events(events)) => {
                for event in events {
                    let event = serde_json::to_string_pretty(&event).unwrap();
                    writeln!(text, "{event}").unwrap();
                }
            }
            Ok(Mapped::Ignored(why)) => writeln!(text, "ignored: {why}").unwrap(),
            Err(refusal) => writeln!(text, "refused: {} ({refusal})", refusal.code).unwrap(),
        }
    }
    text
}

#[test]
fn each_message_becomes_its_events_by_email() {
    insta::assert_snapshot!("email", shown(&Options::default()));
}

#[test]
fn each_message_becomes_its_events_by_customer_number() {
    let options = json!({
        "user_id": "customerNumber", "order_id": "id", "project_key": "shop",
    });
    let options: Options = serde_json::from_value(options).unwrap();
    insta::assert_snapshot!("customer_number", shown(&options));
}

#[test]
fn an_order_of_the_test_data_becomes_an_event_with_the_pages_id() {
    let order = &vectors()["order"];
    let message = json!({
        "notificationType": "Message", "type": "OrderCreated", "projectKey": "shop", "id": "m",
        "order": order,
    });
    let Ok(Mapped::Events(events)) = events_of(&object(&message), &Options::default()) else {
        panic!("no events");
    };
    let id = events[0]["properties"]["order_id"].as_str().unwrap();
    let message_id = order_message_id("Order Completed", id);
    assert_eq!(events[0]["messageId"], message_id);
    assert_eq!(events[0]["userId"], order["customerEmail"]);
}

#[test]
fn an_order_with_too_many_products_for_an_event_keeps_its_amounts() {
    let item = json!({
        "productId": "p".repeat(36), "name": { "en": "n".repeat(200) }, "quantity": 1,
        "price": { "value": { "centAmount": 100, "fractionDigits": 2 } },
        "totalPrice": { "centAmount": 100 },
    });
    let message = json!({
        "notificationType": "Message", "type": "OrderCreated", "id": "m",
        "order": {
            "id": "o", "customerEmail": "a@b.example", "lineItems": vec![item; 500],
            "totalPrice": { "centAmount": 50_000, "currencyCode": "EUR", "fractionDigits": 2 },
        },
    });
    let Ok(Mapped::Events(events)) = events_of(&object(&message), &Options::default()) else {
        panic!("no events");
    };
    let properties = &events[0]["properties"];
    assert_eq!(properties["total"], 500);
    let n_products = properties["products"].as_array().unwrap().len();
    assert_eq!(
        n_products as u64 + properties["products_left_out"].as_u64().unwrap(),
        500
    );
    assert!(n_products > 50);
    let size = serde_json::to_string(&events[0]).unwrap().len();
    assert!(size < 32 * 1024, "{size}");
}
