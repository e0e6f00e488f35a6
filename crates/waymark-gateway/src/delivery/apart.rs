//! Sends events again, beside the regular flow, which keeps its own cursor.

use super::batch::{body, n_fitting};
use super::upstream::{Outcome, Upstream};
use crate::store::{DeadLetter, StoredEvent};

/// What became of events that were sent apart.
#[derive(Debug, Default)]
pub(crate) struct Sent {
    /// The numbers of those that the upstream took.
    pub(crate) taken: Vec<i64>,
    /// Those that it refused for good.
    pub(crate) refused: Vec<DeadLetter>,
    /// Why the rest was not sent, if any was not.
    pub(crate) stopped: Option<String>,
}

/// Sends each event once. A refused batch is halved until the event that causes it stands alone.
pub(super) async fn send(upstream: &Upstream, events: &[StoredEvent]) -> Sent {
    let mut sent = Sent::default();
    let mut waiting = vec![events];
    while let Some(part) = waiting.pop() {
        let (part, rest) = match part.first() {
            Some(_) => part.split_at(n_fitting(part)),
            None => continue,
        };
        waiting.push(rest);
        match upstream.send(body(part, crate::now_ms())).await {
            Outcome::Taken => sent.taken.extend(part.iter().map(|event| event.seq)),
            Outcome::Refused { status, reason } if part.len() == 1 => {
                sent.refused.push(DeadLetter {
                    seq: part[0].seq,
                    status,
                    reason,
                });
            }
            Outcome::Refused { .. } => {
                let (first, second) = part.split_at(part.len() / 2);
                waiting.push(second);
                waiting.push(first);
            }
            Outcome::TryAgain { why, .. } => {
                sent.stopped = Some(why);
                break;
            }
        }
    }
    sent
}
