//! What is asked of the committing thread from time to time: whether it answers, whether a failed
//! store works again, and to delete what is old.

use std::pin::pin;
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

    /// Asks the thread again and again whether it answers: one that hangs in the system writes
    /// nothing and fails nothing. The question waits behind all that is to be written, so the
    /// thread is only said to hang if it has done nothing either for the time `within`. Returns
    /// when the thread has ended.
    pub async fn keep_watching(self, interval: Duration, within: Duration) {
        loop {
            tokio::time::sleep(interval).await;
            let (reply, answer) = oneshot::channel();
            let mut asked = pin!(async {
                let sent = self.commands.send(Command::Ping(reply)).await;
                sent.is_ok() && answer.await.is_ok()
            });
            let answered = loop {
                let n_steps = self.steps.load(Ordering::Relaxed);
                match timeout(within, &mut asked).await {
                    Ok(answered) => break answered,
                    Err(_) => self.note_answers(self.steps.load(Ordering::Relaxed) != n_steps),
                }
            };
            if !answered {
                self.answers.store(false, Ordering::Relaxed);
                tracing::error!("the committer has ended; nothing is stored until a restart");
                return;
            }
            self.note_answers(true);
        }
    }

    fn note_answers(&self, answers: bool) {
        let answered = self.answers.swap(answers, Ordering::Relaxed);
        if answers && !answered {
            tracing::info!("the committer answers again");
        } else if answered && !answers {
            tracing::error!("the committer does not answer; the disk may hang");
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
    use std::sync::atomic::{AtomicBool, AtomicU64};
    use std::time::Instant;

    use tokio::sync::{mpsc, watch};

    use super::*;

    fn committer() -> (Committer, mpsc::Receiver<Command>) {
        let (commands, inbox) = mpsc::channel(1);
        let (_totals, totals) = watch::channel(crate::store::Totals::default());
        let committer = Committer {
            commands,
            ready: Arc::new(AtomicBool::new(true)),
            answers: Arc::new(AtomicBool::new(true)),
            steps: Arc::new(AtomicU64::new(0)),
            erased: crate::store::erased_since::ErasedCount::default(),
            totals,
        };
        (committer, inbox)
    }

    #[tokio::test]
    async fn a_thread_that_hangs_is_not_ready_until_it_answers_again_nor_after_its_end() {
        let (committer, mut inbox) = committer();
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
        assert!(!committer.is_ready());
    }

    #[tokio::test]
    async fn a_thread_with_much_to_write_is_ready_however_late_it_answers() {
        let (committer, mut inbox) = committer();
        let soon = Duration::from_millis(1);
        let watching = tokio::spawn(committer.clone().keep_watching(soon, soon));
        let Some(Command::Ping(_reply)) = inbox.recv().await else {
            panic!("it is not asked");
        };
        let asked = Instant::now();
        while asked.elapsed() < 20 * soon {
            committer.steps.fetch_add(1, Ordering::Relaxed);
            assert!(committer.is_ready());
            tokio::task::yield_now().await;
        }
        while committer.is_ready() {
            tokio::task::yield_now().await;
        }
        while !committer.is_ready() {
            committer.steps.fetch_add(1, Ordering::Relaxed);
            tokio::task::yield_now().await;
        }
        watching.abort();
    }
}
