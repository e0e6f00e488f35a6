//! The live view: its page, and the stream of stored and rejected events.

mod fates;
mod hub;
mod page;
mod stream;

pub(crate) use self::fates::{EventFate, Outcome};
pub(crate) use self::hub::{LiveHub, LiveMessage};
pub(crate) use self::page::{module, page, script, style};
pub(crate) use self::stream::stream;
