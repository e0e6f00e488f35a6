//! Where a shop's events go: Segment, a webhook, and the vendors of analytics and advertising.
//!
//! Pure: no I/O, no clock, no randomness. Whoever runs a destination
//!
//! 1. reads stored events ([`Event`]) and has the destination's [`Rules`] and the vendor's own
//!    mapping turn them into a [`Plan`]: requests, and the events that become none, each with its
//!    reason;
//! 2. sends each [`Request`], and hands the vendor's [`Answer`] to [`Destination::judge`];
//! 3. does with each payload what the [`Verdict`] says.
//!
//! # Invariants
//!
//! - Every event has one fate: it is in requests, or it is skipped for a reason.
//! - What is mapped twice is the same twice: ids by which a vendor drops repeats are derived from
//!   the event's `messageId`, so an event that is sent again counts once.
//! - No request is larger than its vendor takes.
//! - No secret is in the `Debug` of anything.
//!
//! Each file of `vendors` cites the vendor's documents at its rules.

pub mod answer;
mod contact;
mod context;
pub mod destination;
pub mod ecommerce;
pub mod event;
pub mod event_type;
pub mod json_object;
mod money;
mod outgoing;
pub mod plan;
pub mod request;
pub mod rules;
pub mod secret;
pub mod settings;
pub mod skip;
mod stable_id;
mod vendors;
mod visitors;

pub use crate::answer::{Answer, Fate, Verdict};
pub use crate::destination::{Check, Destination, Limits, Payload};
pub use crate::ecommerce::EcommerceEvent;
pub use crate::event::Event;
pub use crate::event_type::EventType;
pub use crate::plan::{Plan, PlannedPayload, PlannedRequest, plan};
pub use crate::request::Request;
pub use crate::rules::Rules;
pub use crate::secret::Secret;
pub use crate::settings::{Settings, SettingsError};
pub use crate::skip::Skip;
