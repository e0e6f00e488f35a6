//! The shell of the second wasm module: `waymark-insight` for JavaScript. It holds no rules, and
//! only numbers and lists of numbers cross it, so that it stays small.

use wasm_bindgen::prelude::*;
use waymark_insight::impressions::{Impressions as Rules, Place};
use waymark_insight::rule::{Rule, Shares};

/// A flag of a rule: the share is that of the viewport.
const OF_VIEWPORT: u32 = 1;
/// A flag of a rule: an element counts each time it comes into view.
const EACH_TIME: u32 = 2;
/// A flag of a rule: the time starts anew when the element goes out of view.
const CONTINUOUS: u32 = 4;
/// Stands for "no number".
const NONE: u32 = u32::MAX;

/// The watched elements of a page. Times are milliseconds of the page's clock.
#[wasm_bindgen]
#[derive(Debug, Default)]
pub struct Impressions {
    rules: Rules,
    /// The products of the event that is being made, the next one last.
    products: Vec<u32>,
}

#[wasm_bindgen]
impl Impressions {
    /// Nothing is watched yet.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self::default()
    }

    /// Begins to watch an element, and gives its number. `flags`: 1 for the viewport's share, 2
    /// for each time in view, 4 for a continuous time. `list` is 4294967295 for none.
    pub fn watch(
        &mut self,
        threshold: f64,
        dwell_ms: f64,
        flags: u32,
        list: u32,
        product: u32,
    ) -> u32 {
        let mut rule = Rule::new(threshold, dwell_ms);
        rule.of_viewport = flags & OF_VIEWPORT != 0;
        rule.once = flags & EACH_TIME == 0;
        rule.continuous = flags & CONTINUOUS != 0;
        let place = Place { list, product };
        self.rules.watch(rule, (list != NONE).then_some(place))
    }

    /// Ends watching an element.
    pub fn unwatch(&mut self, id: u32) {
        self.rules.unwatch(id);
    }

    /// A new list's number.
    #[wasm_bindgen(js_name = openList)]
    pub fn open_list(&mut self) -> u32 {
        self.rules.open_list()
    }

    /// Forgets a list.
    #[wasm_bindgen(js_name = closeList)]
    pub fn close_list(&mut self, list: u32) {
        self.rules.close_list(list);
    }

    /// Takes note of the visible share of an element, and of the viewport that it fills, from
    /// then on: less than 0 is out of view.
    pub fn see(&mut self, id: u32, of_element: f64, of_viewport: f64, at_ms: f64) {
        let shares = Shares {
            of_element,
            of_viewport,
        };
        self.rules.see(id, shares, at_ms);
    }

    /// Takes note that the page is out of sight, or in sight again.
    #[wasm_bindgen(js_name = setPaused)]
    pub fn set_paused(&mut self, paused: bool, at_ms: f64) {
        self.rules.set_paused(paused, at_ms);
    }

    /// A new page view begins.
    pub fn turn(&mut self, at_ms: f64) {
        self.rules.turn(at_ms);
    }

    /// The number of an element whose impression is complete, or 4294967295.
    pub fn next(&mut self, now_ms: f64) -> u32 {
        self.rules.next(now_ms).unwrap_or(NONE)
    }

    /// The number of a list whose event is due, or 4294967295; its products are taken next.
    #[wasm_bindgen(js_name = nextList)]
    pub fn next_list(&mut self, now_ms: f64) -> u32 {
        let Some(list) = self.rules.next_list(now_ms) else {
            return NONE;
        };
        self.products = self.rules.take_products(list);
        self.products.reverse();
        list
    }

    /// The next product of the event that is being made, or 4294967295.
    #[wasm_bindgen(js_name = takeProduct)]
    pub fn take_product(&mut self) -> u32 {
        self.products.pop().unwrap_or(NONE)
    }

    /// When something is due next; infinite while nothing is visible and pending.
    #[wasm_bindgen(js_name = dueMs)]
    pub fn due_ms(&mut self) -> f64 {
        self.rules.due_ms().unwrap_or(f64::INFINITY)
    }
}
