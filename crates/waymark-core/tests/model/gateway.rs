//! The server at the other end, with all its faults, and the events it has stored.

use std::collections::{HashMap, HashSet};

use waymark_core::retry::Outcome;

/// A gateway knows a message id for this long, in milliseconds.
const DEDUPE_MS: f64 = 7.0 * 86_400_000.0;

/// How the server, or something in front of it, treats a request.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Mood {
    Well,
    /// Nothing arrives.
    Unreachable,
    /// The batch is stored, but the answer is lost.
    AnswerLost,
    /// A proxy answers with this status and stores nothing.
    Status(u16),
    /// 429 or 503 that asks for so many milliseconds.
    Busy(u16, f64),
    /// A page of HTML, with 200.
    Foreign,
    /// 413 for more events than this.
    TooMany(usize),
}

/// The gateway's state.
#[derive(Default)]
pub(crate) struct Gateway {
    /// When an event was first stored, in true milliseconds.
    stored_at_ms: HashMap<u32, f64>,
    /// Each event in the order of storing; one that was stored again is there again.
    pub(crate) log: Vec<u32>,
    /// Requests that were taken.
    accepted: usize,
    /// For each event refused alone: how many requests had been taken at the first time.
    refused_alone: HashMap<u32, usize>,
    /// Events that were refused alone, and again after another request was taken.
    pub(crate) rightly_refused: HashSet<u32>,
}

/// The ids of the events in a body.
pub(crate) fn ids(body: &str) -> Vec<u32> {
    let id = |part: &str| part.split('"').next()?.rsplit('-').next()?.parse().ok();
    let parts = body.split("\"messageId\":\"").skip(1);
    parts.map(|part| id(part).unwrap()).collect()
}

/// Whether the server will never take this event.
pub(crate) fn is_bad(id: u32) -> bool {
    id % 16 == 7
}

/// Whether the server turns this bad event away and takes the others of its request.
fn is_turned_away(id: u32) -> bool {
    id % 32 == 23
}

/// What the browser sees of an answer.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) outcome: Outcome,
    pub(crate) turned_away: Vec<u8>,
}

impl Answer {
    pub(crate) fn unanswered() -> Self {
        Self::of(Outcome::Unanswered)
    }

    fn of(outcome: Outcome) -> Self {
        Self {
            outcome,
            turned_away: Vec::new(),
        }
    }
}

impl Gateway {
    /// Takes a request; gives the answer that the browser sees.
    pub(crate) fn take(&mut self, events: &[u32], mood: Mood, true_ms: f64) -> Answer {
        let answer = |status, retry_after_ms, foreign| {
            Answer::of(Outcome::Answered {
                status,
                retry_after_ms,
                foreign,
            })
        };
        match mood {
            Mood::Unreachable => return Answer::unanswered(),
            Mood::Status(status) => {
                if matches!(status, 400 | 413 | 422) {
                    self.refuse(events);
                }
                return answer(status, None, false);
            }
            Mood::Busy(status, wait_ms) => return answer(status, Some(wait_ms), false),
            Mood::Foreign => return answer(200, None, true),
            Mood::TooMany(most) if events.len() > most => {
                self.refuse(events);
                return answer(413, None, false);
            }
            _ => {}
        }
        let spoils = |id: &u32| is_bad(*id) && !is_turned_away(*id);
        if events.iter().any(spoils) {
            self.refuse(events);
            return answer(400, None, false);
        }
        for id in events.iter().filter(|id| !is_turned_away(**id)) {
            let known = self.stored_at_ms.get(id);
            if known.is_none_or(|at_ms| true_ms - at_ms > DEDUPE_MS) {
                self.stored_at_ms.insert(*id, true_ms);
                self.log.push(*id);
            }
        }
        // A repeat counts as taken too.
        self.accepted += 1;
        if mood == Mood::AnswerLost {
            return Answer::unanswered();
        }
        let away = events.iter().map(|id| is_turned_away(*id));
        let mut taken = answer(200, None, false);
        taken.turned_away = away.clone().map(u8::from).collect();
        let ids = events.iter().zip(away);
        let ids = ids.filter_map(|(id, is_away)| is_away.then_some(*id));
        self.rightly_refused.extend(ids);
        taken
    }

    fn refuse(&mut self, events: &[u32]) {
        let &[id] = events else { return };
        let accepted = self.accepted;
        let first = *self.refused_alone.entry(id).or_insert(accepted);
        if accepted > first {
            self.rightly_refused.insert(id);
        }
    }

    /// Whether an event was refused alone once: it is set aside then, out of its order.
    pub(crate) fn set_aside(&self, id: u32) -> bool {
        self.refused_alone.contains_key(&id)
    }

    pub(crate) fn has(&self, id: u32) -> bool {
        self.stored_at_ms.contains_key(&id)
    }
}
