//! The one thread that writes. It takes all waiting requests into one transaction and answers
//! them after the commit.

mod watching;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::Instant;

use tokio::sync::mpsc::error::TryRecvError;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::timeout;

use super::erased_since::{ErasedCount, ErasedSince};
use super::{
    Append, Committed, EraseStep, EraseStepDone, EventStore, ForwardProgress, LetterChange,
    NewSource, Placement, Refused, Totals, Work,
};
use crate::error::ApiError;
use crate::limits::{COMMIT_MAX_EVENTS, COMMIT_QUEUE_REQUESTS, COMMIT_QUEUE_WAIT};
use crate::live::LiveHub;
use crate::metrics::Metrics;

/// The store failed and kept nothing of the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the store cannot be written now")]
pub struct StoreUnavailable;

type AppendReply = oneshot::Sender<Result<Vec<Result<Placement, Refused>>, StoreUnavailable>>;
type ProgressReply = oneshot::Sender<Result<(), StoreUnavailable>>;
type EraseReply = oneshot::Sender<Result<EraseStepDone, StoreUnavailable>>;
type SourcesReply = oneshot::Sender<Result<Vec<i64>, StoreUnavailable>>;

enum Command {
    Append(Append, AppendReply),
    Progress(ForwardProgress, ProgressReply),
    Letters(LetterChange, ProgressReply),
    Erase(EraseStep, EraseReply),
    AddSources(Vec<NewSource>, SourcesReply),
    Probe,
    Ping(oneshot::Sender<()>),
    Retain,
    Stop,
}

/// Access to the committing thread.
#[derive(Debug, Clone)]
pub struct Committer {
    commands: mpsc::Sender<Command>,
    ready: Arc<AtomicBool>,
    answers: Arc<AtomicBool>,
    steps: Arc<AtomicU64>,
    erased: ErasedCount,
    totals: watch::Receiver<Totals>,
}

impl Committer {
    /// Starts the thread, which owns the store from now on.
    ///
    /// # Errors
    /// When the system cannot start a thread.
    pub fn start(
        store: impl EventStore,
        live: LiveHub,
        metrics: Arc<Metrics>,
    ) -> std::io::Result<(Self, JoinHandle<()>)> {
        let (commands, inbox) = mpsc::channel(COMMIT_QUEUE_REQUESTS);
        let (totals_sender, totals) = watch::channel(store.totals());
        let ready = Arc::new(AtomicBool::new(true));
        let steps = Arc::new(AtomicU64::new(0));
        let erased = ErasedCount::default();
        let mut worker = Worker {
            store,
            inbox,
            totals: totals_sender,
            ready: Arc::clone(&ready),
            steps: Arc::clone(&steps),
            erased: erased.clone(),
            live,
            metrics,
        };
        let thread = std::thread::Builder::new()
            .name("committer".to_owned())
            .spawn(move || worker.run())?;
        let committer = Self {
            commands,
            ready,
            answers: Arc::new(AtomicBool::new(true)),
            steps,
            erased,
            totals,
        };
        Ok((committer, thread))
    }

    /// Stores a request's events. Returns after they are durable.
    ///
    /// # Errors
    /// `Overloaded` when the queue stays full, `StoreUnavailable` when the store failed.
    pub async fn append(
        &self,
        append: Append,
    ) -> Result<Vec<Result<Placement, Refused>>, ApiError> {
        let (reply, answer) = oneshot::channel();
        timeout(
            COMMIT_QUEUE_WAIT,
            self.commands.send(Command::Append(append, reply)),
        )
        .await
        .map_err(|_| ApiError::Overloaded)?
        .map_err(|_| ApiError::StoreUnavailable)?;
        match answer.await {
            Ok(Ok(placements)) => Ok(placements),
            Ok(Err(StoreUnavailable)) | Err(_) => Err(ApiError::StoreUnavailable),
        }
    }

    /// Stores how far forwarding has come.
    ///
    /// # Errors
    /// When the store failed.
    pub async fn progress(&self, progress: ForwardProgress) -> Result<(), StoreUnavailable> {
        let (reply, answer) = oneshot::channel();
        let sent = self.commands.send(Command::Progress(progress, reply)).await;
        sent.map_err(|_| StoreUnavailable)?;
        answer.await.unwrap_or(Err(StoreUnavailable))
    }

    /// Stores what became of dead letters.
    ///
    /// # Errors
    /// When the store failed.
    pub async fn change_letters(&self, change: LetterChange) -> Result<(), StoreUnavailable> {
        let (reply, answer) = oneshot::channel();
        let sent = self.commands.send(Command::Letters(change, reply)).await;
        sent.map_err(|_| StoreUnavailable)?;
        answer.await.unwrap_or(Err(StoreUnavailable))
    }

    /// Does a step of erasing people between the requests.
    ///
    /// # Errors
    /// When the store failed.
    pub async fn erase(&self, step: EraseStep) -> Result<EraseStepDone, StoreUnavailable> {
        let (reply, answer) = oneshot::channel();
        let sent = self.commands.send(Command::Erase(step, reply)).await;
        sent.map_err(|_| StoreUnavailable)?;
        answer.await.unwrap_or(Err(StoreUnavailable))
    }

    /// Gives sources their numbers, in the same order. See [`EventStore::add_sources`].
    ///
    /// # Errors
    /// When the store failed.
    pub async fn add_sources(&self, sources: Vec<NewSource>) -> Result<Vec<i64>, StoreUnavailable> {
        let (reply, answer) = oneshot::channel();
        let sent = self
            .commands
            .send(Command::AddSources(sources, reply))
            .await;
        sent.map_err(|_| StoreUnavailable)?;
        answer.await.unwrap_or(Err(StoreUnavailable))
    }

    /// The number of requests and others that wait for the thread.
    #[must_use]
    pub fn n_waiting(&self) -> usize {
        self.commands.max_capacity() - self.commands.capacity()
    }

    /// Tells from now on whether somebody was asked to be erased since.
    pub(crate) fn erased_since_now(&self) -> ErasedSince {
        self.erased.since_now()
    }

    /// The store's totals, and a way to wait for a change.
    #[must_use]
    pub fn totals(&self) -> watch::Receiver<Totals> {
        self.totals.clone()
    }

    /// Asks the thread to finish its queue and close the store.
    pub async fn stop(&self) {
        // A thread that has ended needs no command.
        let _ = self.commands.send(Command::Stop).await;
    }
}

/// The commands of one transaction.
#[derive(Default)]
struct Group {
    work: Work,
    append_replies: Vec<AppendReply>,
    progress_replies: Vec<ProgressReply>,
    erase_steps: Vec<(EraseStep, EraseReply)>,
    new_sources: Vec<(Vec<NewSource>, SourcesReply)>,
    n_events: usize,
    pings: Vec<oneshot::Sender<()>>,
    probe: bool,
    retain: bool,
    stop: bool,
}

struct Worker<S> {
    store: S,
    inbox: mpsc::Receiver<Command>,
    totals: watch::Sender<Totals>,
    ready: Arc<AtomicBool>,
    steps: Arc<AtomicU64>,
    erased: ErasedCount,
    live: LiveHub,
    metrics: Arc<Metrics>,
}

impl<S: EventStore> Worker<S> {
    fn run(&mut self) {
        let mut retain = false;
        loop {
            let first = match self.next(retain) {
                Ok(first) => Some(first),
                Err(TryRecvError::Empty) => None,
                Err(TryRecvError::Disconnected) => break,
            };
            let mut n_stored = 0;
            if let Some(first) = first {
                let mut group = self.gather(first);
                let stop = group.stop;
                retain |= group.retain;
                n_stored = group.n_events;
                let erase_steps = std::mem::take(&mut group.erase_steps);
                let new_sources = std::mem::take(&mut group.new_sources);
                let pings = std::mem::take(&mut group.pings);
                self.commit(group);
                self.note_step();
                self.erase(erase_steps);
                self.add_sources(new_sources);
                for ping in pings {
                    // Who asked may have given up.
                    let _ = ping.send(());
                }
                if stop {
                    break;
                }
            }
            retain = retain && self.retain(n_stored);
        }
        if let Err(error) = self.store.close() {
            tracing::error!(%error, "could not close the store cleanly");
        }
    }

    /// The next command. Waits for it unless something else is to be done meanwhile.
    fn next(&mut self, busy: bool) -> Result<Command, TryRecvError> {
        if busy {
            return self.inbox.try_recv();
        }
        self.inbox.blocking_recv().ok_or(TryRecvError::Disconnected)
    }

    /// A step of deleting what is old. Returns whether another has something to do.
    fn retain(&mut self, n_stored: usize) -> bool {
        let done = self.store.retain(n_stored);
        self.note_step();
        match done {
            Ok(done) => {
                self.metrics.note_deleted(&done);
                done.more
            }
            Err(error) => {
                self.note_health(Some(error));
                false
            }
        }
    }

    fn erase(&mut self, steps: Vec<(EraseStep, EraseReply)>) {
        for (step, reply) in steps {
            let done = self.store.erase(&step).map_err(|error| {
                self.note_health(Some(error));
                StoreUnavailable
            });
            self.note_step();
            if done.is_ok() {
                self.note_erased(&step);
            }
            // Who asked may be gone; the erasure goes on at the next start.
            let _ = reply.send(done);
        }
    }

    /// Whoever holds events in memory has to know before the erasure is answered.
    fn note_erased(&self, step: &EraseStep) {
        match step {
            EraseStep::Begin(_) | EraseStep::Add { .. } => self.erased.note(),
            EraseStep::Delete(rows) => self.live.forget(&rows.events),
            EraseStep::KeepIdsApart(_) | EraseStep::Forget(_) | EraseStep::Finish(_) => {}
        }
    }

    fn add_sources(&mut self, all: Vec<(Vec<NewSource>, SourcesReply)>) {
        for (sources, reply) in all {
            let done = self.store.add_sources(&sources).map_err(|error| {
                self.note_health(Some(error));
                StoreUnavailable
            });
            self.note_step();
            // Who asked may be gone; a reload says so and can be repeated.
            let _ = reply.send(done);
        }
    }

    fn gather(&mut self, first: Command) -> Group {
        let mut group = Group::default();
        let mut next = Some(first);
        while let Some(command) = next {
            match command {
                Command::Append(append, reply) => {
                    group.n_events += append.events.len() + append.rejected.len();
                    group.work.appends.push(append);
                    group.append_replies.push(reply);
                }
                Command::Progress(progress, reply) => {
                    group.work.progress.push(progress);
                    group.progress_replies.push(reply);
                }
                Command::Letters(change, reply) => {
                    group.work.letters.push(change);
                    group.progress_replies.push(reply);
                }
                Command::Erase(step, reply) => group.erase_steps.push((step, reply)),
                Command::AddSources(sources, reply) => group.new_sources.push((sources, reply)),
                Command::Probe => group.probe = true,
                Command::Ping(reply) => group.pings.push(reply),
                Command::Retain => group.retain = true,
                Command::Stop => group.stop = true,
            }
            next = if group.n_events < COMMIT_MAX_EVENTS {
                self.inbox.try_recv().ok()
            } else {
                None
            };
        }
        group
    }

    fn commit(&mut self, group: Group) {
        if group.append_replies.is_empty() && group.progress_replies.is_empty() {
            if group.probe {
                let probed = self.store.probe();
                self.note_health(probed.err());
            }
            return;
        }
        let started = Instant::now();
        match self.store.commit(&group.work) {
            Ok(done) => {
                self.note_health(None);
                self.metrics.note_commit(started.elapsed(), group.n_events);
                self.answer(group, done);
            }
            Err(error) => {
                self.note_health(Some(error));
                for reply in group.append_replies {
                    let _ = reply.send(Err(StoreUnavailable));
                }
                for reply in group.progress_replies {
                    let _ = reply.send(Err(StoreUnavailable));
                }
            }
        }
    }

    fn answer(&self, group: Group, done: Committed) {
        self.totals.send_replace(done.totals);
        self.live.publish(&group.work, &done);
        for (reply, placements) in group.append_replies.into_iter().zip(done.placements) {
            // A client that is gone needs no answer; its events are stored.
            let _ = reply.send(Ok(placements));
        }
        for reply in group.progress_replies {
            let _ = reply.send(Ok(()));
        }
    }

    fn note_step(&self) {
        self.steps.fetch_add(1, Ordering::Relaxed);
    }

    fn note_health(&self, error: Option<super::StoreError>) {
        let was_ready = self.ready.swap(error.is_none(), Ordering::Relaxed);
        match error {
            Some(error) if was_ready => tracing::error!(%error, "the store cannot be written"),
            None if !was_ready => tracing::info!("the store can be written again"),
            _ => {}
        }
    }
}
