//! Prints the store's events.

use std::io::Write;
use std::path::Path;

use super::{EventReader, StoreError};

/// Events read at once: short reads, so that a running gateway can go on tidying its log.
const PAGE_EVENTS: u32 = 1_000;

/// Writes every event that is there at the start, one JSON object a line, in the order of their
/// commits. A superseded one is left out, so that each id is there once.
///
/// # Errors
/// When the file cannot be read or `out` not be written to.
pub fn export(
    database: &Path,
    source: Option<&str>,
    out: &mut impl Write,
) -> Result<(), StoreError> {
    let reader = EventReader::open(database)?;
    let source_id = match source {
        Some(name) => match reader.source_id(name)? {
            Some(id) => Some(id),
            None => return Ok(()),
        },
        None => None,
    };
    let last_seq = reader.last_seq()?;
    let mut seq = 0;
    loop {
        let events = reader.between(seq, last_seq, source_id, PAGE_EVENTS)?;
        let Some(last) = events.last() else {
            return Ok(out.flush()?);
        };
        seq = last.seq;
        for event in &events {
            writeln!(out, "{}", event.export_line())?;
        }
    }
}
