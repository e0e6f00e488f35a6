//! Exports the store's events.

use std::io::Write;
use std::path::Path;

use super::{EventReader, StoreError};
use crate::limits::EXPORT_PAGE_EVENTS;

/// Writes every event that is stored at the start, one JSON object a line, in the order of their
/// commits. Superseded events are left out, so that each id is written once.
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
        let events = reader.between(seq, last_seq, source_id, EXPORT_PAGE_EVENTS)?;
        let Some(last) = events.last() else {
            return Ok(out.flush()?);
        };
        seq = last.seq;
        for event in &events {
            writeln!(out, "{}", event.export_line())?;
        }
    }
}
