//! Copies SQLite's write-ahead log into the file beside the committer, so that no request has
//! to wait for it. What was written meanwhile is little, and the committer copies it itself:
//! only when nothing is left does SQLite start its log from the beginning again.

use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, TryRecvError, sync_channel};
use std::thread::JoinHandle;

use rusqlite::Connection;

use super::StoreError;
use crate::limits::CHECKPOINT_BYTES;

/// The thread that copies, and when it is time for it.
#[derive(Debug)]
pub(super) struct Checkpointer {
    /// `None` only while it is being dropped.
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
        // A copy that is synced less would undo what the commits promise.
        connection.execute_batch("PRAGMA synchronous = FULL")?;
        let (orders, inbox) = sync_channel(1);
        let (report, done) = sync_channel(1);
        let thread = std::thread::Builder::new()
            .name("checkpointer".to_owned())
            .spawn(move || {
                while inbox.recv().is_ok() {
                    if let Err(error) = checkpoint(&connection) {
                        tracing::warn!(%error, "could not fold the log into the file");
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

    /// After a commit that wrote about so much. `connection` is the committer's.
    pub(super) fn note_commit(&mut self, connection: &Connection, written_bytes: usize) {
        self.written_bytes += written_bytes;
        if self.running {
            match self.done.try_recv() {
                Ok(()) => {
                    self.running = false;
                    self.written_bytes = 0;
                    if let Err(error) = checkpoint(connection) {
                        tracing::warn!(%error, "could not fold the rest of the log into the file");
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
            // Its last copy is worth waiting for; a panic there was logged by the panic hook.
            let _ = thread.join();
        }
    }
}

/// Copies what can be copied without waiting for readers.
fn checkpoint(connection: &Connection) -> rusqlite::Result<()> {
    connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))
}
