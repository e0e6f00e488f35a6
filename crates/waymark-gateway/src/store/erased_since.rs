//! Whether somebody was asked to be erased since events were read into memory.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Counts the ids that were written to be erased.
#[derive(Debug, Clone, Default)]
pub(super) struct ErasedCount(Arc<AtomicU64>);

/// A moment, and whether an id was written to be erased since.
#[derive(Debug, Clone)]
pub(crate) struct ErasedSince {
    count: ErasedCount,
    before: u64,
}

impl ErasedCount {
    /// An id was written.
    pub(super) fn note(&self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }

    /// From this moment.
    pub(super) fn since_now(&self) -> ErasedSince {
        ErasedSince {
            count: self.clone(),
            before: self.0.load(Ordering::SeqCst),
        }
    }
}

impl ErasedSince {
    /// Whether somebody was. Events that were read after the moment may be theirs, so nothing of
    /// them may leave before they are read again.
    pub(crate) fn anybody(&self) -> bool {
        self.count.0.load(Ordering::SeqCst) != self.before
    }
}
