//! What commercetools sends, and the events of Segment's spec that it becomes.
//!
//! [`open`] tells in which envelope a body came: Amazon SNS, as its HTTPS subscriptions or a
//! Lambda function have it; a push of Google Pub/Sub; a `CloudEvent`; an event of Amazon
//! `EventBridge`; the input of an API extension; or the bare message. [`events_of`] then says what
//! the message becomes: customers are `identify` calls, a changed address of e-mail is an `alias`
//! besides, and an order that is placed is an `Order Completed` with the message id that
//! `waymark/ecommerce` derives in the page.
//!
//! Everything here is pure: who may send, whether a signature of SNS is right and where events are
//! kept is the gateway's. A password, a token and a custom field never become part of an event.
//!
//! The shapes are those of `@commercetools/platform-sdk` 9.5 (`message.d.ts`, `extension.d.ts`,
//! `customer.d.ts`, `order.d.ts`).

mod customer;
mod envelope;
mod ids;
mod json;
mod limits;
mod message;
mod money;
mod options;
mod order;
mod refusal;
mod sns;

pub use customer::traits_of;
pub use envelope::{Envelope, EnvelopeKind, open};
pub use ids::order_message_id;
pub use json::Object;
pub use limits::{EVENT_MAX_BYTES, RECORDS_MAX};
pub use message::{Mapped, events_of};
pub use options::{Options, OrderId, UserId};
pub use refusal::{Ignored, Refusal};
pub use sns::{SnsKind, SnsMessage};
