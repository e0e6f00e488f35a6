//! People who were erased from a database, and are back in an earlier copy of it. The database has
//! only hashes of their ids, so the ids are found by hashing those in the copy.

use std::collections::HashSet;
use std::fs::File;
use std::path::Path;

use rusqlite::Connection;

use super::check::open_snapshot;
use super::clock::Moment;
use super::person::{EventIds, IdKind, previous_id};
use super::refusals::{PersonHash, Refusals};
use super::{EraseStep, EventStore, PersonId, SqliteStore, StoreError};
use crate::event_type::EventType;
use crate::ingest::id_of;

/// Has the people erased again from the copy whom it still has. It is done when a gateway first
/// opens the copy. Returns how many they are; `None` if the database cannot tell who was erased.
///
/// # Errors
/// When the copy cannot be read or written.
pub(super) fn erase_again(database: &Path, copy: &Path) -> Result<Option<usize>, StoreError> {
    let Ok((refusals, mut erased)) = erased_from(database) else {
        return Ok(None);
    };
    // Who was erased before the copy was made, and is in it, has come back since.
    if let Ok((_, before)) = erased_from(copy) {
        erased.retain(|receipt| !before.contains(receipt));
    }
    let erased = erased.into_iter().map(|(kind, hash, _)| (kind, hash));
    let erased = erased.collect();
    let people = people_in(copy, &refusals, &erased)?;
    if people.is_empty() {
        return Ok(Some(0));
    }
    let mut store = SqliteStore::open(copy)?;
    for person in &people {
        store.erase_at(&EraseStep::Begin(person.clone()), Moment::now())?;
    }
    store.close()?;
    drop(store);
    File::open(copy)?.sync_all()?;
    Ok(Some(people.len()))
}

/// The kind and the hash of an id, and when its erasure was asked for.
type Receipt = (IdKind, PersonHash, i64);

/// Everybody who was erased, and how their ids are hashed.
fn erased_from(database: &Path) -> Result<(Refusals, HashSet<Receipt>), StoreError> {
    let connection = open_snapshot(database)?;
    let refusals = Refusals::load(&connection)?;
    let mut statement = connection.prepare("SELECT kind, id_hash, asked_ms FROM erasures")?;
    let erased = statement.query_map([], |row| {
        Ok((IdKind::from_stored(row.get(0)?)?, row.get(1)?, row.get(2)?))
    })?;
    let erased = erased.collect::<Result<_, _>>()?;
    drop(statement);
    Ok((refusals, erased))
}

/// Those of them who are in the copy.
fn people_in(
    copy: &Path,
    refusals: &Refusals,
    erased: &HashSet<(IdKind, PersonHash)>,
) -> Result<Vec<PersonId>, StoreError> {
    if erased.is_empty() {
        return Ok(Vec::new());
    }
    let connection = open_snapshot(copy)?;
    let mut seen = HashSet::new();
    let mut people = Vec::new();
    each_id(&connection, |kind, id| {
        let hash = refusals.hash(kind, id);
        if erased.contains(&(kind, hash)) && seen.insert((kind, hash)) {
            people.push(match kind {
                IdKind::User => PersonId::User(id.to_owned()),
                IdKind::Anonymous | IdKind::Seen => PersonId::Anonymous(id.to_owned()),
            });
        }
    })?;
    Ok(people)
}

/// Gives every id by which an event, stored or rejected, may be a person's.
fn each_id(connection: &Connection, mut look: impl FnMut(IdKind, &str)) -> rusqlite::Result<()> {
    let mut statement = connection
        .prepare("SELECT user_id, anonymous_id, CASE type WHEN ?1 THEN event END FROM events")?;
    let mut rows = statement.query([EventType::Alias as i64])?;
    while let Some(row) = rows.next()? {
        let alias = row.get_ref(2)?.as_str_or_null()?;
        let previous = alias.and_then(previous_id);
        let ids = EventIds {
            user_id: row.get_ref(0)?.as_str_or_null()?,
            anonymous_id: row.get_ref(1)?.as_str_or_null()?,
            previous_id: previous.as_deref(),
        };
        ids.claims().for_each(|(kind, id)| look(kind, id));
    }
    let mut statement = connection.prepare("SELECT raw FROM rejected")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let raw = row.get_ref(0)?.as_str()?;
        let (user, anonymous) = (id_of(raw, "userId"), id_of(raw, "anonymousId"));
        let ids = EventIds {
            user_id: user.as_deref(),
            anonymous_id: anonymous.as_deref(),
            previous_id: None,
        };
        ids.claims().for_each(|(kind, id)| look(kind, id));
    }
    Ok(())
}
