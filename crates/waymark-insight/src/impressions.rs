//! All watched elements of a page: which impressions are complete, and when to look again.

use crate::exposure::Exposure;
use crate::fold::Fold;
use crate::rule::{Rule, Shares};

/// The place of a watched element in a list.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    /// The list's number, as [`Impressions::open_list`] gave it.
    pub list: u32,
    /// The product's number; what it stands for is the caller's.
    pub product: u32,
}

#[derive(Debug)]
struct Watched {
    exposure: Exposure,
    place: Option<Place>,
}

/// All exposures and lists of a page, by numbers.
#[derive(Debug, Default)]
pub struct Impressions {
    watched: Slots<Watched>,
    lists: Slots<Fold>,
    paused: bool,
}

impl Impressions {
    /// Begins to watch an element, which is out of view so far.
    pub fn watch(&mut self, rule: Rule, place: Option<Place>) -> u32 {
        let exposure = Exposure::new(rule, self.paused);
        self.watched.put(Watched { exposure, place })
    }

    /// Ends watching; the number may be given to another.
    pub fn unwatch(&mut self, id: u32) {
        self.watched.free(id);
    }

    /// A list without products yet.
    pub fn open_list(&mut self) -> u32 {
        self.lists.put(Fold::default())
    }

    /// Forgets a list; the number may be given to another.
    pub fn close_list(&mut self, list: u32) {
        self.lists.free(list);
    }

    /// Takes note of how visible an element is from `at_ms` on.
    pub fn see(&mut self, id: u32, shares: Shares, at_ms: f64) {
        if let Some(one) = self.watched.get(id) {
            one.exposure.see(shares, at_ms);
        }
    }

    /// Takes note that the page is out of sight, or in sight again, from `at_ms` on.
    pub fn set_paused(&mut self, paused: bool, at_ms: f64) {
        self.paused = paused;
        for (_, one) in self.watched.iter() {
            one.exposure.set_paused(paused, at_ms);
        }
    }

    /// A new page view begins: everything may count again.
    pub fn turn(&mut self, at_ms: f64) {
        for (_, one) in self.watched.iter() {
            one.exposure.turn(at_ms);
        }
        for (_, list) in self.lists.iter() {
            list.turn();
        }
    }

    /// The next element, by time, whose impression is complete at `now_ms`: it counts. Those
    /// of lists are put to their list and not told.
    pub fn next(&mut self, now_ms: f64) -> Option<u32> {
        loop {
            let due = |(id, one): (u32, &mut Watched)| Some((one.exposure.due_ms()?, id));
            let (due_ms, id) = earliest(self.watched.iter().filter_map(due))?;
            if due_ms > now_ms {
                return None;
            }
            let one = self.watched.get(id)?;
            one.exposure.count();
            match one.place {
                None => return Some(id),
                Some(Place { list, product }) => {
                    if let Some(list) = self.lists.get(list) {
                        list.add(product, due_ms);
                    }
                }
            }
        }
    }

    /// The next list whose event is due at `now_ms`; `f64::INFINITY` is for all that wait.
    pub fn next_list(&mut self, now_ms: f64) -> Option<u32> {
        let due = |(id, list): (u32, &mut Fold)| Some((list.due_ms()?, id));
        let (due_ms, id) = earliest(self.lists.iter().filter_map(due))?;
        (due_ms <= now_ms).then_some(id)
    }

    /// Takes the products of a list's next event.
    pub fn take_products(&mut self, list: u32) -> Vec<u32> {
        self.lists.get(list).map(Fold::take).unwrap_or_default()
    }

    /// When something is due next; `None` while no visible element or list waits.
    pub fn due_ms(&mut self) -> Option<f64> {
        let seen = self
            .watched
            .iter()
            .filter_map(|(_, it)| it.exposure.due_ms());
        let lists = self.lists.iter().filter_map(|(_, list)| list.due_ms());
        seen.chain(lists).reduce(f64::min)
    }
}

/// The first by time, and of two of one time that with the lower number.
fn earliest(due: impl Iterator<Item = (f64, u32)>) -> Option<(f64, u32)> {
    due.reduce(|first, next| if next.0 < first.0 { next } else { first })
}

/// Things by numbers that are used again.
#[derive(Debug)]
struct Slots<T>(Vec<Option<T>>);

impl<T> Default for Slots<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Slots<T> {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a page has not four billion elements"
    )]
    fn put(&mut self, thing: T) -> u32 {
        let free = self.0.iter().position(Option::is_none);
        let at = free.unwrap_or_else(|| {
            self.0.push(None);
            self.0.len() - 1
        });
        if let Some(slot) = self.0.get_mut(at) {
            *slot = Some(thing);
        }
        at as u32
    }

    fn free(&mut self, id: u32) {
        if let Some(slot) = self.0.get_mut(id as usize) {
            *slot = None;
        }
    }

    fn get(&mut self, id: u32) -> Option<&mut T> {
        self.0.get_mut(id as usize)?.as_mut()
    }

    fn iter(&mut self) -> impl Iterator<Item = (u32, &mut T)> {
        (0..)
            .zip(&mut self.0)
            .filter_map(|(id, slot)| Some((id, slot.as_mut()?)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FULL: Shares = Shares {
        of_element: 1.0,
        of_viewport: 0.1,
    };

    fn rule() -> Rule {
        Rule::new(0.5, 1000.0)
    }

    #[test]
    fn impressions_come_in_the_order_of_their_completion() {
        let mut page = Impressions::default();
        let [late, early] = [page.watch(rule(), None), page.watch(rule(), None)];
        page.see(late, FULL, 10.0);
        page.see(early, FULL, 0.0);
        assert_eq!(page.due_ms(), Some(1000.0));
        assert_eq!(page.next(999.0), None);
        assert_eq!(page.next(5000.0), Some(early));
        assert_eq!(page.next(5000.0), Some(late));
        assert_eq!(page.next(5000.0), None);
        assert_eq!(page.due_ms(), None);
    }

    #[test]
    fn an_element_that_is_no_longer_watched_is_never_due() {
        let mut page = Impressions::default();
        let id = page.watch(rule(), None);
        page.see(id, FULL, 0.0);
        page.unwatch(id);
        page.see(id, FULL, 1.0);
        assert_eq!(page.due_ms(), None);
        assert_eq!(page.watch(rule(), None), id, "its number is free");
        assert_eq!(page.due_ms(), None);
        page.see(99, FULL, 0.0);
        page.unwatch(99);
    }

    #[test]
    fn an_element_watched_while_the_page_is_hidden_waits_too() {
        let mut page = Impressions::default();
        page.set_paused(true, 0.0);
        let id = page.watch(rule(), None);
        page.see(id, FULL, 0.0);
        assert_eq!(page.due_ms(), None);
        page.set_paused(false, 100.0);
        assert_eq!(page.due_ms(), Some(1100.0));
    }

    #[test]
    fn a_lists_products_are_one_event() {
        let mut page = Impressions::default();
        let list = page.open_list();
        for product in [4, 2] {
            let id = page.watch(rule(), Some(Place { list, product }));
            page.see(id, FULL, f64::from(product));
        }
        assert_eq!(page.next(1004.0), None);
        assert_eq!(page.next_list(1004.0), None);
        assert_eq!(page.due_ms(), Some(2002.0));
        assert_eq!(page.next_list(2002.0), Some(list));
        assert_eq!(page.take_products(list), [2, 4]);
        assert_eq!(page.next_list(f64::INFINITY), None);
        page.turn(3000.0);
        assert_eq!(page.due_ms(), Some(4000.0));
    }

    #[test]
    fn the_products_of_a_closed_list_are_not_reported() {
        let mut page = Impressions::default();
        let list = page.open_list();
        let id = page.watch(rule(), Some(Place { list, product: 1 }));
        page.see(id, FULL, 0.0);
        page.close_list(list);
        assert_eq!(page.next(1000.0), None);
        assert_eq!(page.next_list(f64::INFINITY), None);
        assert_eq!(page.take_products(list), []);
    }
}
