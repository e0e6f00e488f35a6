//! The account of every event: the ledger counts its fate, and a settlement tells it.

use crate::ledger::Ledger;
use crate::queue::{Entry, Queue, State};
use crate::settlement::{Fate, Settlement};

/// The ledger, and the settlements not yet told.
#[derive(Debug, Default)]
pub struct Account {
    /// The counters of the loss ledger.
    pub ledger: Ledger,
    settlements: Vec<Settlement>,
}

impl Account {
    /// Notes the fate of an event, with the [`Settlement::status`] of the answer that decided it.
    pub fn note(&mut self, seq: u32, fate: Fate, status: u16) {
        self.ledger.count(fate);
        match self.settlements.last_mut() {
            Some(last) if last.fate == fate && last.status == status => last.seqs.push(seq),
            _ => self.settlements.push(Settlement {
                seqs: vec![seq],
                fate,
                status,
            }),
        }
    }

    /// Gives up the events that no request carries and for which `stays` is false.
    pub fn give_up(&mut self, queue: &mut Queue, fate: Fate, stays: &dyn Fn(&Entry) -> bool) {
        queue.retain(&mut |entry| {
            let stays = matches!(entry.state, State::InFlight(_)) || stays(entry);
            if !stays {
                self.note(entry.seq, fate, 0);
            }
            stays
        });
    }

    /// Gives each event of a request its fate and the status that goes with it, in the order of
    /// the request. The events that are to be retried wait again.
    pub fn settle(
        &mut self,
        queue: &mut Queue,
        request: u32,
        fate_of: &mut dyn FnMut(&mut Entry) -> (Fate, u16),
    ) {
        queue.retain(&mut |entry| {
            if entry.state != State::InFlight(request) {
                return true;
            }
            let (fate, status) = fate_of(entry);
            self.note(entry.seq, fate, status);
            entry.state = State::Waiting;
            fate == Fate::Retried
        });
    }

    /// Notes that sending has paused because of an answer with this status.
    pub fn note_pause(&mut self, status: u16) {
        self.settlements.push(Settlement {
            seqs: Vec::new(),
            fate: Fate::Paused,
            status,
        });
    }

    /// Takes the settlements since the last call, in order; neighbours with one fate are joined.
    pub fn take_settlements(&mut self) -> Vec<Settlement> {
        core::mem::take(&mut self.settlements)
    }
}
