//! The embedded store: one SQLite file in WAL mode, every commit synced.

mod erase;

use std::fs::File;
use std::path::Path;

use rusqlite::Connection;

use super::checkpoint::Checkpointer;
use super::clock::{Moment, StoreClock};
use super::dedupe::{First, SeenIds};
use super::id_filter::id_hash;
use super::lock::lock_beside;
use super::refusals::Refusals;
use super::retention::{Circumstances, Retained, Retention, RetentionPolicy};
use super::rows::{
    Known, forget_rejected, insert_event, insert_rejected, known_as, write_progress,
};
use super::{
    Append, Committed, EraseStep, EraseStepDone, EventStore, FirstCursor, NewSource, Placement,
    Refused, StoreError, Totals, Work,
};
use super::{dead_letters, first_cursor, schema, totals};
use crate::config::KeyKind;
use crate::ingest::RejectedEvent;
use crate::limits::{
    RETAIN_PER_EVENT, RETAIN_STEP_EVENTS, RETAIN_STEP_MAX_EVENTS, RUN_IDS, STORE_STATEMENTS,
};

/// The SQLite file, open for writing.
#[derive(Debug)]
pub struct SqliteStore {
    connection: Connection,
    seen: SeenIds,
    checkpointer: Checkpointer,
    totals: Totals,
    n_cursors_beyond: usize,
    clock: StoreClock,
    retention: Retention,
    refusals: Refusals,
    /// Held while the store is open: the ids in memory allow only one writer.
    _lock: File,
}

impl SqliteStore {
    /// Opens or creates the file.
    ///
    /// # Errors
    /// When another gateway uses the file, or it cannot be opened or is of a newer version.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        Self::open_at(path, Moment::now(), RUN_IDS)
    }

    /// Opens or creates the file at this moment. `run_ids` ids make a run.
    pub(super) fn open_at(path: &Path, now: Moment, run_ids: usize) -> Result<Self, StoreError> {
        let lock = lock_beside(path)?;
        let connection = Connection::open(path)?;
        connection.set_prepared_statement_cache_capacity(STORE_STATEMENTS);
        schema::prepare(&connection)?;
        let seen = SeenIds::load(&connection, run_ids)?;
        let (totals, n_cursors_beyond) = totals::load(&connection)?;
        let clock = StoreClock::load(&connection, now)?;
        let refusals = Refusals::load(&connection)?;
        Ok(Self {
            connection,
            seen,
            checkpointer: Checkpointer::start(path)?,
            totals,
            n_cursors_beyond,
            clock,
            retention: Retention::default(),
            refusals,
            _lock: lock,
        })
    }

    /// How many forwarding cursors were beyond the newest event when the file was opened.
    #[must_use]
    pub fn n_cursors_beyond(&self) -> usize {
        self.n_cursors_beyond
    }

    /// Has [`EventStore::retain`] delete by this policy.
    pub fn keep_by(&mut self, policy: RetentionPolicy) {
        self.retention = Retention::new(policy);
    }

    /// Sets the cursors of the sources that are forwarded, where they have none yet, and deletes
    /// those of abandoned sources. `None` stands for the default of `start`.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn begin_forwarding(
        &mut self,
        forwarded: &[FirstCursor],
        abandoned: &[String],
    ) -> Result<(), StoreError> {
        let totals = self.totals;
        self.in_transaction(|store| {
            first_cursor::abandon(&store.connection, abandoned)?;
            first_cursor::set(&store.connection, totals, forwarded)
        })?;
        first_cursor::tell_orphans(&self.connection, forwarded)
    }

    /// A step of deleting that looks at `n_max` old events at most.
    pub(super) fn retain_at(&mut self, n_max: usize, now: Moment) -> Result<Retained, StoreError> {
        self.clock.tick(now);
        let mut retention = self.retention.clone();
        let done = self.in_transaction(|store| store.retain_within(&mut retention, n_max))?;
        self.retention = retention;
        let written_bytes = done.n_events + usize::try_from(done.freed_bytes).unwrap_or(0);
        self.checkpointer
            .note_commit(&self.connection, written_bytes);
        Ok(done)
    }

    /// A step of deleting, within the open transaction.
    fn retain_within(
        &mut self,
        retention: &mut Retention,
        n_max: usize,
    ) -> Result<Retained, StoreError> {
        let kept_apart_through = self.seen.kept_apart_through();
        if retention.waits_for_ids(kept_apart_through) {
            self.seen.ask_for_run();
        }
        self.seen
            .tidy(&self.connection, self.clock.ran_ms(), n_max)?;
        let at = Circumstances {
            now_ms: self.clock.trusted_ms(),
            kept_apart_through,
            n_max,
        };
        let mut done = retention.step(&self.connection, at)?;
        done.more |= retention.waits_for_ids(kept_apart_through);
        Ok(done)
    }

    /// The number of a source. It is assigned when the name is first seen.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn source_id(&mut self, name: &str) -> Result<i64, StoreError> {
        self.connection
            .execute("INSERT OR IGNORE INTO sources (name) VALUES (?1)", [name])?;
        let id =
            self.connection
                .query_row("SELECT id FROM sources WHERE name = ?1", [name], |row| {
                    row.get(0)
                })?;
        Ok(id)
    }

    /// [`EventStore::commit`] at this moment.
    pub(super) fn commit_at(&mut self, work: &Work, now: Moment) -> Result<Committed, StoreError> {
        self.clock.tick(now);
        let done = self.in_transaction(|store| store.write(work, now.wall_ms))?;
        self.totals = done.totals;
        self.checkpointer
            .note_commit(&self.connection, written_bytes(work));
        Ok(done)
    }

    /// Does all of what `write` does, durably, or none of it.
    fn in_transaction<T>(
        &mut self,
        write: impl FnOnce(&mut Self) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.connection.execute_batch("BEGIN IMMEDIATE")?;
        let written = write(self).and_then(|done| {
            self.clock.save(&self.connection)?;
            self.connection.execute_batch("COMMIT")?;
            Ok(done)
        });
        match written {
            Ok(done) => {
                self.seen.committed();
                Ok(done)
            }
            Err(error) => {
                // SQLite rolls back some failed transactions by itself.
                if !self.connection.is_autocommit()
                    && let Err(error) = self.connection.execute_batch("ROLLBACK")
                {
                    tracing::error!(%error, "could not roll back a failed transaction");
                }
                self.seen.rolled_back();
                Err(error)
            }
        }
    }

    fn write(&mut self, work: &Work, now_ms: i64) -> Result<Committed, StoreError> {
        let n_events = work.appends.iter().map(|append| append.events.len()).sum();
        let ran_ms = self.clock.ran_ms();
        self.seen.tidy(&self.connection, ran_ms, n_events)?;
        let mut done = Committed {
            totals: self.totals,
            ..Committed::default()
        };
        for append in &work.appends {
            self.append(append, &mut done)?;
        }
        if done.totals.rejected > self.totals.rejected {
            forget_rejected(&self.connection, done.totals.rejected)?;
        }
        totals::save(&self.connection, self.totals, done.totals)?;
        for progress in &work.progress {
            write_progress(&self.connection, progress, now_ms)?;
        }
        for change in &work.letters {
            dead_letters::change(&self.connection, change, now_ms)?;
        }
        Ok(done)
    }

    fn append(&mut self, append: &Append, done: &mut Committed) -> Result<(), StoreError> {
        let totals = &mut done.totals;
        let mut placements = Vec::with_capacity(append.events.len());
        for event in &append.events {
            if self.refusals.refuses(event, self.clock.trusted_ms()) {
                totals.rejected += 1;
                let rejected = RejectedEvent::erased(event);
                insert_rejected(&self.connection, totals.rejected, &rejected)?;
                placements.push(Err(Refused {
                    rejected_id: totals.rejected,
                    message_id: event.message_id.clone(),
                }));
                continue;
            }
            let id = id_hash(event.source_id, &event.message_id);
            let first = self.seen.find(&self.connection, &id)?;
            let supersedes = match known_as(&self.connection, event, first)? {
                Known::New => None,
                Known::Superseding(seq) => Some(seq),
                Known::Repeat(seq) => {
                    totals.duplicates += 1;
                    placements.push(Ok(Placement {
                        seq,
                        duplicate: true,
                        supersedes: None,
                    }));
                    continue;
                }
            };
            totals.stored += 1;
            let seq = totals.stored;
            insert_event(&self.connection, seq, event)?;
            if let Some(superseded) = supersedes {
                self.connection
                    .prepare_cached("INSERT INTO superseded (seq, by_seq) VALUES (?1, ?2)")?
                    .execute([superseded, seq])?;
            }
            let by_server = event.key_kind == KeyKind::Server;
            self.seen.add(id, First { seq, by_server });
            placements.push(Ok(Placement {
                seq,
                duplicate: false,
                supersedes,
            }));
        }
        let mut rejected_ids = Vec::with_capacity(append.rejected.len());
        for rejected in &append.rejected {
            totals.rejected += 1;
            insert_rejected(&self.connection, totals.rejected, rejected)?;
            rejected_ids.push(totals.rejected);
        }
        done.placements.push(placements);
        done.rejected_ids.push(rejected_ids);
        Ok(())
    }
}

impl EventStore for SqliteStore {
    fn commit(&mut self, work: &Work) -> Result<Committed, StoreError> {
        self.commit_at(work, Moment::now())
    }

    fn retain(&mut self, n_stored: usize) -> Result<Retained, StoreError> {
        let n_max = (n_stored * RETAIN_PER_EVENT).clamp(RETAIN_STEP_EVENTS, RETAIN_STEP_MAX_EVENTS);
        self.retain_at(n_max, Moment::now())
    }

    fn add_sources(&mut self, sources: &[NewSource]) -> Result<Vec<i64>, StoreError> {
        let totals = self.totals;
        self.in_transaction(|store| {
            let mut ids = Vec::with_capacity(sources.len());
            let mut forwarded = Vec::new();
            for source in sources {
                let id = store.source_id(&source.name)?;
                let destinations = source.destinations.iter().cloned();
                forwarded.extend(destinations.map(|(destination, start)| FirstCursor {
                    source_id: id,
                    destination,
                    start,
                }));
                ids.push(id);
            }
            first_cursor::set(&store.connection, totals, &forwarded)?;
            Ok(ids)
        })
    }

    fn erase(&mut self, step: &EraseStep) -> Result<EraseStepDone, StoreError> {
        self.erase_at(step, Moment::now())
    }

    fn probe(&mut self) -> Result<(), StoreError> {
        self.connection.execute(
            "INSERT OR REPLACE INTO meta VALUES ('probed_ms', ?1)",
            [crate::now_ms()],
        )?;
        Ok(())
    }

    fn totals(&self) -> Totals {
        self.totals
    }

    fn close(&mut self) -> Result<(), StoreError> {
        self.connection
            .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        Ok(())
    }
}

/// About how much a transaction writes, in bytes: the events' texts are most of it.
fn written_bytes(work: &Work) -> usize {
    let events = work.appends.iter().flat_map(|append| &append.events);
    events.map(|event| event.text.len()).sum()
}

#[cfg(test)]
pub(super) mod tests;
