//! Events that an upstream refused for good: to be looked at, sent again or dropped.

use rusqlite::{Connection, Row, params};

use super::totals::{keep, saved};
use super::{DeadLetter, EventReader, StoreError, iso_time, remains};

/// Where the number of the newest dead letter that was deleted is kept.
const LAST_DEAD_LETTER: &str = "last_dead_letter";

/// A dead letter read from the store.
#[derive(Debug, Clone)]
pub struct StoredLetter {
    /// Its number.
    pub id: i64,
    /// The number of its source.
    pub source_id: i64,
    /// The name of its source.
    pub source: String,
    /// The name of the destination that refused it.
    pub destination: String,
    /// The number of its event.
    pub seq: i64,
    /// When the upstream refused it, in milliseconds since 1970.
    pub failed_ms: i64,
    /// The upstream's HTTP status.
    pub status: i64,
    /// The first part of the upstream's answer.
    pub reason: String,
    /// The event's message id.
    pub message_id: Option<String>,
    /// The event's, page's or screen's name.
    pub name: Option<String>,
}

impl StoredLetter {
    /// The letter as a JSON object.
    #[must_use]
    pub fn to_json(&self) -> serde_json::Value {
        serde_json::json!({
            "id": self.id,
            "source": self.source,
            "destination": self.destination,
            "failedAt": iso_time(self.failed_ms),
            "status": self.status,
            "reason": self.reason,
            "messageId": self.message_id,
            "name": self.name,
        })
    }

    fn of(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            source_id: row.get(1)?,
            source: row.get(2)?,
            seq: row.get(3)?,
            failed_ms: row.get(4)?,
            status: row.get(5)?,
            reason: row.get(6)?,
            message_id: row.get(7)?,
            name: row.get(8)?,
            destination: row.get(9)?,
        })
    }
}

/// Which dead letters are meant: all that fit every condition.
#[derive(Debug, Clone, Default)]
pub struct LetterFilter {
    /// The letter with this number.
    pub id: Option<i64>,
    /// Those of this source.
    pub source_id: Option<i64>,
    /// Those of the destination with this name.
    pub destination: Option<String>,
    /// Those refused at this time or later, in milliseconds since 1970.
    pub from_ms: Option<i64>,
    /// Those refused before this time, in milliseconds since 1970.
    pub to_ms: Option<i64>,
}

/// What became of dead letters.
#[derive(Debug, Clone, Default)]
pub struct LetterChange {
    /// The numbers of those that were taken or dropped.
    pub gone: Vec<i64>,
    /// Those that were refused again, by their numbers.
    pub refused: Vec<(i64, DeadLetter)>,
    /// Events that became dead letters, with the number of their source and the destination.
    pub added: Vec<(i64, String, DeadLetter)>,
}

impl EventReader {
    /// Dead letters after a number, oldest first.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn letters(
        &self,
        filter: &LetterFilter,
        after: i64,
        n_max: u32,
    ) -> Result<Vec<StoredLetter>, StoreError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT d.id, d.source_id, s.name, d.seq, d.failed_ms, d.status, d.reason,
                 e.message_id, e.name, d.destination
             FROM dead_letters d JOIN sources s ON s.id = d.source_id
             LEFT JOIN events e ON e.seq = d.seq
             WHERE d.id > ?1 AND (?2 IS NULL OR d.id = ?2) AND (?3 IS NULL OR d.source_id = ?3)
                 AND (?4 IS NULL OR d.failed_ms >= ?4) AND (?5 IS NULL OR d.failed_ms < ?5)
                 AND (?7 IS NULL OR d.destination = ?7)
             ORDER BY d.id LIMIT ?6",
        )?;
        let LetterFilter {
            id,
            source_id,
            destination,
            from_ms,
            to_ms,
        } = filter;
        let values = params![after, id, source_id, from_ms, to_ms, n_max, destination];
        let letters = statement.query_map(values, StoredLetter::of)?;
        Ok(letters.collect::<Result<_, _>>()?)
    }
}

/// Keeps an event that an upstream refused, unless its person was erased while it was on its way.
pub(super) fn insert(
    connection: &Connection,
    source_id: i64,
    destination: &str,
    letter: &DeadLetter,
    now_ms: i64,
) -> rusqlite::Result<()> {
    let has_event: bool = connection
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM events WHERE seq = ?1)")?
        .query_row([letter.seq], |row| row.get(0))?;
    if !has_event {
        return Ok(());
    }
    connection
        .prepare_cached(
            "INSERT INTO dead_letters (id, source_id, seq, failed_ms, status, reason, destination)
             SELECT 1 + max(coalesce(max(id), 0),
                 coalesce((SELECT value FROM meta WHERE name = ?6), 0)), ?1, ?2, ?3, ?4, ?5, ?7
             FROM dead_letters",
        )?
        .execute(params![
            source_id,
            letter.seq,
            now_ms,
            letter.status,
            letter.reason,
            LAST_DEAD_LETTER,
            destination
        ])?;
    Ok(())
}

/// Writes what became of dead letters.
pub(super) fn change(
    connection: &Connection,
    change: &LetterChange,
    now_ms: i64,
) -> rusqlite::Result<()> {
    delete(connection, &change.gone)?;
    for (id, letter) in &change.refused {
        connection
            .prepare_cached(
                "UPDATE dead_letters SET failed_ms = ?2, status = ?3, reason = ?4 WHERE id = ?1",
            )?
            .execute(params![id, now_ms, letter.status, letter.reason])?;
    }
    for (source_id, destination, letter) in &change.added {
        insert(connection, *source_id, destination, letter, now_ms)?;
    }
    Ok(())
}

/// Deletes the dead letters of an event. Returns how many.
pub(super) fn delete_of_event(connection: &Connection, seq: i64) -> rusqlite::Result<usize> {
    let ids: Vec<i64> = connection
        .prepare_cached("SELECT id FROM dead_letters WHERE seq = ?1")?
        .query_map([seq], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    delete(connection, &ids)?;
    Ok(ids.len())
}

/// Deletes dead letters. Their numbers are not given again.
fn delete(connection: &Connection, ids: &[i64]) -> rusqlite::Result<()> {
    let Some(last) = ids.iter().max() else {
        return Ok(());
    };
    let last = *last.max(&saved(connection, LAST_DEAD_LETTER)?.unwrap_or(0));
    keep(connection, LAST_DEAD_LETTER, last)?;
    let mut statement = connection.prepare_cached("DELETE FROM dead_letters WHERE id = ?1")?;
    for id in ids {
        statement.execute([id])?;
    }
    remains::overwrite(connection, "dead_letters", ids.iter().map(|id| (*id, *id)))
}
