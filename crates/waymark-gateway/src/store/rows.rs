//! What a commit reads and writes of single rows.

use rusqlite::{Connection, OptionalExtension, params};

use super::dedupe::First;
use super::{ForwardProgress, StoreError, dead_letters, remains};
use crate::config::KeyKind;
use crate::ingest::{PreparedEvent, RejectedEvent};
use crate::limits::REJECTED_KEPT_ROWS;

/// What an event is to the store.
pub(super) enum Known {
    /// An event that is not stored.
    New,
    /// A repeat of the event with this number.
    Repeat(i64),
    /// A server's version of the browser's event with this number.
    Superseding(i64),
}

/// Compares an event with the first one of its id, if that is known. Browser keys are public, so
/// an event that came with one must not keep out the server's.
pub(super) fn known_as(
    connection: &Connection,
    event: &PreparedEvent,
    first: Option<First>,
) -> Result<Known, StoreError> {
    let Some(First { seq, by_server }) = first else {
        return Ok(Known::New);
    };
    if by_server || event.key_kind != KeyKind::Server {
        return Ok(Known::Repeat(seq));
    }
    let first_kind: Option<i64> = connection
        .prepare_cached("SELECT key_kind FROM events WHERE seq = ?1")?
        .query_row([seq], |row| row.get(0))
        .optional()?;
    Ok(match first_kind {
        Some(kind) if kind == KeyKind::Browser as i64 => Known::Superseding(seq),
        Some(_) => Known::Repeat(seq),
        // The browser's is deleted, so the server's is stored as the only one.
        None => Known::New,
    })
}

/// Keeps an event under its number.
pub(super) fn insert_event(
    connection: &Connection,
    seq: i64,
    event: &PreparedEvent,
) -> Result<(), StoreError> {
    let text = std::str::from_utf8(&event.text)
        .map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))?;
    connection
        .prepare_cached(
            "INSERT INTO events (seq, source_id, key_kind, type, received_ms, timestamp_ms,
                 message_id, user_id, anonymous_id, name, ip, event)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
        )?
        .execute(params![
            seq,
            event.source_id,
            event.key_kind as i64,
            event.event_type as i64,
            event.received_ms,
            event.timestamp_ms,
            event.message_id,
            event.user_id,
            event.anonymous_id,
            event.name,
            event.ip,
            text,
        ])?;
    Ok(())
}

/// Keeps an event that was turned away.
pub(super) fn insert_rejected(
    connection: &Connection,
    id: i64,
    rejected: &RejectedEvent,
) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "INSERT INTO rejected (id, source_id, received_ms, code, message, raw)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute(params![
            id,
            rejected.source_id,
            rejected.received_ms,
            rejected.code,
            rejected.message,
            rejected.raw,
        ])?;
    Ok(())
}

/// Forgets the rejected events beyond the limit. `last_id` is the number of the newest.
pub(super) fn forget_rejected(connection: &Connection, last_id: i64) -> rusqlite::Result<()> {
    let through = last_id - REJECTED_KEPT_ROWS;
    let n_deleted = connection
        .prepare_cached("DELETE FROM rejected WHERE id <= ?1")?
        .execute([through])?;
    if n_deleted > 0 {
        remains::overwrite(connection, "rejected", [(through, through)])?;
    }
    Ok(())
}

/// Keeps how far a destination has come, and what it refused.
pub(super) fn write_progress(
    connection: &Connection,
    progress: &ForwardProgress,
    now_ms: i64,
) -> Result<(), StoreError> {
    connection
        .prepare_cached("INSERT OR REPLACE INTO forward_cursors VALUES (?1, ?2, ?3)")?
        .execute(params![
            progress.source_id,
            progress.destination,
            progress.through_seq
        ])?;
    for letter in &progress.dead_letters {
        dead_letters::insert(
            connection,
            progress.source_id,
            &progress.destination,
            letter,
            now_ms,
        )?;
    }
    Ok(())
}
