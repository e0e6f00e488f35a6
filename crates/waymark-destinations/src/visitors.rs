//! Which events of a run are one visitor's.

use std::collections::HashMap;

/// Groups the events of a run by the ids that they share: a login joins the visitor before it and
/// the user after it. User ids and anonymous ids are not told apart, as an `alias` may name either.
#[derive(Debug, Default)]
pub(crate) struct Visitors {
    /// For each event, an earlier one of the same visitor, or itself.
    earlier: Vec<usize>,
    first_with: HashMap<String, usize>,
}

impl Visitors {
    /// Adds the next event. Without an id it is a visitor of its own.
    pub(crate) fn add(&mut self, ids: impl Iterator<Item = String>) {
        let event = self.earlier.len();
        self.earlier.push(event);
        for id in ids {
            let first = *self.first_with.entry(id).or_insert(event);
            self.join(first, event);
        }
    }

    /// The number of each event's visitor, which is the number of the visitor's first event.
    pub(crate) fn numbers(mut self) -> Vec<usize> {
        let events = 0..self.earlier.len();
        events.map(|event| self.first_of(event)).collect()
    }

    fn join(&mut self, one: usize, other: usize) {
        let (one, other) = (self.first_of(one), self.first_of(other));
        self.earlier[one.max(other)] = one.min(other);
    }

    fn first_of(&mut self, event: usize) -> usize {
        let mut first = event;
        while self.earlier[first] != first {
            // Halves the way for the next time.
            self.earlier[first] = self.earlier[self.earlier[first]];
            first = self.earlier[first];
        }
        first
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shared_id_makes_events_one_visitor_s() {
        let mut visitors = Visitors::default();
        for ids in [
            &["visitor"][..],
            &["other"],
            &["user"],
            &[],
            &["user", "visitor"],
            &["visitor"],
        ] {
            visitors.add(ids.iter().map(|id| (*id).to_owned()));
        }
        assert_eq!(visitors.numbers(), [0, 1, 0, 3, 0, 0]);
    }
}
