//! The erasing of people: what the file knows of it, and its steps within a transaction. The
//! order of the steps makes one that is cut short go on at the next start: the ids are kept until
//! nothing has them any more, and the receipt is finished last.

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::person::{IdKind, People};
use super::refusals::PersonHash;
use super::{EventReader, StoreError, dead_letters, iso_time, remains};

/// One bounded step of erasing, done by the committer.
#[derive(Debug, Clone)]
pub enum EraseStep {
    /// Keeps what is asked for. The id is refused from now on.
    Begin(super::PersonId),
    /// Adds anonymous ids that were seen with the person's user id, which are refused from now
    /// on, too.
    Add {
        /// The erasure.
        erasure: i64,
        /// The ids.
        anonymous_ids: Vec<String>,
    },
    /// Keeps message ids apart from the events up to this number, so that a repeat of an erased
    /// event is recognised after a restart. More than one step may be needed.
    KeepIdsApart(i64),
    /// Deletes rows.
    Delete(ErasedRows),
    /// Deletes the ids of these erasures, of which no row is left.
    Forget(Vec<i64>),
    /// Empties the write-ahead log and finishes these erasures. Again later if a reader needs it.
    Finish(Vec<i64>),
}

/// Rows to delete, each with the number of the erasure that it is counted for.
#[derive(Debug, Clone, Default)]
pub struct ErasedRows {
    /// Events, by their number.
    pub events: Vec<(i64, i64)>,
    /// Rejected events, by their number.
    pub rejected: Vec<(i64, i64)>,
}

/// What a step did.
#[derive(Debug, Clone, Copy, Default)]
pub struct EraseStepDone {
    /// The number of the erasure that began.
    pub erasure: i64,
    /// Whether the same step has to be done again.
    pub more: bool,
}

/// What was asked for and done about one person, without personal data.
#[derive(Debug, Clone)]
pub struct Receipt {
    /// The erasure's number.
    pub erasure: i64,
    /// The kind of the id that was named.
    pub kind: IdKind,
    /// The salted hash of the id.
    pub id_hash: PersonHash,
    /// When it was asked for, in milliseconds since 1970.
    pub asked_ms: i64,
    /// When nothing was left, in milliseconds since 1970.
    pub done_ms: Option<i64>,
    /// Anonymous ids that were seen with the user id.
    pub n_anonymous_ids: i64,
    /// Events deleted.
    pub n_events: i64,
    /// Rejected events deleted.
    pub n_rejected: i64,
    /// Dead letters deleted.
    pub n_dead_letters: i64,
}

impl Receipt {
    /// The receipt as a JSON object.
    #[must_use]
    pub fn to_json(&self) -> serde_json::Value {
        serde_json::json!({
            "erasure": self.erasure,
            "state": if self.done_ms.is_some() { "done" } else { "running" },
            "kind": self.kind.name(),
            "idHash": blake3::Hash::from(self.id_hash).to_hex().as_str(),
            "askedAt": iso_time(self.asked_ms),
            "doneAt": self.done_ms.map(iso_time),
            "anonymousIds": self.n_anonymous_ids,
            "events": self.n_events,
            "rejected": self.n_rejected,
            "deadLetters": self.n_dead_letters,
        })
    }

    fn of(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            erasure: row.get(0)?,
            kind: IdKind::from_stored(row.get(1)?)?,
            id_hash: row.get(2)?,
            asked_ms: row.get(3)?,
            done_ms: row.get(4)?,
            n_anonymous_ids: row.get(5)?,
            n_events: row.get(6)?,
            n_rejected: row.get(7)?,
            n_dead_letters: row.get(8)?,
        })
    }
}

const RECEIPTS: &str = "SELECT id, kind, id_hash, asked_ms, done_ms, n_anonymous_ids, n_events,
    n_rejected, n_dead_letters FROM erasures";

impl EventReader {
    /// The receipt of an erasure.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn receipt(&self, erasure: i64) -> Result<Option<Receipt>, StoreError> {
        let sql = format!("{RECEIPTS} WHERE id = ?1");
        let mut statement = self.connection.prepare_cached(&sql)?;
        Ok(statement.query_row([erasure], Receipt::of).optional()?)
    }

    /// The newest receipts, newest first.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn receipts(&self, n_max: u32) -> Result<Vec<Receipt>, StoreError> {
        let sql = format!("{RECEIPTS} ORDER BY id DESC LIMIT ?1");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let receipts = statement.query_map([n_max], Receipt::of)?;
        Ok(receipts.collect::<Result<_, _>>()?)
    }

    /// The numbers of the erasures that are not finished.
    ///
    /// # Errors
    /// When the engine fails.
    pub(crate) fn erasures_under_way(&self) -> Result<Vec<i64>, StoreError> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT id FROM erasures WHERE done_ms IS NULL ORDER BY id")?;
        let numbers = statement.query_map([], |row| row.get(0))?;
        Ok(numbers.collect::<Result<_, _>>()?)
    }

    /// The people who are being erased.
    ///
    /// # Errors
    /// When the engine fails.
    pub(crate) fn people_to_erase(&self) -> Result<People, StoreError> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT kind, value, erasure FROM erasing ORDER BY id")?;
        let mut rows = statement.query([])?;
        let mut people = People::default();
        while let Some(row) = rows.next()? {
            let kind = IdKind::from_stored(row.get(0)?)?;
            let id: String = row.get(1)?;
            people.add(kind, &id, row.get(2)?);
        }
        Ok(people)
    }
}

/// Writes that a person is to be erased. Returns the erasure's number.
pub(super) fn begin(
    connection: &Connection,
    person: &super::PersonId,
    id_hash: &PersonHash,
    now_ms: i64,
) -> rusqlite::Result<i64> {
    connection
        .prepare_cached("INSERT INTO erasures (kind, id_hash, asked_ms) VALUES (?1, ?2, ?3)")?
        .execute(params![person.kind() as i64, id_hash, now_ms])?;
    let erasure = connection.last_insert_rowid();
    add(connection, erasure, person.kind(), person.id())?;
    Ok(erasure)
}

/// Writes an id of a person who is to be erased.
pub(super) fn add(
    connection: &Connection,
    erasure: i64,
    kind: IdKind,
    id: &str,
) -> rusqlite::Result<()> {
    connection
        .prepare_cached("INSERT INTO erasing (erasure, kind, value) VALUES (?1, ?2, ?3)")?
        .execute(params![erasure, kind as i64, id])?;
    if kind == IdKind::Seen {
        connection
            .prepare_cached(
                "UPDATE erasures SET n_anonymous_ids = n_anonymous_ids + 1 WHERE id = ?1",
            )?
            .execute([erasure])?;
    }
    Ok(())
}

/// Deletes rows, and counts them in the receipts.
pub(super) fn delete(connection: &Connection, rows: &ErasedRows) -> rusqlite::Result<()> {
    let mut deleted = Vec::with_capacity(rows.events.len());
    for (seq, erasure) in &rows.events {
        let superseded: Option<i64> = connection
            .prepare_cached("SELECT seq FROM superseded WHERE by_seq = ?1")?
            .query_row([seq], |row| row.get(0))
            .optional()?;
        connection
            .prepare_cached("DELETE FROM superseded WHERE seq = ?1 OR by_seq = ?1")?
            .execute([seq])?;
        for seq in superseded.iter().chain([seq]) {
            deleted.push((*seq, *seq));
            let n_events = connection
                .prepare_cached("DELETE FROM events WHERE seq = ?1")?
                .execute([seq])?;
            let n_dead_letters = dead_letters::delete_of_event(connection, *seq)?;
            connection
                .prepare_cached(
                    "UPDATE erasures SET n_events = n_events + ?2,
                         n_dead_letters = n_dead_letters + ?3 WHERE id = ?1",
                )?
                .execute(params![erasure, n_events as i64, n_dead_letters as i64])?;
        }
    }
    for (id, erasure) in &rows.rejected {
        let n_rejected = connection
            .prepare_cached("DELETE FROM rejected WHERE id = ?1")?
            .execute([id])?;
        connection
            .prepare_cached("UPDATE erasures SET n_rejected = n_rejected + ?2 WHERE id = ?1")?
            .execute(params![erasure, n_rejected as i64])?;
    }
    remains::overwrite(connection, "events", deleted)?;
    let rejected = rows.rejected.iter().map(|(id, _)| (*id, *id));
    remains::overwrite(connection, "rejected", rejected)
}

/// Deletes the ids of these erasures.
pub(super) fn forget(connection: &Connection, erasures: &[i64]) -> rusqlite::Result<()> {
    let mut statement = connection.prepare_cached("DELETE FROM erasing WHERE erasure = ?1")?;
    for erasure in erasures {
        statement.execute([erasure])?;
    }
    remains::overwrite(connection, "erasing", [(i64::MIN, i64::MAX)])
}

/// Writes that an erasure is finished.
pub(super) fn finish(connection: &Connection, erasure: i64, now_ms: i64) -> rusqlite::Result<()> {
    connection
        .prepare_cached("UPDATE erasures SET done_ms = ?2 WHERE id = ?1")?
        .execute([erasure, now_ms])?;
    Ok(())
}
