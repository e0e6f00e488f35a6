//! Copies SQLite's write-ahead log into the file on a thread of its own, so that no request has
//! to wait for it. The committer copies the little that was written meanwhile: SQLite reuses its
//! log from the beginning only when all of it has been copied.

use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, TryRecvError, sync_channel};
use std::thread::JoinHandle;

use rusqlite::Connection;

use super::StoreError;
use crate::limits::CHECKPOINT_BYTES;

/// Starts the copying thread when it is time.
#[derive(Debug)]
pub(super) struct Checkpointer {
    /// `None` only while this is being dropped.
    orders: Option<SyncSender<()>>,
    done: Receiver<()>,
    thread: Option<JoinHandle<()>>,
    written_bytes: usize,
    running: bool,
}

impl Checkpointer {
    /// Starts the thread with a connection of its own.
    pub(super) fn start(path: &Path) -> Result<Self, StoreError> {
        let connection = Connection::open(path)?;
        // A copy synced less would break the promise of the commits.
        connection.execute_batch("PRAGMA synchronous = FULL")?;
        let (orders, inbox) = sync_channel(1);
        let (report, done) = sync_channel(1);
        let thread = std::thread::Builder::new()
            .name("checkpointer".to_owned())
            .spawn(move || {
                while inbox.recv().is_ok() {
                    if let Err(error) = checkpoint(&connection) {
                        tracing::warn!(%error, "could not copy the write-ahead log");
                    }
                    if report.send(()).is_err() {
                        return;
                    }
                }
            })?;
        Ok(Self {
            orders: Some(orders),
            done,
            thread: Some(thread),
            written_bytes: 0,
            running: false,
        })
    }

    /// Notes a commit that wrote about `written_bytes`. `connection` is the committer's.
    pub(super) fn note_commit(&mut self, connection: &Connection, written_bytes: usize) {
        self.written_bytes += written_bytes;
        if self.running {
            match self.done.try_recv() {
                Ok(()) => {
                    self.running = false;
                    self.written_bytes = 0;
                    if let Err(error) = checkpoint(connection) {
                        tracing::warn!(%error, "could not copy the rest of the write-ahead log");
                    }
                }
                Err(TryRecvError::Empty | TryRecvError::Disconnected) => {}
            }
        } else if self.written_bytes >= CHECKPOINT_BYTES
            && let Some(orders) = &self.orders
        {
            self.running = orders.try_send(()).is_ok();
        }
    }
}

impl Drop for Checkpointer {
    fn drop(&mut self) {
        self.orders = None;
        if let Some(thread) = self.thread.take() {
            // The last copy is worth waiting for. A panic was logged by the panic hook.
            let _ = thread.join();
        }
    }
}

/// Copies as much of a file's write-ahead log as can be copied without waiting, by a connection of
/// its own, so that the committer has little left to copy.
///
/// # Errors
/// When the engine fails.
pub(crate) fn copy_log(path: &Path) -> Result<(), StoreError> {
    let connection = Connection::open(path)?;
    connection.execute_batch("PRAGMA synchronous = FULL")?;
    Ok(checkpoint(&connection)?)
}

/// Copies as much as can be copied without waiting for readers.
fn checkpoint(connection: &Connection) -> rusqlite::Result<()> {
    connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))
}
