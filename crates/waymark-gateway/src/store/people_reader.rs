//! Looks through the store for what belongs to people. There is no index by id: appending stays
//! sequential, and to be erased or exported is rare.

use rusqlite::{OptionalExtension, params};

use super::person::{EventIds, People, previous_id};
use super::reader::{EVENT_COLUMNS, EVENT_TABLES, REJECTED, event_of, rejection_of};
use super::{EventReader, StoreError, StoredEvent, StoredRejection, iso_time};
use crate::event_type::EventType;
use crate::json_object::quote;

/// A part of the events that was looked through.
#[derive(Debug)]
pub(crate) struct Looked<T> {
    /// What was found, with the number of the person it belongs to.
    pub(crate) found: Vec<(T, i64)>,
    /// The last number that was looked at; `None` at the end.
    pub(crate) through: Option<i64>,
}

impl EventReader {
    /// Looks through `n_max` events after a number and up to another for those that belong to
    /// these people, and gives their numbers.
    ///
    /// # Errors
    /// When the engine fails.
    pub(crate) fn events_of(
        &self,
        people: &People,
        (after, through): (i64, i64),
        n_max: u32,
    ) -> Result<Looked<i64>, StoreError> {
        let mut found = Vec::new();
        let through = self.look((after, through), n_max, |seq, ids| {
            found.extend(people.owner(ids).map(|number| (seq, number)));
        })?;
        Ok(Looked { found, through })
    }

    /// The same for anonymous ids that were seen with these people's user ids.
    ///
    /// # Errors
    /// When the engine fails.
    pub(crate) fn anonymous_ids_of(
        &self,
        people: &People,
        (after, through): (i64, i64),
        n_max: u32,
    ) -> Result<Looked<String>, StoreError> {
        let mut found = Vec::new();
        let through = self.look((after, through), n_max, |_, ids| {
            if let Some(number) = ids.user_id.and_then(|id| people.user(id)) {
                found.extend(ids.seen_with_user().map(|id| (id.to_owned(), number)));
            }
        })?;
        Ok(Looked { found, through })
    }

    /// Has events read, and leaves out those of people who are being erased. Gives the number of
    /// the last event that was read, too. After [`super::ErasedSince`]'s moment what it gives is
    /// complete until that says otherwise: the people are read first, and who is gone from them by
    /// then has no events any more.
    ///
    /// # Errors
    /// When the engine fails.
    pub(crate) fn unerased(
        &self,
        read: impl FnOnce(&Self) -> Result<Vec<StoredEvent>, StoreError>,
    ) -> Result<(Option<i64>, Vec<StoredEvent>), StoreError> {
        let people = self.people_to_erase()?;
        let mut events = read(self)?;
        let last_seq = events.last().map(|event| event.seq);
        if people.is_empty() {
            return Ok((last_seq, events));
        }
        events.retain(|event| {
            let is_alias = event.event_type == EventType::Alias;
            let previous = is_alias.then(|| previous_id(&event.text)).flatten();
            let ids = EventIds {
                user_id: event.user_id.as_deref(),
                anonymous_id: event.anonymous_id.as_deref(),
                previous_id: previous.as_deref(),
            };
            people.owner(ids).is_none()
        });
        Ok((last_seq, events))
    }

    /// Shows the ids of `n_max` events. Returns the last one's number, or `None` at the end.
    fn look(
        &self,
        (after, through): (i64, i64),
        n_max: u32,
        mut visit: impl FnMut(i64, EventIds<'_>),
    ) -> rusqlite::Result<Option<i64>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT seq, user_id, anonymous_id, CASE WHEN type = ?4 THEN event END FROM events
             WHERE seq > ?1 AND seq <= ?2 ORDER BY seq LIMIT ?3",
        )?;
        let alias = EventType::Alias as i64;
        let mut rows = statement.query(params![after, through, n_max, alias])?;
        let mut last = None;
        while let Some(row) = rows.next()? {
            let seq = row.get(0)?;
            let text = row.get_ref(3)?.as_str_or_null()?;
            let previous = text.and_then(previous_id);
            let ids = EventIds {
                user_id: row.get_ref(1)?.as_str_or_null()?,
                anonymous_id: row.get_ref(2)?.as_str_or_null()?,
                previous_id: previous.as_deref(),
            };
            visit(seq, ids);
            last = Some(seq);
        }
        Ok(last)
    }

    /// The rejected events in which an id of these people stands.
    ///
    /// # Errors
    /// When the engine fails.
    pub(crate) fn rejected_of(&self, people: &People) -> Result<Vec<(i64, i64)>, StoreError> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT id, raw FROM rejected ORDER BY id")?;
        let mut rows = statement.query([])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let raw: String = row.get(1)?;
            if let Some(number) = people.named_in(&raw) {
                found.push((row.get(0)?, number));
            }
        }
        Ok(found)
    }

    /// An event, even if it was superseded.
    ///
    /// # Errors
    /// When the engine fails.
    pub(crate) fn event(&self, seq: i64) -> Result<Option<StoredEvent>, StoreError> {
        let sql = format!("SELECT {EVENT_COLUMNS}, NULL {EVENT_TABLES} WHERE e.seq = ?1");
        let mut statement = self.connection.prepare_cached(&sql)?;
        Ok(statement.query_row([seq], event_of).optional()?)
    }

    /// What upstreams said when they refused an event for good, each as a JSON object.
    ///
    /// # Errors
    /// When the engine fails.
    pub(crate) fn dead_letters_of(&self, seq: i64) -> Result<Vec<String>, StoreError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT s.name, d.destination, d.failed_ms, d.status, d.reason FROM dead_letters d
             JOIN sources s ON s.id = d.source_id WHERE d.seq = ?1 ORDER BY d.id",
        )?;
        let letters = statement.query_map([seq], |row| {
            let (source, destination): (String, String) = (row.get(0)?, row.get(1)?);
            let (failed_ms, status, reason): (i64, i64, String) =
                (row.get(2)?, row.get(3)?, row.get(4)?);
            Ok(format!(
                r#"{{"kind":"deadLetter","source":{},"destination":{},"failedAt":"{}","status":{status},"reason":{}}}"#,
                quote(&source),
                quote(&destination),
                iso_time(failed_ms),
                quote(&reason),
            ))
        })?;
        Ok(letters.collect::<Result<_, _>>()?)
    }

    /// A rejected event.
    ///
    /// # Errors
    /// When the engine fails.
    pub(crate) fn rejection(&self, id: i64) -> Result<Option<StoredRejection>, StoreError> {
        let sql = format!("{REJECTED} WHERE r.id = ?1");
        let mut statement = self.connection.prepare_cached(&sql)?;
        Ok(statement.query_row([id], rejection_of).optional()?)
    }
}
