//! Overwrites what deleting leaves behind in pages that stay in use. SQLite overwrites a row that
//! it deletes (`secure_delete`). But where pages have become rather empty it merges them, and may
//! leave a copy of a row in the free space of the page that the row came from, which nobody finds
//! when that row is deleted later. Only free space is written to, by `sqlite_dbpage`, within the
//! transaction that deletes.

use std::collections::{HashMap, HashSet};

use rusqlite::{Connection, params};

/// The first byte of a page with rows, and of one that leads to such pages.
const LEAF: u8 = 13;
const INTERIOR: u8 = 5;

/// Bytes of the heads of these pages.
const LEAF_HEAD_BYTES: usize = 8;
const INTERIOR_HEAD_BYTES: usize = 12;

/// Pages beside that of a deleted row that a merge may have touched: SQLite merges three at once.
const NEIGHBOURS: usize = 3;

/// Overwrites the remains of rows of a table that were deleted in the open transaction: those with
/// numbers in these ranges, both ends included, and all that lay near them.
pub(super) fn overwrite(
    connection: &Connection,
    table: &str,
    ranges: impl IntoIterator<Item = (i64, i64)>,
) -> rusqlite::Result<()> {
    let root = connection
        .prepare_cached("SELECT rootpage FROM sqlite_schema WHERE type = 'table' AND name = ?1")?
        .query_row([table], |row| row.get(0))?;
    let mut tree = Tree {
        connection,
        root,
        pages: HashMap::new(),
        done: HashSet::new(),
    };
    for (from, to) in ranges {
        tree.overwrite_between(from, to)?;
    }
    Ok(())
}

/// A table's pages, as of the open transaction.
struct Tree<'a> {
    connection: &'a Connection,
    root: u32,
    /// Those that lead to others.
    pages: HashMap<u32, Vec<u8>>,
    /// Those with rows that hold no remains.
    done: HashSet<u32>,
}

/// A page with rows, and the numbers that it may hold: above `low`, up to `high`. Without such a
/// bound it is the first or last page.
#[derive(Debug, Clone, Copy)]
struct Leaf {
    page: u32,
    low: Option<i64>,
    high: Option<i64>,
}

impl Tree<'_> {
    fn overwrite_between(&mut self, from: i64, to: i64) -> rusqlite::Result<()> {
        let mut leaf = self.leaf_of(from)?;
        for _ in 0..NEIGHBOURS {
            let Some(low) = leaf.low else { break };
            leaf = self.leaf_of(low)?;
        }
        let mut n_after = 0;
        loop {
            self.clean(leaf.page)?;
            let Some(high) = leaf.high else {
                return Ok(());
            };
            n_after += usize::from(high >= to);
            if n_after > NEIGHBOURS {
                return Ok(());
            }
            leaf = self.leaf_of(high.saturating_add(1))?;
        }
    }

    /// The page that holds the row with this number, or would.
    fn leaf_of(&mut self, number: i64) -> rusqlite::Result<Leaf> {
        let mut leaf = Leaf {
            page: self.root,
            low: None,
            high: None,
        };
        loop {
            if self.done.contains(&leaf.page) {
                return Ok(leaf);
            }
            if !self.pages.contains_key(&leaf.page) {
                let bytes = read(self.connection, leaf.page)?;
                if bytes.first() != Some(&INTERIOR) {
                    return Ok(leaf);
                }
                self.pages.insert(leaf.page, bytes);
            }
            let child = self.pages.get(&leaf.page);
            let child = child.and_then(|bytes| child_for(bytes, number));
            let (page, low, high) = child.ok_or_else(damaged)?;
            leaf = Leaf {
                page,
                low: low.or(leaf.low),
                high: high.or(leaf.high),
            };
        }
    }

    fn clean(&mut self, page: u32) -> rusqlite::Result<()> {
        if !self.done.insert(page) {
            return Ok(());
        }
        let mut bytes = read(self.connection, page)?;
        if bytes.first() != Some(&LEAF) {
            return Err(damaged());
        }
        let mut has_remains = false;
        for (from, to) in free_space(&bytes).ok_or_else(damaged)? {
            let free = bytes.get_mut(from..to).ok_or_else(damaged)?;
            if free.iter().any(|byte| *byte != 0) {
                free.fill(0);
                has_remains = true;
            }
        }
        if has_remains {
            self.connection
                .prepare_cached("UPDATE sqlite_dbpage SET data = ?2 WHERE pgno = ?1")?
                .execute(params![page, bytes])?;
        }
        Ok(())
    }
}

fn read(connection: &Connection, page: u32) -> rusqlite::Result<Vec<u8>> {
    connection
        .prepare_cached("SELECT data FROM sqlite_dbpage WHERE pgno = ?1")?
        .query_row([page], |row| row.get(0))
}

fn damaged() -> rusqlite::Error {
    let code = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_CORRUPT);
    rusqlite::Error::SqliteFailure(code, None)
}

/// The page below this one for a number, and between which numbers it is.
fn child_for(bytes: &[u8], number: i64) -> Option<(u32, Option<i64>, Option<i64>)> {
    let mut low = None;
    for at in 0..number_at(bytes, 3)? {
        let cell = number_at(bytes, INTERIOR_HEAD_BYTES + 2 * at)?;
        let key = varint(bytes.get(cell + 4..)?)?;
        if number <= key {
            return Some((page_at(bytes, cell)?, low, Some(key)));
        }
        low = Some(key);
    }
    Some((page_at(bytes, 8)?, low, None))
}

/// Where a page with rows is free: between its head and its rows, and in the blocks between them.
fn free_space(bytes: &[u8]) -> Option<Vec<(usize, usize)>> {
    let head_end = LEAF_HEAD_BYTES + 2 * number_at(bytes, 3)?;
    let rows_start = number_at(bytes, 5)?;
    if rows_start < head_end || rows_start > bytes.len() {
        return None;
    }
    let mut free = vec![(head_end, rows_start)];
    let mut block = number_at(bytes, 1)?;
    while block != 0 {
        let (next, n_bytes) = (number_at(bytes, block)?, number_at(bytes, block + 2)?);
        let is_inside = block >= rows_start && n_bytes >= 4 && block + n_bytes <= bytes.len();
        if !is_inside || (next != 0 && next <= block) {
            return None;
        }
        // A block begins with the place of the next one and its own length.
        free.push((block + 4, block + n_bytes));
        block = next;
    }
    Some(free)
}

fn number_at(bytes: &[u8], at: usize) -> Option<usize> {
    let two = bytes.get(at..at + 2)?;
    Some(usize::from(u16::from_be_bytes(two.try_into().ok()?)))
}

fn page_at(bytes: &[u8], at: usize) -> Option<u32> {
    let four = bytes.get(at..at + 4)?;
    Some(u32::from_be_bytes(four.try_into().ok()?))
}

/// SQLite's integers of one to nine bytes: seven bits in each, eight in the ninth.
fn varint(bytes: &[u8]) -> Option<i64> {
    let mut value = 0_u64;
    for (at, byte) in bytes.iter().take(9).enumerate() {
        if at == 8 {
            return Some((value << 8 | u64::from(*byte)).cast_signed());
        }
        value = value << 7 | u64::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            return Some(value.cast_signed());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// People whose rows are deleted one person at a time, and the sizes of rows.
    const PEOPLE: usize = 60;

    fn person(number: usize) -> String {
        format!("person-{number:04}-")
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(12))]
        #[test]
        fn no_row_leaves_a_copy_and_no_other_is_harmed(
            rows in prop::collection::vec((0..PEOPLE, 0_usize..4, 0_usize..1_500), 200..600),
            gone in prop::collection::vec(0..PEOPLE, 1..PEOPLE),
        ) {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("a.sqlite");
            let connection = Connection::open(&path).unwrap();
            connection.execute_batch(
                "PRAGMA page_size = 8192; PRAGMA auto_vacuum = INCREMENTAL;
                 PRAGMA secure_delete = ON; PRAGMA journal_mode = WAL;
                 CREATE TABLE t (id INTEGER PRIMARY KEY, person TEXT, text TEXT);",
            ).unwrap();
            let mut kept = Vec::new();
            connection.execute_batch("BEGIN").unwrap();
            for (whose, times, n_bytes) in &rows {
                let whose = person(*whose);
                let text = whose.repeat(1 + times * n_bytes / whose.len());
                let sql = "INSERT INTO t (person, text) VALUES (?1, ?2)";
                connection.execute(sql, params![whose, text]).unwrap();
                kept.push((connection.last_insert_rowid(), whose, text));
            }
            connection.execute_batch("COMMIT").unwrap();
            for whose in &gone {
                let whose = person(*whose);
                connection.execute_batch("BEGIN").unwrap();
                let ids: Vec<i64> = kept.iter().filter(|row| row.1 == whose).map(|row| row.0).collect();
                for id in &ids {
                    connection.execute("DELETE FROM t WHERE id = ?1", [id]).unwrap();
                }
                overwrite(&connection, "t", ids.iter().map(|id| (*id, *id))).unwrap();
                connection.execute_batch("COMMIT").unwrap();
                kept.retain(|row| row.1 != whose);
            }
            let sql = "PRAGMA wal_checkpoint(TRUNCATE)";
            connection.query_row(sql, [], |_| Ok(())).unwrap();
            let file = std::fs::read(&path).unwrap();
            // A number has four digits.
            let found: Vec<usize> = file
                .windows(person(0).len())
                .filter(|part| part.starts_with(b"person-"))
                .filter_map(|part| std::str::from_utf8(&part[7..11]).ok()?.parse().ok())
                .filter(|whose| gone.contains(whose))
                .collect();
            prop_assert!(found.is_empty(), "{found:?}");
            let left: Vec<(i64, String, String)> = connection
                .prepare("SELECT id, person, text FROM t ORDER BY id").unwrap()
                .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).unwrap()
                .collect::<Result<_, _>>().unwrap();
            prop_assert!(left == kept, "other rows changed");
            let sound: String = connection
                .query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
            prop_assert_eq!(sound, "ok");
        }
    }
}
