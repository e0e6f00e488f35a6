//! Where events are kept. The committer is the only one that writes; everyone else reads.

mod checkpoint;
mod committer;
mod dedupe;
mod export;
mod id_filter;
mod reader;
mod schema;
mod sqlite;
mod stored_event;

pub use self::committer::{Committer, StoreUnavailable};
pub use self::export::export;
pub use self::reader::EventReader;
pub use self::sqlite::SqliteStore;
pub use self::stored_event::{StoredEvent, StoredRejection};

pub(crate) use self::stored_event::iso_time;

use crate::ingest::{PreparedEvent, RejectedEvent};

/// Why the store could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The engine failed; a full disk among others. Nothing of the transaction was kept.
    #[error("{0}")]
    Engine(#[from] rusqlite::Error),
    /// Another gateway uses the file.
    #[error("another gateway is using this file")]
    InUse,
    /// The file was written by a newer gateway.
    #[error("the file is of version {0}, which is newer than this program")]
    NewerVersion(i64),
    /// The file or its folder cannot be used.
    #[error("{0}")]
    File(#[from] std::io::Error),
}

/// What one request wants kept.
#[derive(Debug, Default)]
pub struct Append {
    /// Valid events in their order.
    pub events: Vec<PreparedEvent>,
    /// Events that were turned away.
    pub rejected: Vec<RejectedEvent>,
}

/// Where an event stands after its commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Placement {
    /// The number of the stored event; of the first one for a repeat.
    pub seq: i64,
    /// Whether it is not stored, as one with its source and messageId was there before.
    pub duplicate: bool,
    /// The number of the browser's version that it takes the place of.
    pub supersedes: Option<i64>,
}

/// How far a source's events have been passed on.
#[derive(Debug, Clone)]
pub struct ForwardProgress {
    /// The source.
    pub source_id: i64,
    /// Every event of it up to this number is delivered or among the dead letters.
    pub through_seq: i64,
    /// Events that the upstream will not take.
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

/// One transaction's worth of work.
#[derive(Debug, Default)]
pub struct Work {
    /// Events to keep, by request.
    pub appends: Vec<Append>,
    /// Progress of forwarding.
    pub progress: Vec<ForwardProgress>,
}

/// What a transaction did.
#[derive(Debug, Default)]
pub struct Committed {
    /// The events' places, by request.
    pub placements: Vec<Vec<Placement>>,
    /// The numbers of the rejected events, by request.
    pub rejected_ids: Vec<Vec<i64>>,
    /// Totals of the store after it.
    pub totals: Totals,
}

/// What the store holds and has seen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Totals {
    /// Events stored, superseded ones too; also the number of the newest.
    pub stored: i64,
    /// Repeats acknowledged.
    pub duplicates: i64,
    /// Events turned away.
    pub rejected: i64,
}

/// A durable log of events that knows repeats. One thread owns it.
pub trait EventStore: Send + 'static {
    /// Does all of the work, durably, or nothing of it.
    ///
    /// # Errors
    /// When the engine fails; the store may be asked again.
    fn commit(&mut self, work: &Work) -> Result<Committed, StoreError>;

    /// Writes something small, durably, to see whether the store works again.
    ///
    /// # Errors
    /// When it does not.
    fn probe(&mut self) -> Result<(), StoreError>;

    /// Totals so far.
    fn totals(&self) -> Totals;

    /// Tidies up before the process ends.
    ///
    /// # Errors
    /// When the engine fails; what was committed is safe all the same.
    fn close(&mut self) -> Result<(), StoreError>;
}
