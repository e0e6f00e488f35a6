//! Reads the SQLite file beside the committer, from any thread.

use std::path::Path;

use rusqlite::{Connection, OpenFlags, OptionalExtension, Row, params};

use super::{StoreError, StoredEvent, StoredRejection};
use crate::config::KeyKind;
use crate::event_type::EventType;
use crate::limits::STORE_LOCK_WAIT;

/// Columns of an event. The number of the event it superseded comes after them.
pub(super) const EVENT_COLUMNS: &str =
    "e.seq, e.source_id, s.name, e.key_kind, e.type, e.received_ms,
    e.timestamp_ms, e.message_id, e.user_id, e.anonymous_id, e.name, e.ip, e.event";

/// The tables that these columns are of.
pub(super) const EVENT_TABLES: &str = "FROM events e JOIN sources s ON s.id = e.source_id";

/// Rejected events.
pub(super) const REJECTED: &str = "SELECT r.id, s.name, r.received_ms, r.code, r.message, r.raw
    FROM rejected r JOIN sources s ON s.id = r.source_id";

/// The first version of the file whose events can be superseded.
const SUPERSEDING_VERSION: i64 = 2;

/// The SQLite file, open for reading only.
#[derive(Debug)]
pub struct EventReader {
    pub(super) connection: Connection,
    /// The column with the number of the event that an event superseded.
    supersedes: &'static str,
    /// The condition that no event up to `?4` superseded an event.
    standing: &'static str,
}

impl EventReader {
    /// Opens the file, which a gateway may be using.
    ///
    /// # Errors
    /// When it is missing or not a store.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags)?;
        connection.busy_timeout(STORE_LOCK_WAIT)?;
        let version: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
        let (supersedes, standing) = if version >= SUPERSEDING_VERSION {
            (
                "(SELECT seq FROM superseded WHERE by_seq = e.seq)",
                "NOT EXISTS (SELECT 1 FROM superseded WHERE seq = e.seq AND by_seq <= ?4)",
            )
        } else {
            ("NULL", "?4 = ?4")
        };
        Ok(Self {
            connection,
            supersedes,
            standing,
        })
    }

    /// Events after a number, oldest first, of one source or of all, without superseded ones.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn after(
        &self,
        seq: i64,
        source_id: Option<i64>,
        n_max: u32,
    ) -> Result<Vec<StoredEvent>, StoreError> {
        self.between(seq, i64::MAX, source_id, n_max)
    }

    /// [`Self::after`] as of the moment when `last_seq` was the newest event: later events are
    /// left out, and have superseded no other.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn between(
        &self,
        seq: i64,
        last_seq: i64,
        source_id: Option<i64>,
        n_max: u32,
    ) -> Result<Vec<StoredEvent>, StoreError> {
        let Self {
            supersedes,
            standing,
            ..
        } = self;
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT {EVENT_COLUMNS}, {supersedes} {EVENT_TABLES}
             WHERE e.seq > ?1 AND (?2 IS NULL OR e.source_id = ?2) AND e.seq <= ?4 AND {standing}
             ORDER BY e.seq LIMIT ?3"
        ))?;
        let events = statement
            .query_map(params![seq, source_id, n_max, last_seq], event_of)?
            .collect::<Result<_, _>>()?;
        Ok(events)
    }

    /// The number of the newest event.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn last_seq(&self) -> Result<i64, StoreError> {
        let seq =
            self.connection
                .query_row("SELECT coalesce(max(seq), 0) FROM events", [], |row| {
                    row.get(0)
                })?;
        Ok(seq)
    }

    /// When the oldest event was received, in milliseconds since 1970.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn oldest_received_ms(&self) -> Result<Option<i64>, StoreError> {
        let oldest = "SELECT received_ms FROM events ORDER BY seq LIMIT 1";
        let received_ms = self
            .connection
            .query_row(oldest, [], |row| row.get(0))
            .optional()?;
        Ok(received_ms)
    }

    /// The newest events, oldest of them first. Superseded events are among them, each before
    /// the one that superseded it.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn newest(&self, n_max: u32) -> Result<Vec<StoredEvent>, StoreError> {
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT {EVENT_COLUMNS}, {} {EVENT_TABLES} ORDER BY e.seq DESC LIMIT ?1",
            self.supersedes
        ))?;
        let mut events = statement
            .query_map([n_max], event_of)?
            .collect::<Result<Vec<_>, _>>()?;
        events.reverse();
        Ok(events)
    }

    /// The newest rejected events, oldest of them first.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn newest_rejected(&self, n_max: u32) -> Result<Vec<StoredRejection>, StoreError> {
        let sql = format!("{REJECTED} ORDER BY r.id DESC LIMIT ?1");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rejected = statement
            .query_map([n_max], rejection_of)?
            .collect::<Result<Vec<_>, _>>()?;
        rejected.reverse();
        Ok(rejected)
    }

    /// The number of a source, if it has one.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn source_id(&self, name: &str) -> Result<Option<i64>, StoreError> {
        let id = self
            .connection
            .query_row("SELECT id FROM sources WHERE name = ?1", [name], |row| {
                row.get(0)
            })
            .optional()?;
        Ok(id)
    }

    /// The cursor of a source's destination.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn forwarded_through(&self, source_id: i64, destination: &str) -> Result<i64, StoreError> {
        let seq = self
            .connection
            .query_row(
                "SELECT through_seq FROM forward_cursors WHERE source_id = ?1 AND destination = ?2",
                params![source_id, destination],
                |row| row.get(0),
            )
            .optional()?;
        Ok(seq.unwrap_or(0))
    }

    /// How many events each destination refused for good: source, destination and number.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn dead_letter_counts(&self) -> Result<Vec<(String, String, i64)>, StoreError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT s.name, c.destination, count(d.id) FROM forward_cursors c
             JOIN sources s ON s.id = c.source_id
             LEFT JOIN dead_letters d
                 ON d.source_id = c.source_id AND d.destination = c.destination
             GROUP BY c.source_id, c.destination",
        )?;
        let counts = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        Ok(counts.collect::<Result<_, _>>()?)
    }
}

/// Reads a row of [`REJECTED`].
pub(super) fn rejection_of(row: &Row<'_>) -> rusqlite::Result<StoredRejection> {
    Ok(StoredRejection {
        id: row.get(0)?,
        source: row.get(1)?,
        received_ms: row.get(2)?,
        code: row.get(3)?,
        message: row.get(4)?,
        raw: row.get(5)?,
    })
}

/// Reads a row of [`EVENT_COLUMNS`] and the number of the event it superseded.
pub(super) fn event_of(row: &Row<'_>) -> rusqlite::Result<StoredEvent> {
    let key_kind = match row.get::<_, i64>(3)? {
        0 => KeyKind::Browser,
        _ => KeyKind::Server,
    };
    let code: i64 = row.get(4)?;
    let event_type = usize::try_from(code)
        .ok()
        .and_then(|code| EventType::ALL.get(code).copied())
        .ok_or(rusqlite::Error::IntegralValueOutOfRange(4, code))?;
    Ok(StoredEvent {
        plan_problems: None,
        seq: row.get(0)?,
        source_id: row.get(1)?,
        source: row.get(2)?,
        key_kind,
        event_type,
        received_ms: row.get(5)?,
        timestamp_ms: row.get(6)?,
        message_id: row.get(7)?,
        user_id: row.get(8)?,
        anonymous_id: row.get(9)?,
        name: row.get(10)?,
        ip: row.get(11)?,
        text: row.get(12)?,
        supersedes: row.get(13)?,
    })
}
