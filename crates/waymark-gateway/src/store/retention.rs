//! Deletes events that are old, or too many for the disk, in small steps. What a destination has
//! not passed stays, whatever its age.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension, params};

use super::{dead_letters, remains};
use crate::limits::{
    CLOCK_JUMP_MS, FREE_KEPT_BYTES, FREE_KEPT_SHARE, HELD_KEPT_MS, RETAIN_SIDE_ROWS,
    VACUUM_STEP_BYTES,
};

/// SQLite's number for `auto_vacuum = INCREMENTAL`.
const INCREMENTAL: i64 = 2;

/// For how long events are kept.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RetentionPolicy {
    /// The age from which they are deleted, in milliseconds.
    pub keep_ms: Option<i64>,
    /// The size that the database should not exceed, in bytes.
    pub max_bytes: Option<u64>,
}

impl RetentionPolicy {
    /// Whether anything is ever deleted.
    #[must_use]
    pub const fn deletes(self) -> bool {
        self.keep_ms.is_some() || self.max_bytes.is_some()
    }
}

/// What a step did.
#[derive(Debug, Default)]
pub struct Retained {
    /// Events deleted.
    pub n_events: usize,
    /// Bytes given back to the file system.
    pub freed_bytes: u64,
    /// Whether another step has something to do.
    pub more: bool,
}

/// How far deleting has come. What it knows is found again after a restart.
#[derive(Debug, Clone, Default)]
pub(super) struct Retention {
    policy: RetentionPolicy,
    /// Every event up to here is old, or too many.
    old_through: i64,
    /// The events after `old_through` up to here have a time in the future.
    looked_through: i64,
    /// The time that was believed then.
    looked_ms: i64,
    /// Every event up to here is deleted, but for those of the sources in `held`.
    swept_through: i64,
    /// The sources with old events that their destination has not passed, and the number up to
    /// which their events are deleted.
    held: HashMap<i64, i64>,
}

/// What a step goes by.
#[derive(Debug, Clone, Copy)]
pub(super) struct Circumstances {
    /// The time in milliseconds since 1970 that the store believes.
    pub(super) now_ms: i64,
    /// The number up to which events may be deleted.
    pub(super) kept_apart_through: i64,
    /// Most events to look at.
    pub(super) n_max: usize,
}

impl Retention {
    /// Nothing is deleted yet.
    pub(super) fn new(policy: RetentionPolicy) -> Self {
        Self {
            policy,
            ..Self::default()
        }
    }

    /// Whether old events wait for their ids to be kept apart from them.
    pub(super) fn waits_for_ids(&self, kept_apart_through: i64) -> bool {
        self.old_through > kept_apart_through
    }

    /// One step, within the open transaction.
    pub(super) fn step(
        &mut self,
        connection: &Connection,
        at: Circumstances,
    ) -> rusqlite::Result<Retained> {
        let mut done = Retained::default();
        if !self.policy.deletes() {
            return Ok(done);
        }
        let cutoff_ms = self.policy.keep_ms.map(|keep_ms| at.now_ms - keep_ms);
        if let Some(cutoff_ms) = cutoff_ms {
            done.more |= self.find_old(connection, at, cutoff_ms)?;
            delete_old_rejected(connection, cutoff_ms)?;
        }
        let mut n_left = at.n_max;
        let cursors = cursors(connection)?;
        done.more |= self.follow_cursors(connection, &cursors, &mut n_left, &mut done.n_events)?;
        done.more |= self.sweep(connection, &cursors, at, &mut n_left, &mut done.n_events)?;
        let pages = Pages::of(connection)?;
        done.more |= self.find_too_many(connection, at, &pages)?;
        done.more |= delete_dead_letters_of_deleted(connection)?;
        done.freed_bytes = pages.give_back(connection)?;
        done.more |= done.n_events > 0 || done.freed_bytes > 0;
        Ok(done)
    }

    /// Looks for the end of the old events. Returns whether it was not found yet.
    fn find_old(
        &mut self,
        connection: &Connection,
        at: Circumstances,
        cutoff_ms: i64,
    ) -> rusqlite::Result<bool> {
        if at.now_ms > self.looked_ms + CLOCK_JUMP_MS {
            self.looked_through = 0;
        }
        self.looked_ms = at.now_ms;
        let from = self.old_through.max(self.looked_through);
        let mut statement = connection.prepare_cached(
            "SELECT seq, received_ms FROM events WHERE seq > ?1 ORDER BY seq LIMIT ?2",
        )?;
        let mut rows = statement.query(params![from, at.n_max as i64])?;
        let mut n_rows = 0;
        while let Some(row) = rows.next()? {
            n_rows += 1;
            let (seq, received_ms): (i64, i64) = (row.get(0)?, row.get(1)?);
            if received_ms < cutoff_ms {
                self.old_through = seq;
            } else if received_ms <= at.now_ms + CLOCK_JUMP_MS {
                return Ok(false);
            }
            // A time in the future is a wrong clock's: the event is older than the ones after it.
            self.looked_through = seq;
        }
        Ok(n_rows == at.n_max)
    }

    /// Takes some of the oldest events for old if the file is too large. Returns whether it did.
    fn find_too_many(
        &mut self,
        connection: &Connection,
        at: Circumstances,
        pages: &Pages,
    ) -> rusqlite::Result<bool> {
        let Some(max_bytes) = self.policy.max_bytes else {
            return Ok(false);
        };
        if pages.used_bytes() <= max_bytes - max_bytes / FREE_KEPT_SHARE
            || self.old_through > self.swept_through
        {
            return Ok(false);
        }
        let mut statement = connection.prepare_cached(
            "SELECT max(seq), max(received_ms) FROM
             (SELECT seq, received_ms FROM events WHERE seq > ?1 ORDER BY seq LIMIT ?2)",
        )?;
        let (seq, received_ms): (Option<i64>, Option<i64>) = statement
            .query_row(params![self.swept_through, at.n_max as i64], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })?;
        let (Some(seq), Some(received_ms)) = (seq, received_ms) else {
            return Ok(false);
        };
        if !self.held.is_empty() && received_ms > at.now_ms - HELD_KEPT_MS {
            // The room is taken by what a dead destination has not passed.
            return Ok(false);
        }
        self.old_through = seq;
        Ok(true)
    }

    /// Deletes the next old events. Returns whether there are more.
    fn sweep(
        &mut self,
        connection: &Connection,
        cursors: &HashMap<i64, i64>,
        at: Circumstances,
        n_left: &mut usize,
        n_deleted: &mut usize,
    ) -> rusqlite::Result<bool> {
        let end = self.old_through.min(at.kept_apart_through);
        if *n_left == 0 || end <= self.swept_through {
            return Ok(end > self.swept_through);
        }
        let mut statement = connection.prepare_cached(
            "SELECT seq, source_id FROM events WHERE seq > ?1 AND seq <= ?2
             ORDER BY seq LIMIT ?3",
        )?;
        let mut rows = statement.query(params![self.swept_through, end, *n_left as i64])?;
        let (mut n_rows, mut through) = (0, end);
        let mut newly_held = Vec::new();
        while let Some(row) = rows.next()? {
            n_rows += 1;
            let (seq, source_id): (i64, i64) = (row.get(0)?, row.get(1)?);
            if n_rows == *n_left {
                through = seq;
            }
            if let Some(cursor) = cursors.get(&source_id)
                && seq > *cursor
                && !self.held.contains_key(&source_id)
            {
                self.held.insert(source_id, *cursor);
                newly_held.push(source_id);
            }
        }
        let deleted = connection
            .prepare_cached(
                "DELETE FROM events WHERE seq > ?1 AND seq <= ?2 AND NOT EXISTS
                 (SELECT 1 FROM forward_cursors c
                  WHERE c.source_id = events.source_id AND c.through_seq < events.seq)",
            )?
            .execute([self.swept_through, through])?;
        if deleted > 0 {
            remains::overwrite(connection, "events", [(self.swept_through + 1, through)])?;
        }
        delete_superseded(connection, self.swept_through, through)?;
        for source_id in newly_held {
            tell_held(connection, source_id)?;
        }
        *n_left = n_left.saturating_sub(n_rows);
        *n_deleted += deleted;
        self.swept_through = through;
        Ok(through < end)
    }

    /// Deletes what a destination has passed since its events were held. Returns whether there
    /// is more of it.
    fn follow_cursors(
        &mut self,
        connection: &Connection,
        cursors: &HashMap<i64, i64>,
        n_left: &mut usize,
        n_deleted: &mut usize,
    ) -> rusqlite::Result<bool> {
        let mut more = false;
        for (source_id, done_through) in &mut self.held {
            let cursor = cursors.get(source_id).copied().unwrap_or(i64::MAX);
            let end = cursor.min(self.swept_through);
            if end <= *done_through {
                continue;
            }
            if *n_left == 0 {
                more = true;
                continue;
            }
            let (n_rows, last): (i64, Option<i64>) = connection
                .prepare_cached(
                    "SELECT count(*), max(seq) FROM (SELECT seq FROM events
                     WHERE seq > ?1 AND seq <= ?2 ORDER BY seq LIMIT ?3)",
                )?
                .query_row(params![*done_through, end, *n_left as i64], |row| {
                    Ok((row.get(0)?, row.get(1)?))
                })?;
            let through = match last {
                Some(last) if n_rows == *n_left as i64 => last,
                _ => end,
            };
            let deleted = connection
                .prepare_cached(
                    "DELETE FROM events WHERE seq > ?1 AND seq <= ?2 AND source_id = ?3",
                )?
                .execute([*done_through, through, *source_id])?;
            if deleted > 0 {
                remains::overwrite(connection, "events", [(*done_through + 1, through)])?;
            }
            *n_deleted += deleted;
            delete_superseded(connection, *done_through, through)?;
            *n_left = n_left.saturating_sub(usize::try_from(n_rows).unwrap_or(usize::MAX));
            *done_through = through;
            more |= through < end;
        }
        let swept_through = self.swept_through;
        self.held
            .retain(|_, done_through| *done_through < swept_through);
        Ok(more)
    }
}

/// The pages of the file.
#[derive(Debug, Clone, Copy)]
struct Pages {
    n_all: u64,
    n_free: u64,
    size_bytes: u64,
}

impl Pages {
    fn of(connection: &Connection) -> rusqlite::Result<Self> {
        let number = |pragma: &str| {
            let number: i64 = connection.query_row(pragma, [], |row| row.get(0))?;
            u64::try_from(number).map_err(|_| rusqlite::Error::IntegralValueOutOfRange(0, number))
        };
        Ok(Self {
            n_all: number("PRAGMA page_count")?,
            n_free: number("PRAGMA freelist_count")?,
            size_bytes: number("PRAGMA page_size")?,
        })
    }

    fn used_bytes(&self) -> u64 {
        self.n_all.saturating_sub(self.n_free) * self.size_bytes
    }

    /// Gives back some of the free pages that new events will not need soon. Returns their bytes.
    fn give_back(&self, connection: &Connection) -> rusqlite::Result<u64> {
        let kept = (self.n_all / FREE_KEPT_SHARE).max(FREE_KEPT_BYTES / self.size_bytes);
        let n_pages = self
            .n_free
            .saturating_sub(kept)
            .min(VACUUM_STEP_BYTES / self.size_bytes);
        let mode: i64 = connection.query_row("PRAGMA auto_vacuum", [], |row| row.get(0))?;
        if n_pages == 0 || mode != INCREMENTAL {
            return Ok(0);
        }
        let mut statement = connection.prepare(&format!("PRAGMA incremental_vacuum({n_pages})"))?;
        let mut rows = statement.query([])?;
        while rows.next()?.is_some() {}
        Ok(n_pages * self.size_bytes)
    }
}

/// How far all destinations of each source have come.
fn cursors(connection: &Connection) -> rusqlite::Result<HashMap<i64, i64>> {
    connection
        .prepare_cached(
            "SELECT source_id, min(through_seq) FROM forward_cursors GROUP BY source_id",
        )?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect()
}

fn delete_superseded(connection: &Connection, after: i64, through: i64) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "DELETE FROM superseded WHERE seq > ?1 AND seq <= ?2
             AND NOT EXISTS (SELECT 1 FROM events e WHERE e.seq = superseded.seq)",
        )?
        .execute([after, through])?;
    Ok(())
}

fn delete_old_rejected(connection: &Connection, cutoff_ms: i64) -> rusqlite::Result<()> {
    let through: Option<i64> = connection
        .prepare_cached(
            "SELECT max(id) FROM (SELECT id, received_ms FROM rejected ORDER BY id LIMIT ?1)
             WHERE received_ms < ?2",
        )?
        .query_row([RETAIN_SIDE_ROWS, cutoff_ms], |row| row.get(0))?;
    let Some(through) = through else {
        return Ok(());
    };
    connection
        .prepare_cached("DELETE FROM rejected WHERE id <= ?1")?
        .execute([through])?;
    remains::overwrite(connection, "rejected", [(through, through)])
}

/// Deletes the oldest dead letters whose events are gone. Returns whether there were any.
fn delete_dead_letters_of_deleted(connection: &Connection) -> rusqlite::Result<bool> {
    let mut statement = connection.prepare_cached(
        "SELECT d.seq FROM (SELECT id, seq FROM dead_letters ORDER BY id LIMIT ?1) d
         WHERE NOT EXISTS (SELECT 1 FROM events e WHERE e.seq = d.seq) ORDER BY d.id",
    )?;
    let gone: Vec<i64> = statement
        .query_map([RETAIN_SIDE_ROWS], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    for seq in &gone {
        dead_letters::delete_of_event(connection, *seq)?;
    }
    Ok(!gone.is_empty())
}

fn tell_held(connection: &Connection, source_id: i64) -> rusqlite::Result<()> {
    let source: Option<String> = connection
        .query_row(
            "SELECT name FROM sources WHERE id = ?1",
            [source_id],
            |row| row.get(0),
        )
        .optional()?;
    tracing::warn!(
        source,
        "events are kept for longer than configured, as their destination has not taken them yet"
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use bytes::Bytes;
    use proptest::prelude::*;
    use tempfile::TempDir;

    use super::*;
    use crate::config::KeyKind;
    use crate::store::clock::Moment;
    use crate::store::sqlite::tests::{append, event};
    use crate::store::{EventStore, ForwardProgress, SqliteStore, Work};

    const HOUR_MS: i64 = 60 * 60 * 1000;
    const KEEP_MS: i64 = 24 * HOUR_MS;
    /// Hours in which every repeat has to be recognised.
    const HOURS_MAX: i64 = 7 * 24 - 1;
    /// The sources 1 and 2 have a destination, the third has none.
    const FORWARDED: [i64; 2] = [1, 2];

    /// What happens to the store.
    #[derive(Debug, Clone)]
    enum Step {
        /// Events of a source are sent, with ids of these numbers.
        Append(i64, KeyKind, Vec<u8>),
        /// A destination passes so many numbers.
        Pass(i64, i64),
        /// Hours pass.
        Later(i64),
        /// So many steps of deleting, each of so many events.
        Retain(usize, usize),
        /// The process is killed within a step, and another one goes on with its files.
        Kill(usize),
    }

    fn step() -> impl Strategy<Value = Step> {
        let kind = prop_oneof![Just(KeyKind::Browser), Just(KeyKind::Server)];
        let ids = prop::collection::vec(any::<u8>(), 1..30);
        prop_oneof![
            4 => (1_i64..4, kind, ids).prop_map(|(source, kind, ids)| Step::Append(source, kind, ids)),
            3 => (1_i64..3, 1_i64..60).prop_map(|(source, n)| Step::Pass(source, n)),
            2 => (1_i64..20).prop_map(Step::Later),
            4 => (1_usize..6, 1_usize..30).prop_map(|(n, size)| Step::Retain(n, size)),
            1 => (1_usize..30).prop_map(Step::Kill),
        ]
    }

    /// An event that was stored.
    #[derive(Debug, Clone, Copy)]
    struct Kept {
        source_id: i64,
        received_ms: i64,
    }

    /// The store, and what is known about it.
    struct World {
        folder: TempDir,
        store: Option<SqliteStore>,
        n_folders: usize,
        hours: i64,
        cursors: HashMap<i64, i64>,
        stored: HashMap<i64, Kept>,
        /// The number by source and id, and whether a server sent the event.
        ids: HashMap<(i64, u8), (i64, bool)>,
        newest: i64,
    }

    impl World {
        fn new() -> Self {
            let mut world = Self {
                folder: tempfile::tempdir().unwrap(),
                store: None,
                n_folders: 0,
                hours: 0,
                cursors: FORWARDED
                    .into_iter()
                    .map(|source_id| (source_id, 0))
                    .collect(),
                stored: HashMap::new(),
                ids: HashMap::new(),
                newest: 0,
            };
            world.open();
            for name in ["a", "b", "c"] {
                world.store().source_id(name).unwrap();
            }
            for source_id in FORWARDED {
                world.pass(source_id, 0);
            }
            world
        }

        fn path(&self) -> PathBuf {
            self.folder
                .path()
                .join(format!("{}.sqlite", self.n_folders))
        }

        fn now(&self) -> Moment {
            Moment {
                wall_ms: 1_000_000 * HOUR_MS + self.hours * HOUR_MS,
                steady_ms: self.hours * HOUR_MS,
            }
        }

        fn open(&mut self) {
            let mut store = SqliteStore::open_at(&self.path(), self.now(), 40).unwrap();
            store.keep_by(RetentionPolicy {
                keep_ms: Some(KEEP_MS),
                max_bytes: None,
            });
            self.store = Some(store);
        }

        fn store(&mut self) -> &mut SqliteStore {
            self.store.as_mut().unwrap()
        }

        fn append(&mut self, source_id: i64, kind: KeyKind, ids: &[u8]) {
            let now = self.now();
            let events = ids.iter().map(|id| {
                let mut event = event(&id.to_string(), kind);
                event.source_id = source_id;
                event.received_ms = now.wall_ms;
                event
            });
            let work = append(events.collect());
            let done = self.store().commit_at(&work, now).unwrap();
            for (id, placement) in ids.iter().zip(&done.placements[0]) {
                let placement = placement.as_ref().unwrap();
                let by_server = kind == KeyKind::Server;
                let first = self.ids.get(&(source_id, *id));
                let is_repeat =
                    first.is_some_and(|(_, first_by_server)| *first_by_server || !by_server);
                assert_eq!(placement.duplicate, is_repeat, "{source_id} {id} {kind:?}");
                if is_repeat {
                    continue;
                }
                assert!(placement.seq > self.newest, "a number came again");
                self.newest = placement.seq;
                self.ids
                    .insert((source_id, *id), (placement.seq, by_server));
                let kept = Kept {
                    source_id,
                    received_ms: now.wall_ms,
                };
                self.stored.insert(placement.seq, kept);
            }
        }

        fn pass(&mut self, source_id: i64, n: i64) {
            let through_seq = (self.cursors[&source_id] + n).min(self.newest);
            let progress = ForwardProgress {
                source_id,
                destination: "forward".to_owned(),
                through_seq,
                dead_letters: Vec::new(),
            };
            let work = Work {
                progress: vec![progress],
                ..Work::default()
            };
            let now = self.now();
            self.store().commit_at(&work, now).unwrap();
            self.cursors.insert(source_id, through_seq);
        }

        fn retain(&mut self, n_steps: usize, n_max: usize) -> bool {
            let now = self.now();
            (0..n_steps).all(|_| self.store().retain_at(n_max, now).unwrap().more)
        }

        /// Goes on with the files as they are on the disk in the middle of a step.
        fn kill(&mut self, n_max: usize) {
            self.store().begin_to_retain(n_max);
            let old = self.path();
            self.n_folders += 1;
            let new = self.path();
            for end in ["", "-wal"] {
                let with_end = |path: &Path| format!("{}{end}", path.display());
                if Path::new(&with_end(&old)).exists() {
                    std::fs::copy(with_end(&old), with_end(&new)).unwrap();
                }
            }
            self.open();
        }

        fn do_step(&mut self, step: Step) {
            match step {
                Step::Append(source_id, kind, ids) => self.append(source_id, kind, &ids),
                Step::Pass(source_id, n) => self.pass(source_id, n),
                Step::Later(hours) => {
                    self.hours = (self.hours + hours).min(HOURS_MAX - 49);
                }
                Step::Retain(n_steps, n_max) => {
                    self.retain(n_steps, n_max);
                }
                Step::Kill(n_max) => self.kill(n_max),
            }
        }

        fn seqs(&mut self) -> Vec<i64> {
            let connection = self.store().connection();
            let mut statement = connection.prepare("SELECT seq FROM events").unwrap();
            let seqs = statement.query_map([], |row| row.get(0)).unwrap();
            seqs.collect::<Result<_, _>>().unwrap()
        }

        /// Nothing is gone that is young or that a destination has not passed.
        fn check(&mut self) {
            let there = self.seqs();
            let cutoff_ms = self.now().wall_ms - KEEP_MS;
            for (seq, kept) in &self.stored {
                let cursor = self.cursors.get(&kept.source_id);
                let waits = cursor.is_some_and(|cursor| seq > cursor);
                assert!(
                    there.contains(seq) || !waits && kept.received_ms < cutoff_ms,
                    "{seq} is gone: {kept:?}"
                );
            }
        }

        /// Once all is old and passed, all is deleted, and still known.
        fn check_end(&mut self) {
            // The time in which no gateway ran is believed once one has run for a day.
            self.hours += 24;
            self.retain(1, 1);
            self.hours += 24;
            for source_id in FORWARDED {
                self.pass(source_id, i64::MAX / 2);
            }
            // The clock is noted by a first step; the ids are kept apart by some more.
            assert!(!self.retain(10_000, 7), "it does not end");
            assert_eq!(self.seqs(), Vec::<i64>::new());
            let count = "SELECT count(*) FROM superseded";
            let n_left: i64 = self
                .store()
                .connection()
                .query_row(count, [], |row| row.get(0))
                .unwrap();
            assert_eq!(n_left, 0);
            self.kill(1);
            for source_id in 1..4 {
                for kind in [KeyKind::Browser, KeyKind::Server] {
                    let all: Vec<u8> = (0..=255).collect();
                    self.append(source_id, kind, &all);
                }
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn what_waits_stays_numbers_grow_and_repeats_are_known(
            steps in prop::collection::vec(step(), 1..50)
        ) {
            let mut world = World::new();
            for step in steps {
                world.do_step(step);
                world.check();
            }
            world.check_end();
        }
    }

    fn file_bytes(path: &Path) -> u64 {
        std::fs::metadata(path).unwrap().len()
    }

    #[test]
    fn the_oldest_go_until_the_file_is_small_enough_and_its_room_is_given_back() {
        const MAX_BYTES: u64 = 20 * 1024 * 1024;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("events.sqlite");
        let now = Moment {
            wall_ms: 1_000_000 * HOUR_MS,
            steady_ms: 0,
        };
        let mut store = SqliteStore::open_at(&path, now, 1_000).unwrap();
        for part in 0..15 {
            let events = (0..100).map(|n| {
                let mut event = event(&format!("{part}-{n}"), KeyKind::Browser);
                event.received_ms = now.wall_ms;
                event.text = Bytes::from(vec![b'x'; 30_000]);
                event
            });
            store.commit_at(&append(events.collect()), now).unwrap();
        }
        store.close().unwrap();
        assert!(file_bytes(&path) > 2 * MAX_BYTES);
        store.keep_by(RetentionPolicy {
            keep_ms: None,
            max_bytes: Some(MAX_BYTES),
        });
        let mut n_steps = 0;
        while store.retain_at(50, now).unwrap().more {
            n_steps += 1;
            assert!(n_steps < 1_000, "it does not end");
        }
        store.close().unwrap();
        assert!(file_bytes(&path) <= MAX_BYTES + FREE_KEPT_BYTES);
        let range = "SELECT min(seq), max(seq), count(*) FROM events";
        let (oldest, newest, n_left): (i64, i64, i64) = store
            .connection()
            .query_row(range, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
            .unwrap();
        assert_eq!((newest, n_left), (1_500, newest - oldest + 1));
        assert!(n_left > 500, "{n_left}");
    }

    #[test]
    fn a_time_in_the_future_keeps_nothing_older_for_ever() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("events.sqlite");
        let at = |hours: i64| Moment {
            wall_ms: (1_000_000 + hours) * HOUR_MS,
            steady_ms: hours * HOUR_MS,
        };
        let mut store = SqliteStore::open_at(&path, at(0), 1_000).unwrap();
        store.keep_by(RetentionPolicy {
            keep_ms: Some(KEEP_MS),
            max_bytes: None,
        });
        for (id, hours) in [
            ("a", 0),
            ("b", 900_000),
            ("c", 900_000),
            ("d", 1),
            ("e", 30),
        ] {
            let mut event = event(id, KeyKind::Browser);
            event.received_ms = at(hours).wall_ms;
            store.commit_at(&append(vec![event]), at(30)).unwrap();
        }
        while store.retain_at(1, at(30)).unwrap().more {}
        let left = "SELECT group_concat(message_id) FROM events";
        let left: String = store
            .connection()
            .query_row(left, [], |row| row.get(0))
            .unwrap();
        assert_eq!(left, "e");
    }
}
