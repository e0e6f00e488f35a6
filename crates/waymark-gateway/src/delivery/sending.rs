//! How a forwarder sends what it has read: several requests at once, one visitor's events in their
//! order, and the cursor only past events that have their fate.

use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use waymark_destinations::{Fate, PlannedPayload, PlannedRequest};

use super::backoff;
use super::forwarder::{Forwarder, Read};
use super::round::{Next, Round};
use super::upstream::{Answered, Upstream};
use crate::limits::BREAKER_INTERVAL;
use crate::live::{EventFate, Outcome};

impl Forwarder {
    /// Sends events until each is taken or refused for good, an attempt fails, or somebody is
    /// erased: then they are read again, as some may be gone. What is under way meanwhile is waited
    /// for. A refused request is halved until the payload that causes it stands alone.
    pub(super) async fn deliver(&mut self, read: &Read) {
        let mut round = self.round(read);
        self.pass(&mut round, read).await;
        let mut wait = None;
        let mut sending = FuturesUnordered::new();
        loop {
            while wait.is_none() && sending.len() < self.n_at_once() && !read.erased.anybody() {
                let Some(request) = round.next() else { break };
                sending.push(send(Arc::clone(&self.upstream), request));
            }
            self.note_first_waiting(&round);
            let Some((request, answered)) = sending.next().await else {
                break;
            };
            let failed = self.read_answer(&mut round, request, answered, wait.is_none());
            wait = wait.max(failed);
            self.pass(&mut round, read).await;
        }
        drop(sending);
        self.keep_settled(round);
        if let Some(wait) = wait {
            self.pause(wait).await;
        }
    }

    /// One request is enough to find out whether an upstream that failed is back.
    fn n_at_once(&self) -> usize {
        if self.n_failed > 0 {
            return 1;
        }
        self.upstream.n_at_once()
    }

    fn round<'e>(&mut self, read: &'e Read) -> Round<'e> {
        let settled = std::mem::take(&mut self.settled);
        let n_at_once = self.upstream.n_at_once();
        let plan = self.upstream.plan(&read.events, n_at_once, crate::now_ms());
        Round::new(&read.events, plan, settled)
    }

    /// Does what an answer says. Returns the wait after an attempt that failed, which counts as such
    /// if it is the round's `first`.
    fn read_answer(
        &mut self,
        round: &mut Round<'_>,
        request: PlannedRequest,
        answered: Answered,
        first: bool,
    ) -> Option<Duration> {
        let lane = request.lane.clone();
        let status = answered.status;
        match round.read(request, answered) {
            Next::Fates(fates) => match self.settle(round, status, fates) {
                Ok(again) => {
                    round.again(lane, again);
                    None
                }
                Err(wait) => Some(wait),
            },
            Next::Halved => None,
            Next::Later { retry_after, why } => Some(self.failed(retry_after, &why, first)),
        }
    }

    /// Keeps the fates of payloads whose events are not done yet.
    fn keep_settled(&mut self, round: Round<'_>) {
        let passed_seq = self.passed_seq();
        self.settled = round.into_settled();
        self.settled.retain(|(seq, _), _| *seq > passed_seq);
    }

    /// Notes the fates of payloads, first of those that are taken. Returns those to send again, or
    /// the wait of a destination that refuses everything.
    fn settle(
        &mut self,
        round: &mut Round<'_>,
        status: u16,
        fates: Vec<(PlannedPayload, Fate)>,
    ) -> Result<Vec<PlannedPayload>, Duration> {
        let mut again = Vec::new();
        let mut refused = Vec::new();
        let mut n_taken = 0;
        for (one, fate) in fates {
            match fate {
                Fate::Taken => {
                    round.taken(&one);
                    n_taken += 1;
                }
                Fate::Refused(reason) => refused.push((one, reason)),
                Fate::Again => again.push(one),
            }
        }
        if n_taken > 0 {
            if self.n_failed > 0 {
                let source = &self.route.source;
                tracing::info!(source, "the upstream takes events again");
            }
            self.n_failed = 0;
            self.breaker.taken(&self.route);
        }
        // Who names what is wrong and spares the rest does not refuse everything: only an answer
        // that spares nothing counts each refusal.
        let mut counts = if n_taken > 0 {
            0
        } else if again.is_empty() {
            refused.len()
        } else {
            1
        };
        for (one, reason) in refused {
            if counts > 0 && !self.breaker.refused(&self.route, status) {
                self.metrics.note_forward_failure(&self.route);
                return Err(BREAKER_INTERVAL);
            }
            counts = counts.saturating_sub(1);
            tracing::warn!(
                source = self.route.source,
                destination = self.route.destination,
                status,
                "an event was refused upstream"
            );
            round.refused(&one, status, reason);
        }
        Ok(again)
    }

    /// An attempt failed. Returns the wait until the next.
    fn failed(&mut self, retry_after: Option<Duration>, why: &str, first: bool) -> Duration {
        self.metrics.note_forward_failure(&self.route);
        // Several requests that were under way at once tell the same.
        self.n_failed += u32::from(first);
        if first && self.n_failed == 1 {
            tracing::warn!(
                source = self.route.source,
                destination = self.route.destination,
                why,
                "forwarding failed and will be retried"
            );
        }
        backoff::wait(self.n_failed, retry_after)
    }

    /// Moves the cursor past the events that are done.
    async fn pass(&mut self, round: &mut Round<'_>, read: &Read) {
        let Some(done) = round.done() else {
            return;
        };
        self.metrics.note_forwarded(&self.route, done.taken.len());
        self.metrics.note_refused(&self.route, done.refused.len());
        let taken = done.taken.iter().map(|seq| (*seq, Outcome::Taken));
        let mut fates: Vec<EventFate> = taken.collect();
        for (seq, skip) in &done.skipped {
            self.metrics.note_skipped(&self.route, skip.code());
            fates.push((*seq, Outcome::Skipped(*skip)));
        }
        for letter in &done.refused {
            let refused = Outcome::Refused {
                status: letter.status,
                reason: letter.reason.clone(),
            };
            fates.push((letter.seq, refused));
        }
        self.save(done.through_seq, done.refused).await;
        // A reason may have something of the person, whose events are forgotten already.
        if !read.erased.anybody() {
            self.live.publish_fates(&self.route, fates);
        }
    }

    fn note_first_waiting(&self, round: &Round<'_>) {
        if let Some(first) = round.first_waiting() {
            self.note_oldest(first.received_ms);
        }
    }

    /// Tries one payload at a destination that refuses everything: any one, as the first may be
    /// spoiled. If it is taken, the regular flow goes on with the first.
    pub(super) async fn try_one(&mut self, read: &Read) {
        let mut round = self.round(read);
        self.pass(&mut round, read).await;
        self.note_first_waiting(&round);
        let one = round.any_one(|below| rand::random_range(0..below));
        // Whoever was erased since is not tried.
        if let Some(one) = one.filter(|_| !read.erased.anybody()) {
            let answered = self.upstream.send(&one, crate::now_ms()).await;
            let taken = match round.read(one, answered) {
                Next::Fates(fates) => fates.into_iter().find(|(_, fate)| *fate == Fate::Taken),
                Next::Halved | Next::Later { .. } => None,
            };
            match taken {
                Some((one, _)) => {
                    self.breaker.taken(&self.route);
                    round.taken(&one);
                    self.pass(&mut round, read).await;
                }
                None => {
                    self.metrics.note_forward_failure(&self.route);
                    self.pause(BREAKER_INTERVAL).await;
                }
            }
        }
        self.keep_settled(round);
    }
}

/// Sends a request once, and gives it back with its answer.
async fn send(upstream: Arc<Upstream>, request: PlannedRequest) -> (PlannedRequest, Answered) {
    let answered = upstream.send(&request, crate::now_ms()).await;
    (request, answered)
}
