//! The rules of Waymark.
//!
//! A call of the page comes in as text ([`call`]), its arguments are understood
//! ([`arguments`]), it becomes an [`event`] with its [`context`] of [`page`] and [`campaign`]
//! and with the visitor's [`identity`]; it waits in the [`queue`] until [`upload`] says that a
//! [`batch`] of it is to be sent, which the [`packer`] makes; [`retry`] reads the answer; each
//! event that leaves is told as a [`settlement`], and the [`ledger`] counts: all that is the
//! [`outbox`]. [`client`] puts everything together.
//!
//! This crate never does I/O, never reads a clock and never draws a random number: it is given
//! them. It never looks into property bags beyond their top level ([`json`]). Every limit
//! stands in [`limits`].

pub mod arguments;
pub mod batch;
pub mod call;
pub mod campaign;
pub mod client;
pub mod consent;
pub mod context;
pub mod cookie;
pub mod error;
pub mod event;
pub mod identity;
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
pub mod time;
pub mod upload;
pub mod uuid_text;
