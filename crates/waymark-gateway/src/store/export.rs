//! Exports the store's events.

use std::io::Write;
use std::path::Path;

use super::person::People;
use super::{EventReader, IdKind, PersonId, StoreError};
use crate::limits::EXPORT_PAGE_EVENTS;

/// Gives everything that is kept of a person, one JSON object a line: events, also those that
/// were superseded, with their address; what the upstream said when it refused one for good; and
/// rejected events.
///
/// # Errors
/// When the file cannot be read or `out` fails.
pub fn export_person(
    reader: &EventReader,
    person: &PersonId,
    mut out: impl FnMut(String) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let mut people = People::default();
    people.add(person.kind(), person.id(), 0);
    let last_seq = reader.last_seq()?;
    let mut seq = 0;
    while people.has_users() {
        let looked = reader.anonymous_ids_of(&people, (seq, last_seq), EXPORT_PAGE_EVENTS)?;
        for (id, _) in looked.found {
            people.add(IdKind::Seen, &id, 0);
        }
        let Some(through) = looked.through else { break };
        seq = through;
    }
    let mut looked = reader.events_of(&people, (0, last_seq), EXPORT_PAGE_EVENTS)?;
    while let Some(through) = looked.through {
        for (seq, _) in looked.found {
            if let Some(event) = reader.event(seq)? {
                out(event.person_line())?;
            }
            for letter in reader.dead_letters_of(seq)? {
                out(letter)?;
            }
        }
        looked = reader.events_of(&people, (through, last_seq), EXPORT_PAGE_EVENTS)?;
    }
    for (id, _) in reader.rejected_of(&people)? {
        if let Some(rejection) = reader.rejection(id)? {
            out(rejection.person_line())?;
        }
    }
    Ok(())
}

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
