//! What is asked of the committing thread from time to time: whether it answers, whether a failed
//! store works again, and to delete what is old.

use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::time::timeout;

use super::{Command, Committer};
use crate::limits::{RETAIN_INTERVAL, STORE_PROBE_INTERVAL};

impl Committer {
    /// Whether the last write worked, and the thread answers in its time.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.ready.load(Ordering::Relaxed) && self.answers.load(Ordering::Relaxed)
    }

    /// Probes a failed store until it works again, so that this is noticed without an event.
    /// Never returns while the gateway runs.
    pub async fn keep_probing(self) {
        loop {
            tokio::time::sleep(STORE_PROBE_INTERVAL).await;
            let failed = !self.ready.load(Ordering::Relaxed);
            if failed && self.commands.send(Command::Probe).await.is_err() {
                return;
            }
        }
    }

    /// Asks the thread again and again whether it answers within a time: one that hangs in the
    /// system writes nothing and fails nothing. Never returns while the gateway runs.
    pub async fn keep_watching(self, interval: Duration, within: Duration) {
        loop {
            tokio::time::sleep(interval).await;
            let (reply, answer) = oneshot::channel();
            let asked = async {
                let sent = self.commands.send(Command::Ping(reply)).await;
                sent.is_ok() && answer.await.is_ok()
            };
            match timeout(within, asked).await {
                Ok(true) => {
                    if !self.answers.swap(true, Ordering::Relaxed) {
                        tracing::info!("the committer answers again");
                    }
                }
                Ok(false) => return,
                Err(_) => {
                    if self.answers.swap(false, Ordering::Relaxed) {
                        let message = "the committer does not answer; the disk may hang";
                        tracing::error!(message);
                    }
                }
            }
        }
    }

    /// Has old events deleted. Never returns while the gateway runs.
    pub async fn keep_retaining(self) {
        while self.commands.send(Command::Retain).await.is_ok() {
            tokio::time::sleep(RETAIN_INTERVAL).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::AtomicBool;

    use tokio::sync::{mpsc, watch};

    use super::*;

    #[tokio::test]
    async fn a_thread_that_hangs_is_not_ready_until_it_answers_again() {
        let (commands, mut inbox) = mpsc::channel(1);
        let (_totals, totals) = watch::channel(crate::store::Totals::default());
        let committer = Committer {
            commands,
            ready: Arc::new(AtomicBool::new(true)),
            answers: Arc::new(AtomicBool::new(true)),
            erased: crate::store::erased_since::ErasedCount::default(),
            totals,
        };
        let soon = Duration::from_millis(1);
        let watching = tokio::spawn(committer.clone().keep_watching(soon, soon));
        while committer.is_ready() {
            tokio::task::yield_now().await;
        }
        assert_eq!(committer.n_waiting(), 1);
        while !committer.is_ready() {
            if let Some(Command::Ping(reply)) = inbox.recv().await {
                let _ = reply.send(());
            }
            tokio::task::yield_now().await;
        }
        drop(inbox);
        watching.await.unwrap();
    }
}
