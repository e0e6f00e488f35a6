//! Which events are there already. Recent message ids stand in memory and go to the table in
//! sorted runs, a part with each commit: a random insert into a large tree would write a page
//! for each event, a sorted run touches each page once. After a crash the ids that were not
//! merged yet are read back from the events themselves.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension, params};

use crate::limits::{DEDUPE_GENERATION_DAYS, MERGE_STEP_IDS, PRUNE_STEP_IDS, RECENT_IDS_MAX};

/// 16 bytes of hash(source, messageId).
pub(super) type IdHash = [u8; 16];

/// Least ids merged with a commit while a run is being merged.
const MERGE_STEP_LEAST: usize = 256;

/// Ids merged for each event of the commit, so that a run is merged before the next is full.
const MERGED_PER_EVENT: usize = 4;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// The hash under which an event is known.
pub(super) fn id_hash(source_id: i64, message_id: &str) -> IdHash {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&source_id.to_le_bytes());
    hasher.update(message_id.as_bytes());
    let mut hash = IdHash::default();
    hasher.finalize_xof().fill(&mut hash);
    hash
}

/// The generation a message id belongs to when it is merged at this time.
pub(super) fn generation_at(now_ms: i64) -> i64 {
    now_ms.div_euclid(DEDUPE_GENERATION_DAYS * DAY_MS)
}

/// All message ids the gateway still knows, and their events' numbers.
#[derive(Debug, Default)]
pub(super) struct SeenIds {
    /// Not merged yet.
    recent: HashMap<IdHash, i64>,
    /// Of those, what the open transaction added.
    added: Vec<IdHash>,
    /// A sorted run on its way into the table.
    merging: Vec<(IdHash, i64)>,
    /// How many of the run are in the table, durably.
    merged: usize,
    /// The same with what the open transaction merged.
    merged_next: usize,
    /// Generations that have rows in the table.
    generations: Vec<i64>,
}

impl SeenIds {
    /// Reads what is needed from the file after a start.
    pub(super) fn load(connection: &Connection) -> rusqlite::Result<Self> {
        let mut seen = Self::default();
        let mut after = i64::MIN;
        while let Some(generation) = connection.query_row(
            "SELECT min(generation) FROM message_ids WHERE generation > ?1",
            [after],
            |row| row.get::<_, Option<i64>>(0),
        )? {
            seen.generations.push(generation);
            after = generation;
        }
        let merged_seq: Option<i64> = connection
            .query_row(
                "SELECT value FROM meta WHERE name = 'merged_seq'",
                [],
                |row| row.get(0),
            )
            .optional()?;
        let mut statement =
            connection.prepare("SELECT seq, source_id, message_id FROM events WHERE seq > ?1")?;
        let mut rows = statement.query([merged_seq.unwrap_or(0)])?;
        while let Some(row) = rows.next()? {
            let hash = id_hash(row.get(1)?, row.get_ref(2)?.as_str()?);
            seen.recent.insert(hash, row.get(0)?);
        }
        Ok(seen)
    }

    /// The number of the event with this id, if there is one.
    pub(super) fn find(
        &self,
        connection: &Connection,
        generation: i64,
        id: &IdHash,
    ) -> rusqlite::Result<Option<i64>> {
        if let Some(seq) = self.recent.get(id) {
            return Ok(Some(*seq));
        }
        if let Ok(at) = self
            .merging
            .binary_search_by(|(merging, _)| merging.cmp(id))
        {
            return Ok(Some(self.merging[at].1));
        }
        for known in &self.generations {
            if *known >= generation - 1 {
                let mut statement = connection.prepare_cached(
                    "SELECT seq FROM message_ids WHERE generation = ?1 AND id = ?2",
                )?;
                let found = statement
                    .query_row(params![known, id.as_slice()], |row| row.get(0))
                    .optional()?;
                if found.is_some() {
                    return Ok(found);
                }
            }
        }
        Ok(None)
    }

    /// Notes an event of the open transaction.
    pub(super) fn add(&mut self, id: IdHash, seq: i64) {
        self.recent.insert(id, seq);
        self.added.push(id);
    }

    /// Within the open transaction: merges a part of the run and forgets a part of what is too
    /// old. To be called before the transaction's events are added.
    pub(super) fn tidy(
        &mut self,
        connection: &Connection,
        generation: i64,
        n_events: usize,
    ) -> rusqlite::Result<()> {
        self.prune(connection, generation)?;
        if self.merging.is_empty() && self.recent.len() >= RECENT_IDS_MAX {
            self.merging = self.recent.drain().collect();
            self.merging.sort_unstable();
            self.merged = 0;
        }
        if self.merging.is_empty() {
            return Ok(());
        }
        if !self.generations.contains(&generation) {
            self.generations.push(generation);
        }
        let step = (n_events * MERGED_PER_EVENT).clamp(MERGE_STEP_LEAST, MERGE_STEP_IDS);
        let end = (self.merged + step).min(self.merging.len());
        let mut insert = connection.prepare_cached(
            "INSERT OR IGNORE INTO message_ids (generation, id, seq) VALUES (?1, ?2, ?3)",
        )?;
        for (id, seq) in &self.merging[self.merged..end] {
            insert.execute(params![generation, id.as_slice(), seq])?;
        }
        if end == self.merging.len() {
            let newest = self.merging.iter().map(|(_, seq)| *seq).max();
            connection
                .prepare_cached("INSERT OR REPLACE INTO meta VALUES ('merged_seq', ?1)")?
                .execute([newest])?;
        }
        self.merged_next = end;
        Ok(())
    }

    fn prune(&mut self, connection: &Connection, generation: i64) -> rusqlite::Result<()> {
        let Some(at) = self
            .generations
            .iter()
            .position(|old| *old < generation - 1)
        else {
            return Ok(());
        };
        let n_deleted = connection.execute(
            "DELETE FROM message_ids WHERE generation = ?1 AND id IN
             (SELECT id FROM message_ids WHERE generation = ?1 LIMIT ?2)",
            params![self.generations[at], PRUNE_STEP_IDS],
        )?;
        if n_deleted == 0 {
            self.generations.remove(at);
        }
        Ok(())
    }

    /// The open transaction is durable.
    pub(super) fn committed(&mut self) {
        self.added.clear();
        self.merged = self.merged_next;
        if self.merged == self.merging.len() {
            self.merging = Vec::new();
            self.merged = 0;
        }
        self.merged_next = self.merged;
    }

    /// The open transaction was undone.
    pub(super) fn rolled_back(&mut self) {
        for id in self.added.drain(..) {
            self.recent.remove(&id);
        }
        self.merged_next = self.merged;
    }
}
