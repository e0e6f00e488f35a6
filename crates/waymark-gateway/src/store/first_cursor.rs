//! Where the forwarding of a source begins, and the cursors that nobody moves any more.

use rusqlite::{Connection, OptionalExtension, params};

use super::totals::{keep, saved};
use super::{EventReader, StoreError, Totals};
use crate::config::FORWARD;
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

/// A destination of a source, which needs a cursor.
#[derive(Debug, Clone)]
pub struct FirstCursor {
    /// The number of the source.
    pub source_id: i64,
    /// The destination's name.
    pub destination: String,
    /// Where it begins. `None` stands for the default.
    pub start: Option<ForwardStart>,
}

/// Gives each of these destinations a cursor, unless it has one.
pub(super) fn set(
    connection: &Connection,
    totals: Totals,
    destinations: &[FirstCursor],
) -> Result<(), StoreError> {
    let was_earlier = saved(connection, FROM_BEGINNING)? == Some(1);
    for FirstCursor {
        source_id,
        destination,
        start,
    } in destinations
    {
        let has_cursor: bool = connection.query_row(
            "SELECT EXISTS (SELECT 1 FROM forward_cursors
             WHERE source_id = ?1 AND destination = ?2)",
            params![source_id, destination],
            |row| row.get(0),
        )?;
        if has_cursor {
            continue;
        }
        // Earlier versions had this destination only, and began with the first event.
        let default = if was_earlier && destination == FORWARD {
            ForwardStart::Beginning
        } else {
            ForwardStart::default()
        };
        let through_seq = match start.unwrap_or(default) {
            ForwardStart::Beginning => 0,
            ForwardStart::Now => totals.stored,
            ForwardStart::Date(ms) => first_since(connection, totals.stored, ms)? - 1,
        };
        connection.execute(
            "INSERT INTO forward_cursors VALUES (?1, ?2, ?3)",
            params![source_id, destination, through_seq],
        )?;
        tell_start(connection, *source_id, destination, through_seq)?;
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

fn tell_start(
    connection: &Connection,
    source_id: i64,
    destination: &str,
    through_seq: i64,
) -> rusqlite::Result<()> {
    if through_seq == 0 {
        return Ok(());
    }
    let source = name(connection, source_id)?;
    tracing::info!(
        source,
        destination,
        after_seq = through_seq,
        "forwarding begins after this event; `start` of the destination says where, when it begins \
         for the first time"
    );
    Ok(())
}

/// Deletes the cursors of these sources, or of single destinations (`source/destination`), so that
/// nothing of theirs is kept for them.
pub(super) fn abandon(connection: &Connection, names: &[String]) -> Result<(), StoreError> {
    for name in names {
        let n_deleted = connection.execute(
            "DELETE FROM forward_cursors WHERE EXISTS
             (SELECT 1 FROM sources s WHERE s.id = source_id
              AND (s.name = ?1 OR s.name || '/' || destination = ?1))",
            [name],
        )?;
        if n_deleted > 0 {
            tracing::info!(name, "events wait for this destination no more");
        }
    }
    Ok(())
}

/// Logs which destinations have events that wait for them, but are not configured.
pub(super) fn tell_orphans(
    connection: &Connection,
    configured: &[FirstCursor],
) -> Result<(), StoreError> {
    let mut statement =
        connection.prepare("SELECT source_id, destination, through_seq FROM forward_cursors")?;
    let cursors: Vec<(i64, String, i64)> = statement
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
        .collect::<Result<_, _>>()?;
    for (source_id, destination, cursor) in cursors {
        let is_configured = configured
            .iter()
            .any(|one| one.source_id == source_id && one.destination == destination);
        if is_configured || !waits(connection, source_id, cursor)? {
            continue;
        }
        let source = name(connection, source_id)?;
        tracing::warn!(
            source,
            destination,
            cursor,
            "events of this source wait for a destination, but it is not forwarded any more: give \
             it its name and `forward` (or the destination) back, or add it to \
             `store.abandoned_sources`"
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
