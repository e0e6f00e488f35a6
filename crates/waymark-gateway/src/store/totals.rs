//! The store's totals, which number its rows. A number is never given twice, even when its row
//! was deleted: cursors, message ids and exports outside the file go by it.

use rusqlite::{Connection, OptionalExtension, params};

use super::Totals;

const LAST_SEQ: &str = "last_seq";
const LAST_REJECTED: &str = "last_rejected";
const DUPLICATES: &str = "duplicates";

/// Every number of an event that anything in the file refers to. Files of earlier versions do
/// not have the last number itself.
const REFERENCES: &str = "
    SELECT coalesce(max(seq), 0) FROM (
        SELECT max(through_seq) AS seq FROM forward_cursors
        UNION ALL SELECT max(value) FROM meta WHERE name = 'in_runs_seq'
        UNION ALL SELECT max(by_seq) FROM superseded
        UNION ALL SELECT max(seq) FROM dead_letters
    )";

/// Loads the totals, logs an alarm for each cursor beyond the newest event, and counts those.
pub(super) fn load(connection: &Connection) -> rusqlite::Result<(Totals, usize)> {
    let number = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, i64>(0));
    let newest_seq = number("SELECT coalesce(max(seq), 0) FROM events")?
        .max(saved(connection, LAST_SEQ)?.unwrap_or(0));
    let n_beyond = warn_of_cursors_beyond(connection, newest_seq)?;
    let totals = Totals {
        stored: newest_seq.max(number(REFERENCES)?),
        duplicates: saved(connection, DUPLICATES)?.unwrap_or(0),
        rejected: number("SELECT coalesce(max(id), 0) FROM rejected")?
            .max(saved(connection, LAST_REJECTED)?.unwrap_or(0)),
    };
    Ok((totals, n_beyond))
}

/// Saves the totals that the open transaction changed.
pub(super) fn save(connection: &Connection, before: Totals, after: Totals) -> rusqlite::Result<()> {
    for (name, before, after) in [
        (LAST_SEQ, before.stored, after.stored),
        (DUPLICATES, before.duplicates, after.duplicates),
        (LAST_REJECTED, before.rejected, after.rejected),
    ] {
        if before != after {
            keep(connection, name, after)?;
        }
    }
    Ok(())
}

/// A number that the file keeps by name.
pub(super) fn saved(connection: &Connection, name: &str) -> rusqlite::Result<Option<i64>> {
    connection
        .query_row("SELECT value FROM meta WHERE name = ?1", [name], |row| {
            row.get(0)
        })
        .optional()
}

/// Keeps a number by name, within the open transaction.
pub(super) fn keep(connection: &Connection, name: &str, value: i64) -> rusqlite::Result<()> {
    connection
        .prepare_cached("INSERT OR REPLACE INTO meta VALUES (?1, ?2)")?
        .execute(params![name, value])?;
    Ok(())
}

fn warn_of_cursors_beyond(connection: &Connection, newest_seq: i64) -> rusqlite::Result<usize> {
    let mut statement = connection.prepare(
        "SELECT s.name, c.destination, c.through_seq FROM forward_cursors c JOIN sources s ON s.id = c.source_id
         WHERE c.through_seq > ?1",
    )?;
    let mut rows = statement.query([newest_seq])?;
    let mut n_beyond = 0;
    while let Some(row) = rows.next()? {
        n_beyond += 1;
        let (source, destination): (String, String) = (row.get(0)?, row.get(1)?);
        let cursor: i64 = row.get(2)?;
        tracing::error!(
            source,
            destination,
            cursor,
            newest_seq,
            "the cursor of a destination is beyond the newest event: events were deleted or the file \
             was mixed from several; events that are numbered up to the cursor are not forwarded"
        );
    }
    Ok(n_beyond)
}
