//! Where the forwarding of a source begins, and the cursors that nobody moves any more.

use rusqlite::{Connection, OptionalExtension, params};

use super::totals::{keep, saved};
use super::{EventReader, StoreError, Totals};
use crate::limits::FORWARD_SAVE_EVENTS;

/// Set while the sources without a cursor may be those of a gateway of an earlier version.
const FROM_BEGINNING: &str = "cursors_from_beginning";

/// The event with which the forwarding of a source begins.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ForwardStart {
    /// The first one after the gateway's start.
    #[default]
    Now,
    /// The first one that is stored.
    Beginning,
    /// The first one that was received at this time or later, in milliseconds since 1970.
    Date(i64),
}

/// Gives each of these sources a cursor, unless it has one. `None` stands for the default.
pub(super) fn set(
    connection: &Connection,
    totals: Totals,
    sources: &[(i64, Option<ForwardStart>)],
) -> Result<(), StoreError> {
    let default = match saved(connection, FROM_BEGINNING)? {
        Some(1) => ForwardStart::Beginning,
        _ => ForwardStart::default(),
    };
    for (source_id, start) in sources {
        let has_cursor: bool = connection.query_row(
            "SELECT EXISTS (SELECT 1 FROM forward_cursors WHERE source_id = ?1)",
            [source_id],
            |row| row.get(0),
        )?;
        if has_cursor {
            continue;
        }
        let through_seq = match start.unwrap_or(default) {
            ForwardStart::Beginning => 0,
            ForwardStart::Now => totals.stored,
            ForwardStart::Date(ms) => first_since(connection, totals.stored, ms)? - 1,
        };
        connection.execute(
            "INSERT INTO forward_cursors VALUES (?1, ?2)",
            [*source_id, through_seq],
        )?;
        tell_start(connection, *source_id, through_seq)?;
    }
    keep(connection, FROM_BEGINNING, 0)?;
    Ok(())
}

/// The number of the first event that was received at this time or later. Events are in the order
/// of their times but for moments, so half of the rest is left out at each look.
fn first_since(connection: &Connection, newest_seq: i64, since_ms: i64) -> rusqlite::Result<i64> {
    let (mut low, mut high) = (1, newest_seq + 1);
    while low < high {
        let middle = low + (high - low) / 2;
        let next: Option<(i64, i64)> = connection
            .prepare_cached(
                "SELECT seq, received_ms FROM events WHERE seq >= ?1 ORDER BY seq LIMIT 1",
            )?
            .query_row([middle], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        match next {
            Some((seq, received_ms)) if received_ms < since_ms => low = seq + 1,
            _ => high = middle,
        }
    }
    Ok(low)
}

impl EventReader {
    /// The number of the last event that was received before this time, in milliseconds since
    /// 1970.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn last_before(&self, time_ms: i64) -> Result<i64, StoreError> {
        let newest_seq = self.last_seq()?;
        Ok(first_since(&self.connection, newest_seq, time_ms)? - 1)
    }
}

fn tell_start(connection: &Connection, source_id: i64, through_seq: i64) -> rusqlite::Result<()> {
    if through_seq == 0 {
        return Ok(());
    }
    let source = name(connection, source_id)?;
    tracing::info!(
        source,
        after_seq = through_seq,
        "forwarding begins after this event; `start` of the source's `forward` says where, when \
         it begins for the first time"
    );
    Ok(())
}

/// Deletes the cursors of these sources, so that nothing of theirs is kept for a destination.
pub(super) fn abandon(connection: &Connection, sources: &[String]) -> Result<(), StoreError> {
    for source in sources {
        let n_deleted = connection.execute(
            "DELETE FROM forward_cursors
             WHERE source_id IN (SELECT id FROM sources WHERE name = ?1)",
            [source],
        )?;
        if n_deleted > 0 {
            tracing::info!(
                source,
                "events of this source wait for no destination any more"
            );
        }
    }
    Ok(())
}

/// Logs which sources have events that wait for a destination that is not configured. `ids` are
/// the sources that are forwarded.
pub(super) fn tell_orphans(connection: &Connection, ids: &[i64]) -> Result<(), StoreError> {
    let mut statement = connection.prepare("SELECT source_id, through_seq FROM forward_cursors")?;
    let cursors: Vec<(i64, i64)> = statement
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    for (source_id, cursor) in cursors {
        if ids.contains(&source_id) || !waits(connection, source_id, cursor)? {
            continue;
        }
        let source = name(connection, source_id)?;
        tracing::warn!(
            source,
            cursor,
            "events of this source wait for a destination, but it is not forwarded any more: give \
             it its name and `forward` back, or add it to `store.abandoned_sources`"
        );
    }
    Ok(())
}

/// Whether events of a source come soon after its cursor. A forwarder never leaves its cursor
/// further behind what it has passed.
fn waits(connection: &Connection, source_id: i64, cursor: i64) -> rusqlite::Result<bool> {
    connection.query_row(
        "SELECT EXISTS (SELECT 1 FROM
             (SELECT source_id FROM events WHERE seq > ?1 ORDER BY seq LIMIT ?2)
         WHERE source_id = ?3)",
        params![cursor, FORWARD_SAVE_EVENTS, source_id],
        |row| row.get(0),
    )
}

fn name(connection: &Connection, source_id: i64) -> rusqlite::Result<Option<String>> {
    connection
        .query_row(
            "SELECT name FROM sources WHERE id = ?1",
            [source_id],
            |row| row.get(0),
        )
        .optional()
}
