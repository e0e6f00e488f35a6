//! The durable store of events. Only the committer writes; all others read.

mod backup;
mod check;
mod checkpoint;
mod clock;
mod committer;
mod dead_letters;
mod dedupe;
mod disk_usage;
mod erased_since;
mod erasures;
mod export;
mod first_cursor;
mod forgotten;
mod id_filter;
mod lock;
mod people_reader;
mod person;
mod reader;
mod refusals;
mod remains;
mod retention;
mod rows;
mod schema;
mod sqlite;
mod stored_event;
mod totals;

pub use self::backup::{BackedUp, Restored, backup, restore};
pub use self::check::{Checked, check};
pub use self::committer::{Committer, StoreUnavailable};
pub use self::dead_letters::{LetterChange, LetterFilter, StoredLetter};
pub use self::disk_usage::DiskUsage;
pub use self::erasures::{EraseStep, EraseStepDone, ErasedRows, Receipt};
pub use self::export::{export, export_person};
pub use self::first_cursor::{FirstCursor, ForwardStart};
pub use self::person::{IdKind, PersonId};
pub use self::reader::EventReader;
pub use self::retention::{Retained, RetentionPolicy};
pub use self::sqlite::SqliteStore;
pub use self::stored_event::{StoredEvent, StoredRejection};

pub(crate) use self::checkpoint::copy_log;
pub(crate) use self::erased_since::ErasedSince;
pub(crate) use self::people_reader::Looked;
pub(crate) use self::person::People;
pub(crate) use self::stored_event::iso_time;

use std::path::PathBuf;

use crate::ingest::{PreparedEvent, RejectedEvent};

/// Why the store failed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The engine failed, because the disk is full perhaps. The transaction was rolled back.
    #[error("{0}")]
    Engine(#[from] rusqlite::Error),
    /// Another gateway uses the file.
    #[error("another gateway is using this file")]
    InUse,
    /// The file was written by a newer gateway.
    #[error("the file has version {0}, which this program is too old for: use a newer one")]
    NewerVersion(i64),
    /// The file is an SQLite file of something else, or empty.
    #[error("the file is no database of a gateway")]
    NotAStore,
    /// The file is damaged, or what it counts does not fit its rows.
    #[error("the file is damaged: {0}")]
    Damaged(String),
    /// A file would be overwritten.
    #[error("{} is there already, or in use", .0.display())]
    Exists(PathBuf),
    /// The file or its folder cannot be used.
    #[error("{0}")]
    File(#[from] std::io::Error),
}

/// The events of one request.
#[derive(Debug, Default)]
pub struct Append {
    /// Valid events, in their order.
    pub events: Vec<PreparedEvent>,
    /// Events that were turned away.
    pub rejected: Vec<RejectedEvent>,
}

/// The result of storing an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Placement {
    /// The number of the stored event; for a repeat that of the first.
    pub seq: i64,
    /// Whether it is a repeat: an event with its source and messageId was stored before.
    pub duplicate: bool,
    /// The number of the browser's version that it supersedes.
    pub supersedes: Option<i64>,
}

/// An event that was turned away, as its person was erased.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Its number among the rejected events.
    pub rejected_id: i64,
    /// Its message id.
    pub message_id: String,
}

/// How far a destination has come with a source's events.
#[derive(Debug, Clone)]
pub struct ForwardProgress {
    /// The source.
    pub source_id: i64,
    /// The destination's name, unique in the source.
    pub destination: String,
    /// Every event of it up to this number is delivered or among the dead letters.
    pub through_seq: i64,
    /// Events that the upstream refused for good.
    pub dead_letters: Vec<DeadLetter>,
}

/// An event that the upstream refused for good.
#[derive(Debug, Clone)]
pub struct DeadLetter {
    /// The event's number.
    pub seq: i64,
    /// The upstream's HTTP status.
    pub status: u16,
    /// The first part of the upstream's answer.
    pub reason: String,
}

/// A source to be known by its number.
#[derive(Debug, Clone)]
pub struct NewSource {
    /// Its name.
    pub name: String,
    /// The destinations that it has or will have, and where each begins. `None` stands for the
    /// default.
    pub destinations: Vec<(String, Option<ForwardStart>)>,
}

/// One transaction's worth of work.
#[derive(Debug, Default)]
pub struct Work {
    /// Events to keep, by request.
    pub appends: Vec<Append>,
    /// Progress of forwarding.
    pub progress: Vec<ForwardProgress>,
    /// What became of dead letters.
    pub letters: Vec<LetterChange>,
}

/// The result of a transaction.
#[derive(Debug, Default)]
pub struct Committed {
    /// The results for the events, by request.
    pub placements: Vec<Vec<Result<Placement, Refused>>>,
    /// The numbers of the rejected events, by request.
    pub rejected_ids: Vec<Vec<i64>>,
    /// The totals of the store after it.
    pub totals: Totals,
}

/// The totals of the store.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Totals {
    /// Events stored, superseded and deleted ones too. Also the number of the newest event.
    pub stored: i64,
    /// Repeats acknowledged.
    pub duplicates: i64,
    /// Events turned away.
    pub rejected: i64,
}

/// A durable log of events that recognises repeats. One thread owns it.
pub trait EventStore: Send + 'static {
    /// Does all of the work, durably, or none of it.
    ///
    /// # Errors
    /// When the engine fails. A later call may succeed.
    fn commit(&mut self, work: &Work) -> Result<Committed, StoreError>;

    /// Deletes some of what is old, durably or not at all. `n_stored` events were stored just now:
    /// more may be deleted than that.
    ///
    /// # Errors
    /// When the engine fails. A later call may succeed.
    fn retain(&mut self, n_stored: usize) -> Result<Retained, StoreError>;

    /// Gives sources their numbers, in the same order, and those that are forwarded a cursor, where
    /// they have none yet.
    ///
    /// # Errors
    /// When the engine fails. A later call may succeed.
    fn add_sources(&mut self, sources: &[NewSource]) -> Result<Vec<i64>, StoreError>;

    /// Does a step of erasing people, durably or not at all.
    ///
    /// # Errors
    /// When the engine fails. A later call may succeed.
    fn erase(&mut self, step: &EraseStep) -> Result<EraseStepDone, StoreError>;

    /// Writes something small, durably, to see whether the store works again.
    ///
    /// # Errors
    /// When it does not.
    fn probe(&mut self) -> Result<(), StoreError>;

    /// The totals so far.
    fn totals(&self) -> Totals;

    /// Closes the store before the process ends.
    ///
    /// # Errors
    /// When the engine fails. What was committed is safe all the same.
    fn close(&mut self) -> Result<(), StoreError>;
}
