//! Checks a file: whether SQLite finds it intact, and whether what it counts fits its rows.

use std::path::Path;

use rusqlite::{Connection, ErrorCode, OpenFlags};
use serde_json::{Value, json};

use super::{StoreError, schema};
use crate::limits::{INTEGRITY_MESSAGES, STORE_LOCK_WAIT};

/// What must not be in a file, and the query that counts it.
const CONTRADICTIONS: &[(&str, &str)] = &[
    (
        "events have a number beyond the last one that was given",
        "SELECT count(*) FROM events
         WHERE seq > (SELECT value FROM meta WHERE name = 'last_seq')",
    ),
    (
        "rejected events have a number beyond the last one that was given",
        "SELECT count(*) FROM rejected
         WHERE id > (SELECT value FROM meta WHERE name = 'last_rejected')",
    ),
    (
        "forwarding cursors are beyond the newest event",
        "SELECT count(*) FROM forward_cursors WHERE through_seq > (SELECT seq FROM newest)",
    ),
    (
        "dead letters are of events beyond the newest one",
        "SELECT count(*) FROM dead_letters WHERE seq > (SELECT seq FROM newest)",
    ),
    (
        "message ids are of events beyond the newest one",
        "SELECT count(*) FROM message_ids WHERE abs(seq) > (SELECT seq FROM newest)",
    ),
    (
        "message ids are said to be kept apart from events beyond the newest one",
        "SELECT count(*) FROM meta
         WHERE name = 'in_runs_seq' AND value > (SELECT seq FROM newest)",
    ),
    (
        "events belong to no source",
        "SELECT count(*) FROM events WHERE source_id NOT IN (SELECT id FROM sources)",
    ),
    (
        "rejected events belong to no source",
        "SELECT count(*) FROM rejected WHERE source_id NOT IN (SELECT id FROM sources)",
    ),
    (
        "forwarding cursors belong to no source",
        "SELECT count(*) FROM forward_cursors WHERE source_id NOT IN (SELECT id FROM sources)",
    ),
];

/// The same since version 2.
const CONTRADICTIONS_2: &[(&str, &str)] = &[(
    "events are superseded by an event before them, or beyond the newest one",
    "SELECT count(*) FROM superseded
     WHERE by_seq <= seq OR by_seq > (SELECT seq FROM newest)",
)];

/// The same since version 4.
const CONTRADICTIONS_4: &[(&str, &str)] = &[
    (
        "erasures that are done still have ids",
        "SELECT count(*) FROM erasing
         WHERE erasure NOT IN (SELECT id FROM erasures WHERE done_ms IS NULL)",
    ),
    (
        "the ids of people have more or less than one salt",
        "SELECT count(*) != 1 FROM erasure_salt",
    ),
];

/// The number of the newest event that was ever stored.
const NEWEST: &str = "CREATE TEMP VIEW newest AS SELECT max(
    (SELECT coalesce(max(seq), 0) FROM main.events),
    (SELECT coalesce(max(value), 0) FROM main.meta WHERE name = 'last_seq')) AS seq";

/// What a check found.
#[derive(Debug, Clone, Default)]
pub struct Checked {
    /// What SQLite says of a file that is damaged.
    pub damage: Vec<String>,
    /// How what the file counts differs from its rows.
    pub contradictions: Vec<String>,
    /// Events in the file.
    pub n_events: i64,
    /// The number of the newest event that was ever stored.
    pub newest_seq: i64,
}

impl Checked {
    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.damage.is_empty() && self.contradictions.is_empty()
    }

    /// What was found, as a JSON object.
    #[must_use]
    pub fn to_json(&self) -> Value {
        json!({
            "sound": self.is_sound(),
            "events": self.n_events,
            "newestEvent": self.newest_seq,
            "damage": self.damage,
            "contradictions": self.contradictions,
        })
    }

    /// The same, or the error that the file is not sound.
    pub(super) fn or_damaged(self) -> Result<Self, StoreError> {
        let first = self.damage.iter().chain(&self.contradictions).next();
        match first {
            Some(first) => Err(StoreError::Damaged(first.clone())),
            None => Ok(self),
        }
    }
}

impl StoreError {
    /// Tells the engine's errors apart that are about what is in the file.
    pub(super) fn or_damaged(self) -> Self {
        match self {
            Self::Engine(error)
                if matches!(
                    error.sqlite_error_code(),
                    Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase)
                ) =>
            {
                Self::Damaged(error.to_string())
            }
            other => other,
        }
    }
}

/// Checks a file, which a gateway may be using.
///
/// # Errors
/// When it cannot be read, is of a newer version, or is no store.
pub fn check(database: &Path) -> Result<Checked, StoreError> {
    let checked = open_snapshot(database).and_then(|connection| check_all(&connection));
    match checked.map_err(StoreError::or_damaged) {
        Err(StoreError::Damaged(message)) => Ok(Checked {
            damage: vec![message],
            ..Checked::default()
        }),
        checked => checked,
    }
}

/// Opens a file for reading, as it is now: what a gateway writes meanwhile is not seen.
pub(super) fn open_snapshot(database: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(database, flags)?;
    connection.busy_timeout(STORE_LOCK_WAIT)?;
    connection.execute_batch("PRAGMA temp_store = MEMORY; BEGIN")?;
    // The first read begins the snapshot.
    connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
    Ok(connection)
}

/// Checks what an open connection sees.
pub(super) fn check_all(connection: &Connection) -> Result<Checked, StoreError> {
    let version = schema::version_of(connection)?;
    let mut checked = Checked::default();
    let mut statement =
        connection.prepare(&format!("PRAGMA integrity_check({INTEGRITY_MESSAGES})"))?;
    let messages = statement.query_map([], |row| row.get::<_, String>(0))?;
    for message in messages {
        checked
            .damage
            .extend(Some(message?).filter(|message| message != "ok"));
    }
    if !checked.damage.is_empty() {
        return Ok(checked);
    }
    connection.execute_batch(NEWEST)?;
    let number = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, i64>(0));
    checked.n_events = number("SELECT count(*) FROM events")?;
    checked.newest_seq = number("SELECT seq FROM newest")?;
    for (since, all) in [
        (1, CONTRADICTIONS),
        (2, CONTRADICTIONS_2),
        (4, CONTRADICTIONS_4),
    ] {
        for (what, sql) in all.iter().filter(|_| version >= since) {
            let n_found = number(sql)?;
            if n_found > 0 {
                checked.contradictions.push(format!("{n_found} {what}"));
            }
        }
    }
    connection.execute_batch("DROP VIEW newest")?;
    Ok(checked)
}
