//! Recognises events that are stored already. Recent message ids are kept in memory. From time
//! to time they are written, sorted, as a run behind the earlier runs, a part with each commit,
//! so that the disk is written in order only: random inserts into one large tree would soon
//! write a page for each event. A small filter for each run tells without the disk that an id
//! is not in it. After a crash the ids that are in no finished run are read back from the events
//! themselves.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension, params};

use super::id_filter::{IdFilter, IdHash, id_hash};
use crate::config::KeyKind;
use crate::limits::{DEDUPE_MS, PRUNE_STEP_IDS, RUN_IDS_PER_EVENT, RUN_STEP_IDS, RUN_STEP_MIN_IDS};

/// The event that an id stands for. What is known of it does not go when it is deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct First {
    /// Its number.
    pub(super) seq: i64,
    /// Whether a server sent it, so that nothing supersedes it. Not known of those that a gateway
    /// of an earlier version wrote to a run.
    pub(super) by_server: bool,
}

impl First {
    /// The number in the file: that of a server's event is negative.
    const fn stored(self) -> i64 {
        if self.by_server { -self.seq } else { self.seq }
    }

    const fn from_stored(number: i64) -> Self {
        Self {
            seq: number.abs(),
            by_server: number < 0,
        }
    }
}

/// A finished run.
#[derive(Debug)]
struct Run {
    number: i64,
    /// In the time that the gateway ran: the machine's clock may jump.
    finished_ms: i64,
    filter: IdFilter,
}

/// All message ids that the gateway still knows, and their events.
#[derive(Debug)]
pub(super) struct SeenIds {
    /// Ids that are in no run yet.
    recent: HashMap<IdHash, First>,
    /// The ids that the open transaction added, with the events that they stood for before.
    added: Vec<(IdHash, Option<First>)>,
    /// The ids of the run that is being written, sorted.
    writing: Vec<(IdHash, First)>,
    /// How many of them have been committed.
    n_written: usize,
    /// How many of them will have been committed with the open transaction.
    n_written_next: usize,
    /// The run that the open transaction finished.
    finished: Option<Run>,
    /// Oldest first.
    runs: Vec<Run>,
    /// The number of recent ids that make a run.
    run_ids: usize,
    /// The ids of all events up to this number are in finished runs, or forgotten.
    in_runs_seq: i64,
    /// Whether the recent ids are to make a run though they are few.
    run_now: bool,
}

impl SeenIds {
    /// Loads the runs' filters and the recent ids. `run_ids` recent ids make a run.
    pub(super) fn load(connection: &Connection, run_ids: usize) -> rusqlite::Result<Self> {
        let mut runs = connection
            .prepare("SELECT run, finished_ms, filter FROM message_id_runs ORDER BY run")?;
        let runs = runs.query_map([], |row| {
            Ok(Run {
                number: row.get(0)?,
                finished_ms: row.get(1)?,
                filter: IdFilter::from_bytes(row.get(2)?),
            })
        })?;
        let runs = runs.collect::<Result<_, _>>()?;
        let in_runs_seq: Option<i64> = connection
            .query_row(
                "SELECT value FROM meta WHERE name = 'in_runs_seq'",
                [],
                |row| row.get(0),
            )
            .optional()?;
        let mut recent = HashMap::new();
        let mut statement = connection
            .prepare("SELECT seq, source_id, message_id, key_kind FROM events WHERE seq > ?1")?;
        let in_runs_seq = in_runs_seq.unwrap_or(0);
        let mut rows = statement.query([in_runs_seq])?;
        while let Some(row) = rows.next()? {
            let hash = id_hash(row.get(1)?, row.get_ref(2)?.as_str()?);
            let first = First {
                seq: row.get(0)?,
                by_server: row.get::<_, i64>(3)? == KeyKind::Server as i64,
            };
            recent.insert(hash, first);
        }
        Ok(Self {
            recent,
            added: Vec::new(),
            writing: Vec::new(),
            n_written: 0,
            n_written_next: 0,
            finished: None,
            runs,
            run_ids,
            in_runs_seq,
            run_now: false,
        })
    }

    /// The event with this id, if it is known.
    pub(super) fn find(
        &self,
        connection: &Connection,
        id: &IdHash,
    ) -> rusqlite::Result<Option<First>> {
        if let Some(first) = self.recent.get(id) {
            return Ok(Some(*first));
        }
        if let Ok(at) = self.writing.binary_search_by(|(known, _)| known.cmp(id)) {
            return Ok(Some(self.writing[at].1));
        }
        for run in self.runs.iter().rev() {
            if run.filter.may_hold(id) {
                let mut statement = connection
                    .prepare_cached("SELECT seq FROM message_ids WHERE run = ?1 AND id = ?2")?;
                let found = statement
                    .query_row(params![run.number, id.as_slice()], |row| row.get(0))
                    .optional()?;
                if let Some(number) = found {
                    return Ok(Some(First::from_stored(number)));
                }
            }
        }
        Ok(None)
    }

    /// Notes an event of the open transaction, which may supersede another.
    pub(super) fn add(&mut self, id: IdHash, first: First) {
        let before = self.recent.insert(id, first);
        self.added.push((id, before));
    }

    /// Writes a part of a run and deletes a part of the old ids, within the open transaction. To
    /// be called before the transaction's events are added. `ran_ms` is how long the gateway ran.
    pub(super) fn tidy(
        &mut self,
        connection: &Connection,
        ran_ms: i64,
        n_events: usize,
    ) -> rusqlite::Result<()> {
        self.prune(connection, ran_ms)?;
        let is_due = self.run_now || self.recent.len() >= self.run_ids;
        if self.writing.is_empty() && is_due {
            self.run_now = false;
            self.writing = self.recent.drain().collect();
            self.writing.sort_unstable_by_key(|(id, _)| *id);
        }
        if self.writing.is_empty() {
            return Ok(());
        }
        let step = (n_events * RUN_IDS_PER_EVENT).clamp(RUN_STEP_MIN_IDS, RUN_STEP_IDS);
        let end = (self.n_written + step).min(self.writing.len());
        let number = self.runs.last().map_or(1, |run| run.number + 1);
        // A run cut short by a crash left rows behind, which are written again.
        let mut insert = connection.prepare_cached(
            "INSERT OR REPLACE INTO message_ids (run, id, seq) VALUES (?1, ?2, ?3)",
        )?;
        for (id, first) in &self.writing[self.n_written..end] {
            insert.execute(params![number, id.as_slice(), first.stored()])?;
        }
        self.n_written_next = end;
        if end == self.writing.len() {
            self.finish(connection, number, ran_ms)?;
        }
        Ok(())
    }

    fn finish(
        &mut self,
        connection: &Connection,
        number: i64,
        finished_ms: i64,
    ) -> rusqlite::Result<()> {
        let filter = IdFilter::of(self.writing.iter().map(|(id, _)| id));
        connection.execute(
            "INSERT INTO message_id_runs (run, finished_ms, filter) VALUES (?1, ?2, ?3)",
            params![number, finished_ms, filter.as_bytes()],
        )?;
        connection.execute(
            "INSERT OR REPLACE INTO meta VALUES ('in_runs_seq', ?1)",
            [self.newest_written()],
        )?;
        self.finished = Some(Run {
            number,
            finished_ms,
            filter,
        });
        Ok(())
    }

    fn newest_written(&self) -> Option<i64> {
        self.writing.iter().map(|(_, first)| first.seq).max()
    }

    /// The number up to which events may be deleted: a restart reads the ids of later ones back
    /// from the events themselves.
    pub(super) fn kept_apart_through(&self) -> i64 {
        if self.recent.is_empty() && self.writing.is_empty() {
            i64::MAX
        } else {
            self.in_runs_seq
        }
    }

    /// Has the recent ids written as a run soon, though they are few.
    pub(super) fn ask_for_run(&mut self) {
        self.run_now = self.writing.is_empty() && !self.recent.is_empty();
    }

    fn prune(&mut self, connection: &Connection, ran_ms: i64) -> rusqlite::Result<()> {
        // The newest run stays, so that a run's number is not used twice.
        let (Some(oldest), true) = (self.runs.first(), self.runs.len() > 1) else {
            return Ok(());
        };
        if oldest.finished_ms >= ran_ms - DEDUPE_MS {
            return Ok(());
        }
        let n_deleted = connection.execute(
            "DELETE FROM message_ids WHERE run = ?1 AND id IN
             (SELECT id FROM message_ids WHERE run = ?1 LIMIT ?2)",
            params![oldest.number, PRUNE_STEP_IDS],
        )?;
        if n_deleted == 0 {
            connection.execute(
                "DELETE FROM message_id_runs WHERE run = ?1",
                [oldest.number],
            )?;
            self.runs.remove(0);
        }
        Ok(())
    }

    /// To be called when the open transaction is durable.
    pub(super) fn committed(&mut self) {
        self.added.clear();
        self.n_written = self.n_written_next;
        if let Some(run) = self.finished.take() {
            self.runs.push(run);
            self.in_runs_seq = self.newest_written().unwrap_or(self.in_runs_seq);
            self.writing = Vec::new();
            self.n_written = 0;
            self.n_written_next = 0;
        }
    }

    /// To be called when the open transaction was rolled back.
    pub(super) fn rolled_back(&mut self) {
        for (id, before) in self.added.drain(..).rev() {
            match before {
                Some(first) => self.recent.insert(id, first),
                None => self.recent.remove(&id),
            };
        }
        self.finished = None;
        self.n_written_next = self.n_written;
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use proptest::prelude::*;

    use super::*;
    use crate::store::schema;

    /// Few enough that most cases write several runs.
    const RUN_IDS: usize = 300;

    const DAY_MS: i64 = 24 * 60 * 60 * 1000;

    /// A transaction with the ids of its events, committed or rolled back, or a restart.
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
        seen.tidy(connection, 0, n_events).unwrap();
    }

    /// Adds the new ones of `ids`, as the store does, and checks each against `known`.
    fn add_all(
        connection: &Connection,
        seen: &mut SeenIds,
        ids: &[u16],
        known: &mut HashMap<u16, i64>,
    ) {
        for id in ids {
            let message_id = id.to_string();
            let hash = id_hash(1, &message_id);
            let found = seen.find(connection, &hash).unwrap().map(|first| first.seq);
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
                seen.add(
                    hash,
                    First {
                        seq,
                        by_server: false,
                    },
                );
                known.insert(*id, seq);
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]
        #[test]
        fn exactly_the_committed_ids_are_known_after_rollbacks_and_restarts(
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
    fn an_id_is_known_for_seven_days_and_then_forgotten() {
        let connection = Connection::open_in_memory().unwrap();
        schema::prepare(&connection).unwrap();
        let mut seen = SeenIds::load(&connection, 1).unwrap();
        let commit = |seen: &mut SeenIds, now_ms: i64| {
            seen.tidy(&connection, now_ms, 1).unwrap();
            seen.committed();
        };
        for (day, id) in [(0, "old"), (6, "young")] {
            let first = First {
                seq: day + 1,
                by_server: day == 0,
            };
            seen.add(id_hash(1, id), first);
            commit(&mut seen, day * DAY_MS);
        }
        let known = |seen: &SeenIds, id: &str| {
            let first = seen.find(&connection, &id_hash(1, id)).unwrap();
            first.map(|first| (first.seq, first.by_server))
        };
        commit(&mut seen, 7 * DAY_MS);
        assert_eq!(
            (known(&seen, "old"), known(&seen, "young")),
            (Some((1, true)), Some((7, false)))
        );
        commit(&mut seen, 8 * DAY_MS);
        commit(&mut seen, 8 * DAY_MS);
        assert_eq!(
            (known(&seen, "old"), known(&seen, "young")),
            (None, Some((7, false)))
        );
        let count = "SELECT count(*) FROM message_ids";
        let n_rows: i64 = connection.query_row(count, [], |row| row.get(0)).unwrap();
        assert_eq!((n_rows, seen.runs.len()), (1, 1));
    }
}
