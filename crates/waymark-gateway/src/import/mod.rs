//! Takes events from a file: an export's lines, or those of an archive that Segment wrote (one
//! event a line). Ids dedupe as at ingest, so that a file that is imported twice is stored once.

mod lines;
mod pages;

pub(crate) use self::lines::{Outcome, RefusedLine, read_lines};
pub(crate) use self::pages::{Page, Pages};
