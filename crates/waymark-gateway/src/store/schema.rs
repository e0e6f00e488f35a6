//! The tables of the SQLite file.

use rusqlite::Connection;

use super::StoreError;
use crate::limits::{STORE_CACHE_KIB, WAL_CHECKPOINT_PAGES, WAL_KEPT_BYTES};

/// The version of the tables below, stored as SQLite's `user_version`.
const VERSION: i64 = 5;

const TABLES: &str = "
CREATE TABLE meta (
    name TEXT PRIMARY KEY,
    value INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE sources (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
);

-- In the order of their commits. The number is the only index, so that appending stays
-- sequential.
CREATE TABLE events (
    seq INTEGER PRIMARY KEY,
    source_id INTEGER NOT NULL,
    key_kind INTEGER NOT NULL,
    type INTEGER NOT NULL,
    received_ms INTEGER NOT NULL,
    timestamp_ms INTEGER NOT NULL,
    message_id TEXT NOT NULL,
    user_id TEXT,
    anonymous_id TEXT,
    name TEXT,
    ip TEXT,
    event TEXT NOT NULL
);

-- 16 bytes of hash(source, messageId), in sorted runs. With the event's number a repeat is
-- compared with the first event: one from a server supersedes one from a browser. The number of
-- a server's event is negative, so that it is known when the event is deleted.
CREATE TABLE message_ids (
    run INTEGER NOT NULL,
    id BLOB NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (run, id)
) WITHOUT ROWID;

-- The finished runs, each with a filter that tells which ids are not in it. The time is that for
-- which the gateway ran.
CREATE TABLE message_id_runs (
    run INTEGER PRIMARY KEY,
    finished_ms INTEGER NOT NULL,
    filter BLOB NOT NULL
);

CREATE TABLE rejected (
    id INTEGER PRIMARY KEY,
    source_id INTEGER NOT NULL,
    received_ms INTEGER NOT NULL,
    code TEXT NOT NULL,
    message TEXT NOT NULL,
    raw TEXT NOT NULL
);

CREATE TABLE forward_cursors (
    source_id INTEGER PRIMARY KEY,
    through_seq INTEGER NOT NULL
);

CREATE TABLE dead_letters (
    id INTEGER PRIMARY KEY,
    source_id INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    failed_ms INTEGER NOT NULL,
    status INTEGER NOT NULL,
    reason TEXT NOT NULL
);
";

/// The tables that version 2 added.
const TABLES_2: &str = "
-- Events of browsers that were superseded by an event of a server with the same id.
CREATE TABLE superseded (
    seq INTEGER PRIMARY KEY,
    by_seq INTEGER NOT NULL UNIQUE
);
";

/// What version 3 changed: numbers of servers' events are negative in `message_ids`, and each source
/// that is forwarded has a cursor from its first start. Those of earlier versions that have none
/// have delivered nothing yet.
const CHANGES_3: &str = "INSERT OR REPLACE INTO meta VALUES ('cursors_from_beginning', 1);";

/// The tables that version 4 added.
const TABLES_4: &str = "
-- One row: what the hashes of ids are keyed with.
CREATE TABLE erasure_salt (salt BLOB NOT NULL);
INSERT INTO erasure_salt VALUES (randomblob(32));

-- What was asked for and done, without the ids themselves: the receipts.
CREATE TABLE erasures (
    id INTEGER PRIMARY KEY,
    kind INTEGER NOT NULL,
    id_hash BLOB NOT NULL,
    asked_ms INTEGER NOT NULL,
    done_ms INTEGER,
    n_anonymous_ids INTEGER NOT NULL DEFAULT 0,
    n_events INTEGER NOT NULL DEFAULT 0,
    n_rejected INTEGER NOT NULL DEFAULT 0,
    n_dead_letters INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX erasures_under_way ON erasures (id) WHERE done_ms IS NULL;

-- The ids of erasures under way. They go before the erasure is finished.
CREATE TABLE erasing (
    id INTEGER PRIMARY KEY,
    erasure INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    value TEXT NOT NULL
);

-- Salted hashes of the ids that are refused. While the erasure is under way they have no time.
CREATE TABLE erased_ids (
    id_hash BLOB PRIMARY KEY,
    kind INTEGER NOT NULL,
    erasure INTEGER NOT NULL,
    erased_ms INTEGER
) WITHOUT ROWID;

CREATE INDEX dead_letters_by_seq ON dead_letters (seq);
";

/// The version of a file that is not changed.
///
/// # Errors
/// When it is newer than this program, or the file is no store.
pub(super) fn version_of(connection: &Connection) -> Result<i64, StoreError> {
    let version: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if version > VERSION {
        return Err(StoreError::NewerVersion(version));
    }
    let has_events: bool = connection.query_row(
        "SELECT count(*) = 2 FROM sqlite_schema
         WHERE type = 'table' AND name IN ('events', 'forward_cursors')",
        [],
        |row| row.get(0),
    )?;
    if version < 1 || !has_events {
        return Err(StoreError::NotAStore);
    }
    Ok(version)
}

/// What version 5 changed: a source has several destinations, each with a cursor of its own. The one
/// that it had is `forward`.
const CHANGES_5: &str = "
ALTER TABLE forward_cursors RENAME TO forward_cursors_4;
CREATE TABLE forward_cursors (
    source_id INTEGER NOT NULL,
    destination TEXT NOT NULL,
    through_seq INTEGER NOT NULL,
    PRIMARY KEY (source_id, destination)
) WITHOUT ROWID;
INSERT INTO forward_cursors SELECT source_id, 'forward', through_seq FROM forward_cursors_4;
DROP TABLE forward_cursors_4;
ALTER TABLE dead_letters ADD COLUMN destination TEXT NOT NULL DEFAULT 'forward';
";

/// Sets the connection up for durable writing, and creates or upgrades the tables.
pub(super) fn prepare(connection: &Connection) -> Result<(), StoreError> {
    connection.execute_batch(&format!(
        "PRAGMA page_size = 8192;
         PRAGMA auto_vacuum = INCREMENTAL;
         PRAGMA journal_mode = WAL;
         PRAGMA synchronous = FULL;
         PRAGMA wal_autocheckpoint = {WAL_CHECKPOINT_PAGES};
         PRAGMA journal_size_limit = {};
         PRAGMA cache_size = -{STORE_CACHE_KIB};
         PRAGMA temp_store = MEMORY;
         PRAGMA secure_delete = ON;",
        WAL_KEPT_BYTES,
    ))?;
    let version: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let changes = match version {
        0 => format!("{TABLES} {TABLES_2} {TABLES_4} {CHANGES_5}"),
        1 => format!("{TABLES_2} {CHANGES_3} {TABLES_4} {CHANGES_5}"),
        2 => format!("{CHANGES_3} {TABLES_4} {CHANGES_5}"),
        3 => format!("{TABLES_4} {CHANGES_5}"),
        4 => CHANGES_5.to_owned(),
        VERSION => return Ok(()),
        newer => return Err(StoreError::NewerVersion(newer)),
    };
    connection.execute_batch(&format!(
        "BEGIN IMMEDIATE; {changes} PRAGMA user_version = {VERSION}; COMMIT;"
    ))?;
    Ok(())
}
