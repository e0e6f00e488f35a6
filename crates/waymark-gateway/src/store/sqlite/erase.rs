//! The steps of erasing people, each a transaction of its own.

use super::SqliteStore;
use crate::limits::{RETAIN_STEP_MAX_EVENTS, STORE_LOCK_WAIT};
use crate::store::clock::Moment;
use crate::store::person::IdKind;
use crate::store::{EraseStep, EraseStepDone, PersonId, StoreError, erasures};

impl SqliteStore {
    /// Has erased people refused for so many milliseconds.
    pub fn refuse_erased_for(&mut self, keep_ms: i64) {
        self.refusals.keep_for(keep_ms);
    }

    /// A step of erasing at this moment.
    pub(in crate::store) fn erase_at(
        &mut self,
        step: &EraseStep,
        now: Moment,
    ) -> Result<EraseStepDone, StoreError> {
        self.clock.tick(now);
        let mut done = EraseStepDone::default();
        match step {
            EraseStep::Begin(person) => done.erasure = self.begin_erasure(person, now.wall_ms)?,
            EraseStep::Add {
                erasure,
                anonymous_ids,
            } => self.add_to_erasure(*erasure, anonymous_ids)?,
            EraseStep::KeepIdsApart(seq) => done.more = self.keep_ids_apart(*seq)?,
            EraseStep::Delete(rows) => {
                self.in_transaction(|store| Ok(erasures::delete(&store.connection, rows)?))?;
            }
            EraseStep::Forget(numbers) => {
                self.in_transaction(|store| Ok(erasures::forget(&store.connection, numbers)?))?;
            }
            EraseStep::Finish(numbers) => {
                done.more = !self.finish_erasures(numbers, now.wall_ms)?
            }
        }
        Ok(done)
    }

    fn begin_erasure(&mut self, person: &PersonId, now_ms: i64) -> Result<i64, StoreError> {
        let (kind, id) = (person.kind(), person.id());
        let erasure = self.in_transaction(|store| {
            let hash = store.refusals.hash(kind, id);
            let erasure = erasures::begin(&store.connection, person, &hash, now_ms)?;
            store.refusals.write(&store.connection, erasure, kind, id)?;
            Ok(erasure)
        })?;
        self.refusals.written(kind, id);
        Ok(erasure)
    }

    fn add_to_erasure(&mut self, erasure: i64, anonymous_ids: &[String]) -> Result<(), StoreError> {
        self.in_transaction(|store| {
            for id in anonymous_ids {
                erasures::add(&store.connection, erasure, IdKind::Seen, id)?;
                store
                    .refusals
                    .write(&store.connection, erasure, IdKind::Seen, id)?;
            }
            Ok(())
        })?;
        for id in anonymous_ids {
            self.refusals.written(IdKind::Seen, id);
        }
        Ok(())
    }

    /// Returns whether the ids of events up to this number are still to be written.
    fn keep_ids_apart(&mut self, seq: i64) -> Result<bool, StoreError> {
        let is_apart = |store: &Self| store.seen.kept_apart_through() >= seq;
        if is_apart(self) {
            return Ok(false);
        }
        self.seen.ask_for_run();
        self.in_transaction(|store| {
            let ran_ms = store.clock.ran_ms();
            store
                .seen
                .tidy(&store.connection, ran_ms, RETAIN_STEP_MAX_EVENTS)?;
            Ok(())
        })?;
        Ok(!is_apart(self))
    }

    /// Returns whether it could: a reader may need what is in the log.
    fn finish_erasures(&mut self, numbers: &[i64], now_ms: i64) -> Result<bool, StoreError> {
        if !self.empty_log()? {
            return Ok(false);
        }
        let trusted_ms = self.clock.trusted_ms();
        self.in_transaction(|store| {
            for erasure in numbers {
                erasures::finish(&store.connection, *erasure, now_ms)?;
                store
                    .refusals
                    .finish(&store.connection, *erasure, trusted_ms)?;
            }
            Ok(())
        })?;
        self.refusals.reload(&self.connection)?;
        Ok(true)
    }

    /// Copies the write-ahead log into the file and cuts it, without waiting for a reader.
    fn empty_log(&self) -> Result<bool, StoreError> {
        self.connection.busy_timeout(std::time::Duration::ZERO)?;
        let is_busy = self
            .connection
            .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| {
                row.get::<_, bool>(0)
            });
        self.connection.busy_timeout(STORE_LOCK_WAIT)?;
        Ok(!is_busy?)
    }
}
