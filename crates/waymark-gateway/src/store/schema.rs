//! The tables of the SQLite file.

use rusqlite::Connection;

use super::StoreError;
use crate::limits::{STORE_CACHE_KIB, WAL_CHECKPOINT_PAGES, WAL_KEPT_BYTES};

/// The version of the tables below, stored as SQLite's `user_version`.
const VERSION: i64 = 2;

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
-- compared with the first event: one from a server supersedes one from a browser.
CREATE TABLE message_ids (
    run INTEGER NOT NULL,
    id BLOB NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (run, id)
) WITHOUT ROWID;

-- The finished runs, each with a filter that tells which ids are not in it.
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

/// Sets the connection up for durable writing, and creates or upgrades the tables.
pub(super) fn prepare(connection: &Connection) -> Result<(), StoreError> {
    connection.execute_batch(&format!(
        "PRAGMA page_size = 8192;
         PRAGMA journal_mode = WAL;
         PRAGMA synchronous = FULL;
         PRAGMA wal_autocheckpoint = {WAL_CHECKPOINT_PAGES};
         PRAGMA journal_size_limit = {};
         PRAGMA cache_size = -{STORE_CACHE_KIB};
         PRAGMA temp_store = MEMORY;",
        WAL_KEPT_BYTES,
    ))?;
    let version: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    match version {
        0 => {
            connection.execute_batch(&format!(
                "BEGIN IMMEDIATE; {TABLES} {TABLES_2} PRAGMA user_version = {VERSION}; COMMIT;"
            ))?;
            Ok(())
        }
        1 => {
            connection.execute_batch(&format!(
                "BEGIN IMMEDIATE; {TABLES_2} PRAGMA user_version = {VERSION}; COMMIT;"
            ))?;
            Ok(())
        }
        VERSION => Ok(()),
        newer => Err(StoreError::NewerVersion(newer)),
    }
}
