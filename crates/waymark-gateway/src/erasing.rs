//! Erases people. What belongs to them is looked for beside the committer, which deletes it in
//! small steps between the requests. All who wait are erased in one pass, as it reads every event.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{sleep, timeout};

use crate::limits::{ERASE_RETRY_INTERVAL, ERASE_STEP_ROWS, LOOK_EVENTS, STORE_PROBE_INTERVAL};
use crate::store::{
    Committer, EraseStep, EraseStepDone, ErasedRows, EventReader, IdKind, Looked, People, PersonId,
    Receipt, StoreError, StoreUnavailable, copy_log,
};

/// Access to the erasing task.
#[derive(Debug, Clone)]
pub struct Erasing {
    committer: Committer,
    reader: Arc<Mutex<EventReader>>,
    asked: watch::Sender<u64>,
    passes: watch::Receiver<u64>,
}

/// The erasing task.
#[derive(Debug)]
pub struct Eraser {
    committer: Committer,
    reader: Arc<Mutex<EventReader>>,
    database: PathBuf,
    asked: watch::Receiver<u64>,
    passes: watch::Sender<u64>,
}

/// Sets up the erasing of people in a file that the committer owns.
///
/// # Errors
/// When the file cannot be read.
pub fn erasing(database: &Path, committer: &Committer) -> Result<(Erasing, Eraser), StoreError> {
    let reader = Arc::new(Mutex::new(EventReader::open(database)?));
    let (asked, asked_seen) = watch::channel(0);
    let (passes, passes_seen) = watch::channel(0);
    let erasing = Erasing {
        committer: committer.clone(),
        reader: Arc::clone(&reader),
        asked,
        passes: passes_seen,
    };
    let eraser = Eraser {
        committer: committer.clone(),
        reader,
        database: database.to_owned(),
        asked: asked_seen,
        passes,
    };
    Ok((erasing, eraser))
}

impl Erasing {
    /// Has a person erased. Returns the number of the erasure when it is sure to be done, whatever
    /// happens to the process.
    ///
    /// # Errors
    /// When the store failed.
    pub async fn begin(&self, person: PersonId) -> Result<i64, StoreUnavailable> {
        let done = self.committer.erase(EraseStep::Begin(person)).await?;
        self.asked.send_modify(|n_asked| *n_asked += 1);
        Ok(done.erasure)
    }

    /// The receipt of an erasure, after its end or after so long. `None` if there is no such.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn receipt(
        &self,
        erasure: i64,
        longest: Duration,
    ) -> Result<Option<Receipt>, StoreError> {
        let mut passes = self.passes.clone();
        let done = async {
            loop {
                passes.mark_unchanged();
                let receipt = read(&self.reader, move |reader| reader.receipt(erasure)).await?;
                let is_running = receipt.as_ref().is_some_and(|one| one.done_ms.is_none());
                if !is_running || passes.changed().await.is_err() {
                    return Ok(receipt);
                }
            }
        };
        match timeout(longest, done).await {
            Ok(receipt) => receipt,
            Err(_) => read(&self.reader, move |reader| reader.receipt(erasure)).await,
        }
    }
}

impl Eraser {
    /// Erases who waits, first those that an earlier process left. Never returns while the
    /// gateway runs.
    pub async fn run(mut self) {
        loop {
            self.asked.mark_unchanged();
            if let Err(error) = self.pass().await {
                tracing::error!(%error, "people could not be erased now; it is tried again");
                sleep(STORE_PROBE_INTERVAL).await;
                continue;
            }
            self.passes.send_modify(|n_passes| *n_passes += 1);
            if self.asked.changed().await.is_err() {
                return;
            }
        }
    }

    /// Erases everybody who waits now.
    async fn pass(&self) -> Result<(), StoreError> {
        let (numbers, people) = self
            .read(|reader| Ok((reader.erasures_under_way()?, reader.people_to_erase()?)))
            .await?;
        if numbers.is_empty() {
            return Ok(());
        }
        let people = self.with_anonymous_ids(people).await?;
        // Later events of theirs are refused.
        let last_seq = self.committer.totals().borrow().stored;
        self.repeat(EraseStep::KeepIdsApart(last_seq), Duration::ZERO)
            .await?;
        self.delete_events(&people, last_seq).await?;
        self.delete_rejected(&people).await?;
        self.step(EraseStep::Forget(numbers.clone())).await?;
        let database = self.database.clone();
        blocking(move || copy_log(&database)).await?;
        self.repeat(EraseStep::Finish(numbers.clone()), ERASE_RETRY_INTERVAL)
            .await?;
        tracing::info!(n_erasures = numbers.len(), "people were erased");
        Ok(())
    }

    /// Adds the anonymous ids that were seen with the people's user ids.
    async fn with_anonymous_ids(&self, mut people: People) -> Result<Arc<People>, StoreError> {
        let last_seq = self.committer.totals().borrow().stored;
        let mut seq = 0;
        while people.has_users() {
            let (looked, asked) = self
                .read(move |reader| {
                    let looked = reader.anonymous_ids_of(&people, (seq, last_seq), LOOK_EVENTS)?;
                    Ok((looked, people))
                })
                .await?;
            people = asked;
            for (id, erasure) in looked.found {
                if people.add(IdKind::Seen, &id, erasure) {
                    let anonymous_ids = vec![id];
                    self.step(EraseStep::Add {
                        erasure,
                        anonymous_ids,
                    })
                    .await?;
                }
            }
            let Some(through) = looked.through else { break };
            seq = through;
        }
        Ok(Arc::new(people))
    }

    async fn delete_events(&self, people: &Arc<People>, last_seq: i64) -> Result<(), StoreError> {
        let mut seq = 0;
        loop {
            let whose = Arc::clone(people);
            let Looked { found, through } = self
                .read(move |reader| reader.events_of(&whose, (seq, last_seq), LOOK_EVENTS))
                .await?;
            for part in found.chunks(ERASE_STEP_ROWS) {
                self.step(EraseStep::Delete(ErasedRows {
                    events: part.to_vec(),
                    ..ErasedRows::default()
                }))
                .await?;
            }
            let Some(through) = through else {
                return Ok(());
            };
            seq = through;
        }
    }

    async fn delete_rejected(&self, people: &Arc<People>) -> Result<(), StoreError> {
        let whose = Arc::clone(people);
        let found = self.read(move |reader| reader.rejected_of(&whose)).await?;
        for part in found.chunks(ERASE_STEP_ROWS) {
            self.step(EraseStep::Delete(ErasedRows {
                rejected: part.to_vec(),
                ..ErasedRows::default()
            }))
            .await?;
        }
        Ok(())
    }

    async fn step(&self, step: EraseStep) -> Result<EraseStepDone, StoreError> {
        let done = self.committer.erase(step).await;
        done.map_err(|error| StoreError::File(std::io::Error::other(error)))
    }

    /// Does a step until there is no more of it.
    async fn repeat(&self, step: EraseStep, interval: Duration) -> Result<(), StoreError> {
        while self.step(step.clone()).await?.more {
            sleep(interval).await;
        }
        Ok(())
    }

    async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&EventReader) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        read(&self.reader, work).await
    }
}

async fn read<T: Send + 'static>(
    reader: &Arc<Mutex<EventReader>>,
    work: impl FnOnce(&EventReader) -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    let reader = Arc::clone(reader);
    blocking(move || work(&reader.lock().unwrap_or_else(PoisonError::into_inner))).await
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(error) => Err(StoreError::File(std::io::Error::other(error))),
    }
}
