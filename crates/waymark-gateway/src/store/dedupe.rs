//! Which events are there already. Recent message ids stand in memory and go to the table in
//! sorted runs, a part with each commit: a random insert into a large tree would write a page
//! for each event, a sorted run touches each page once. After a crash the ids that were not
//! merged yet are read back from the events themselves.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension, params};

use crate::limits::{DEDUPE_GENERATION_DAYS, MERGE_STEP_IDS, PRUNE_STEP_IDS};

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
#[derive(Debug)]
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
    /// How many recent ids make a run.
    run_ids: usize,
}

impl SeenIds {
    /// Reads what is needed from the file after a start. `run_ids` recent ids make a run.
    pub(super) fn load(connection: &Connection, run_ids: usize) -> rusqlite::Result<Self> {
        let mut seen = Self {
            recent: HashMap::new(),
            added: Vec::new(),
            merging: Vec::new(),
            merged: 0,
            merged_next: 0,
            generations: Vec::new(),
            run_ids,
        };
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
        if self.merging.is_empty() && self.recent.len() >= self.run_ids {
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

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use proptest::prelude::*;

    use super::*;
    use crate::store::schema;

    /// So few that every case merges several runs.
    const RUN_IDS: usize = 300;

    /// One transaction: the ids of its events, and whether it is undone or the gateway killed
    /// after it.
    #[derive(Debug, Clone)]
    enum Step {
        Commit(Vec<u16>),
        Undo(Vec<u16>),
        Restart,
    }

    fn step() -> impl Strategy<Value = Step> {
        let ids = || prop::collection::vec(0_u16..2_000, 0..200);
        prop_oneof![
            6 => ids().prop_map(Step::Commit),
            2 => ids().prop_map(Step::Undo),
            1 => Just(Step::Restart),
        ]
    }

    fn begin(connection: &Connection, seen: &mut SeenIds, n_events: usize) {
        connection.execute_batch("BEGIN").unwrap();
        seen.tidy(connection, 100, n_events).unwrap();
    }

    /// Adds those of `ids` that are new, as the store does; checks each against `known`.
    fn add_all(
        connection: &Connection,
        seen: &mut SeenIds,
        ids: &[u16],
        known: &mut HashMap<u16, i64>,
    ) {
        for id in ids {
            let message_id = id.to_string();
            let hash = id_hash(1, &message_id);
            let found = seen.find(connection, 100, &hash).unwrap();
            assert_eq!(found, known.get(id).copied(), "{id}");
            if found.is_none() {
                let seq = known.values().max().map_or(1, |newest| newest + 1);
                connection
                    .execute(
                        "INSERT INTO events (seq, source_id, key_kind, type, received_ms,
                             timestamp_ms, message_id, event) VALUES (?1, 1, 0, 0, 0, 0, ?2, '')",
                        params![seq, message_id],
                    )
                    .unwrap();
                seen.add(hash, seq);
                known.insert(*id, seq);
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]
        #[test]
        fn exactly_the_committed_ids_are_known_whatever_is_undone_or_killed(
            steps in prop::collection::vec(step(), 1..40)
        ) {
            let connection = Connection::open_in_memory().unwrap();
            schema::prepare(&connection).unwrap();
            let mut seen = SeenIds::load(&connection, RUN_IDS).unwrap();
            let mut known = HashMap::new();
            for step in steps {
                match step {
                    Step::Commit(ids) => {
                        begin(&connection, &mut seen, ids.len());
                        add_all(&connection, &mut seen, &ids, &mut known);
                        connection.execute_batch("COMMIT").unwrap();
                        seen.committed();
                    }
                    Step::Undo(ids) => {
                        begin(&connection, &mut seen, ids.len());
                        add_all(&connection, &mut seen, &ids, &mut known.clone());
                        connection.execute_batch("ROLLBACK").unwrap();
                        seen.rolled_back();
                    }
                    Step::Restart => seen = SeenIds::load(&connection, RUN_IDS).unwrap(),
                }
            }
            let all: Vec<u16> = (0..2_000).collect();
            begin(&connection, &mut seen, 0);
            add_all(&connection, &mut seen, &all, &mut known);
        }
    }

    #[test]
    fn an_id_is_known_for_one_more_generation_and_then_forgotten() {
        let connection = Connection::open_in_memory().unwrap();
        schema::prepare(&connection).unwrap();
        let mut seen = SeenIds::load(&connection, 1).unwrap();
        let hash = id_hash(1, "a");
        seen.add(hash, 7);
        seen.committed();
        for _ in 0..2 {
            seen.tidy(&connection, 100, 1).unwrap();
            seen.committed();
        }
        assert_eq!(seen.find(&connection, 101, &hash).unwrap(), Some(7));
        assert_eq!(seen.find(&connection, 102, &hash).unwrap(), None);
        for _ in 0..2 {
            seen.tidy(&connection, 102, 1).unwrap();
            seen.committed();
        }
        let count = "SELECT count(*) FROM message_ids";
        let n_rows: i64 = connection.query_row(count, [], |row| row.get(0)).unwrap();
        assert_eq!((n_rows, seen.generations.len()), (0, 0));
    }

    #[test]
    fn a_generation_is_at_least_seven_days() {
        let day_ms = 24 * 60 * 60 * 1000;
        for merged_ms in [0, 3 * day_ms, 7 * day_ms - 1, 7 * day_ms] {
            let later = generation_at(merged_ms + 7 * day_ms);
            assert!(generation_at(merged_ms) >= later - 1);
        }
    }
}
