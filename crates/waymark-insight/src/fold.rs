//! The products of one list that were seen, until they go as one event.

use crate::limits::{FOLD_MS, FOLD_PRODUCTS_MAX};

/// The state of a list.
#[derive(Debug, Default)]
pub struct Fold {
    /// Products that no event has told of yet, by their numbers, in the order they were seen.
    waiting: Vec<u32>,
    /// Those seen in this page view: a tile that is drawn again is the same product.
    seen: Vec<u32>,
    /// When the first of those that wait was seen.
    since_ms: f64,
}

impl Fold {
    /// The product was seen, unless it was before in this page view.
    pub fn add(&mut self, product: u32, at_ms: f64) {
        if self.seen.contains(&product) {
            return;
        }
        self.seen.push(product);
        if self.waiting.is_empty() {
            self.since_ms = at_ms;
        }
        self.waiting.push(product);
    }

    /// When its event is due, if a product waits.
    pub fn due_ms(&self) -> Option<f64> {
        match self.waiting.len() {
            0 => None,
            FOLD_PRODUCTS_MAX.. => Some(f64::MIN),
            _ => Some(self.since_ms + FOLD_MS),
        }
    }

    /// Takes the products of one event.
    pub fn take(&mut self) -> Vec<u32> {
        let most = self.waiting.len().min(FOLD_PRODUCTS_MAX);
        self.waiting.drain(..most).collect()
    }

    /// A new page view begins: products may be seen again.
    pub fn turn(&mut self) {
        self.seen.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_seen_within_a_second_are_one_event_in_their_order() {
        let mut list = Fold::default();
        assert_eq!(list.due_ms(), None);
        list.add(7, 100.0);
        list.add(3, 900.0);
        list.add(7, 950.0);
        assert_eq!(list.due_ms(), Some(1100.0));
        assert_eq!(list.take(), [7, 3]);
        assert_eq!(list.due_ms(), None);
    }

    #[test]
    fn a_full_event_is_due_at_once_and_the_rest_later() {
        let mut list = Fold::default();
        for product in 0..70 {
            list.add(product, 5.0);
        }
        assert_eq!(list.due_ms(), Some(f64::MIN));
        assert_eq!(list.take().len(), FOLD_PRODUCTS_MAX);
        assert_eq!(list.due_ms(), Some(5.0 + FOLD_MS));
        assert_eq!(list.take(), (50..70).collect::<Vec<_>>());
    }

    #[test]
    fn a_product_counts_once_in_a_page_view() {
        let mut list = Fold::default();
        list.add(1, 0.0);
        list.take();
        list.add(1, 10.0);
        assert_eq!(list.due_ms(), None);
        list.turn();
        list.add(1, 20.0);
        assert_eq!(list.take(), [1]);
    }
}
