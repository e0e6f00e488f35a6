//! The rules of Waymark that few pages use, for a wasm module of their own.
//!
//! An element that is watched has an [`exposure`], by a [`rule`]: how much of it has to be
//! visible, and for how long. [`impressions`] holds all exposures of a page and says which are
//! complete and when to look again; those of a list's products wait in its [`fold`], so that
//! they become one event.
//!
//! This crate never does I/O and never reads a clock: it is given shares and times. All times
//! are milliseconds since any one moment, as the page's own clock has them, and only their
//! differences count. Every limit stands in [`limits`].

pub mod exposure;
pub mod fold;
pub mod impressions;
pub mod limits;
pub mod rule;
