//! What a shop may choose.

use serde::Deserialize;

/// What of a customer is the user id of the events.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum UserId {
    /// The address of e-mail.
    #[default]
    Email,
    /// The id in the shop's other system.
    ExternalId,
    /// The customer number.
    CustomerNumber,
    /// The id in commercetools.
    Id,
}

/// What of an order is the `order_id`, by which what page and server tell of it is one event.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum OrderId {
    /// The order number; the id of an order that has none.
    #[default]
    Number,
    /// The id in commercetools.
    Id,
}

/// How messages become events.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Options {
    /// What of a customer is the user id.
    pub user_id: UserId,
    /// What of an order is the order id.
    pub order_id: OrderId,
    /// Whether addresses of e-mail are written in lower case.
    pub lower_case_email: bool,
    /// The only project whose messages are taken, if there is one.
    pub project_key: Option<String>,
}

impl Options {
    /// An address of e-mail as events have it.
    pub(crate) fn email(&self, written: &str) -> String {
        let email = written.trim();
        if self.lower_case_email {
            email.to_lowercase()
        } else {
            email.to_owned()
        }
    }
}
