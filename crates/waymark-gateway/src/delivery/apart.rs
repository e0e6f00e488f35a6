//! Sends events again, beside the regular flow, which keeps its own cursor.

use waymark_destinations::Fate;

use super::round::{Done, Next, Round, Settled};
use super::upstream::Upstream;
use crate::store::{DeadLetter, ErasedSince, StoredEvent};

/// What became of events that were sent apart.
#[derive(Debug, Default)]
pub(crate) struct Sent {
    /// The numbers of those that the destination took.
    pub(crate) taken: Vec<i64>,
    /// Those that it refused for good.
    pub(crate) refused: Vec<DeadLetter>,
    /// How many became nothing there.
    pub(crate) n_skipped: usize,
    /// The number of the last event before the first that has no fate yet.
    pub(crate) through_seq: Option<i64>,
    /// Why the rest was not sent, if any was not.
    pub(crate) stopped: Option<String>,
}

impl Sent {
    fn note(&mut self, done: Option<Done>) {
        if let Some(done) = done {
            self.taken.extend(done.taken);
            self.refused.extend(done.refused);
            self.n_skipped += done.skipped.len();
            self.through_seq = Some(done.through_seq);
        }
    }
}

/// Sends each event once. A refused request is halved until the event that causes it stands alone.
/// Stops when somebody is erased since the events were read: some may be theirs.
pub(super) async fn send(
    upstream: &Upstream,
    mut events: &[StoredEvent],
    erased: &ErasedSince,
) -> Sent {
    let mut sent = Sent::default();
    while !events.is_empty() && sent.stopped.is_none() {
        let mut round = Round::new(
            events,
            // One request after the other: what is taken beyond a failure would be sent again.
            upstream.plan(events, 1, crate::now_ms()),
            Settled::new(),
        );
        sent.note(round.done());
        while let Some(request) = round.next() {
            if erased.anybody() {
                sent.stopped = Some("somebody was erased meanwhile".to_owned());
                break;
            }
            let lane = request.lane.clone();
            let answered = upstream.send(&request, crate::now_ms()).await;
            let status = answered.status;
            match round.read(request, answered) {
                Next::Fates(fates) => {
                    let mut again = Vec::new();
                    for (one, fate) in fates {
                        match fate {
                            Fate::Taken => round.taken(&one),
                            Fate::Refused(reason) => round.refused(&one, status, reason),
                            Fate::Again => again.push(one),
                        }
                    }
                    round.again(lane, again);
                }
                Next::Halved => {}
                Next::Later { why, .. } => {
                    sent.stopped = Some(why);
                    break;
                }
            }
            sent.note(round.done());
        }
        let through_seq = sent.through_seq.unwrap_or(0);
        let rest = events.iter().position(|event| event.seq > through_seq);
        events = rest.map_or(&[], |at| &events[at..]);
    }
    sent
}
