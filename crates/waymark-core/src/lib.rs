//! The rules of Waymark.
//!
//! A call of the page comes in as text ([`call`]), and its arguments are resolved
//! ([`arguments`]). It becomes an [`event`] with the visitor's [`identity`], the visitor's
//! consent ([`consent_stamp`]), and a [`context`] of [`page`] and [`campaign`].
//!
//! The [`outbox`] delivers it. The event waits in the [`queue`] until [`upload`] decides to send,
//! and the [`packer`] puts it into a [`batch`]. [`retry`] reads the answer, and [`suspicion`]
//! finds the events that a server refuses. The [`account`] counts each fate in the [`ledger`]
//! and tells it as a [`settlement`]. [`client`] puts everything together.
//!
//! This crate never does I/O, never reads a clock and never draws a random number: it is given
//! them. It never looks into property bags beyond their top level ([`json`]). Every limit
//! stands in [`limits`]. "Contract" in a comment is `docs/segment-contract.md`: what
//! `@segment/analytics-next` does.

pub mod account;
pub mod arguments;
pub mod batch;
pub mod call;
pub mod campaign;
pub mod client;
pub mod consent;
pub mod consent_stamp;
pub mod context;
pub mod cookie;
pub mod error;
pub mod event;
pub mod identity;
pub mod in_flight;
pub mod json;
pub mod ledger;
pub mod limits;
pub mod outbox;
pub mod packer;
pub mod page;
mod profile;
pub mod queue;
pub mod retry;
pub mod settings;
pub mod settlement;
pub mod stored;
pub mod suspicion;
pub mod text;
pub mod time;
pub mod upload;
pub mod uuid_text;
