//! The message ids: what is told again has the same one.

use serde_json::Value;
use uuid::Uuid;

use crate::limits::MESSAGE_ID_MAX_CHARS;

/// The namespace of the ids of orders' events (`MESSAGE_ID_NAMESPACE` in
/// `pkg/src/ecommerce/message-id.ts`).
const ORDERS: Uuid = Uuid::from_u128(0x8f1c_2a54_6d0b_4a57_9b7e_3d6c_5e1f_0a92);
/// The namespace of what is identified by its content.
const CONTENTS: Uuid = Uuid::from_u128(0x3d0f_57a1_90c5_4c0e_8b1c_77f2_5b0e_41d6);

/// The message id of an order's event, as `waymark/ecommerce` derives it in pages and on servers.
#[must_use]
pub fn order_message_id(event: &str, order_id: &str) -> String {
    let name = Value::from(vec![event, order_id]).to_string();
    Uuid::new_v5(&ORDERS, name.as_bytes()).to_string()
}

/// The id of a message that has one of its own.
pub(crate) fn of_message(project: &str, message: &str) -> String {
    bounded(format!("ct:{project}:{message}"))
}

/// The id of what comes without one: the same for the same content.
pub(crate) fn of_content(resource: &str, content: &str) -> String {
    let id = Uuid::new_v5(&CONTENTS, content.as_bytes());
    bounded(format!("ct:{resource}:{id}"))
}

/// The id of another event of the same message.
pub(crate) fn part(id: &str, name: &str) -> String {
    bounded(format!("{id}:{name}"))
}

fn bounded(id: String) -> String {
    if id.chars().count() <= MESSAGE_ID_MAX_CHARS {
        return id;
    }
    format!("ct:{}", Uuid::new_v5(&CONTENTS, id.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_has_the_id_that_the_page_derives() {
        // Of `orderMessageId("Order Completed", "order_1")`, which pkg's tests pin.
        let id = order_message_id("Order Completed", "order_1");
        assert_eq!(id, "d1967f03-ec7b-5683-b136-34ade2d987cb");
        assert_ne!(id, order_message_id("Order Completed", "\"order_1"));
    }

    #[test]
    fn ids_are_short_enough_and_stay_apart() {
        let long = "x".repeat(200);
        let one = of_message("shop", &long);
        assert!(one.len() <= MESSAGE_ID_MAX_CHARS);
        assert_ne!(one, of_message("shop", &"x".repeat(201)));
        assert_ne!(one, part(&one, "alias"));
        assert_eq!(of_message("shop", "m"), "ct:shop:m");
    }
}
