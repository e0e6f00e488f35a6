//! How long one element was visible, as a state machine.

use crate::rule::{Rule, Shares};

/// Whether the time runs.
#[derive(Debug, Clone, Copy, PartialEq)]
enum State {
    /// Not now: out of view, or out of sight with the page.
    Waits,
    /// It is visible, since this moment.
    Runs { since_ms: f64 },
    /// It was visible long enough at this moment, and the caller was not told yet.
    Complete { at_ms: f64 },
    /// It has counted.
    Counted,
}

/// The state of a watched element.
#[derive(Debug)]
pub struct Exposure {
    rule: Rule,
    /// Whether as much as the rule asks for is visible.
    in_view: bool,
    /// Whether the whole page is out of sight.
    paused: bool,
    state: State,
    /// Milliseconds that it was visible before the time ran or waited.
    dwelt_ms: f64,
}

impl Exposure {
    /// An element that is out of view so far, of a page that is in sight unless `paused`.
    pub fn new(rule: Rule, paused: bool) -> Self {
        Self {
            rule,
            in_view: false,
            paused,
            state: State::Waits,
            dwelt_ms: 0.0,
        }
    }

    /// Takes note of how visible it is from `at_ms` on.
    pub fn see(&mut self, shares: Shares, at_ms: f64) {
        self.in_view = self.rule.is_met_by(shares);
        self.run_or_stop(at_ms);
        if !self.in_view && !self.rule.once && self.state == State::Counted {
            self.begin_anew();
        }
    }

    /// Takes note that the whole page is out of sight, or in sight again, from `at_ms` on.
    pub fn set_paused(&mut self, paused: bool, at_ms: f64) {
        self.paused = paused;
        self.run_or_stop(at_ms);
    }

    /// A new page view begins: it may count again.
    pub fn turn(&mut self, at_ms: f64) {
        self.begin_anew();
        self.run_or_stop(at_ms);
    }

    fn begin_anew(&mut self) {
        self.state = State::Waits;
        self.dwelt_ms = 0.0;
    }

    fn run_or_stop(&mut self, at_ms: f64) {
        let runs = self.in_view && !self.paused;
        match self.state {
            State::Waits if runs => self.state = State::Runs { since_ms: at_ms },
            State::Runs { since_ms } if !runs => self.stop(since_ms, at_ms),
            _ => {}
        }
    }

    fn stop(&mut self, since_ms: f64, at_ms: f64) {
        let complete_ms = since_ms + self.rule.dwell_ms - self.dwelt_ms;
        if complete_ms <= at_ms {
            self.state = State::Complete { at_ms: complete_ms };
            return;
        }
        self.state = State::Waits;
        // A clock that was set back counts nothing.
        self.dwelt_ms += (at_ms - since_ms).max(0.0);
        if self.rule.continuous {
            self.dwelt_ms = 0.0;
        }
    }

    /// When its time is complete if nothing changes; `None` if the time does not run or it has
    /// counted.
    pub fn due_ms(&self) -> Option<f64> {
        match self.state {
            State::Runs { since_ms } => Some(since_ms + self.rule.dwell_ms - self.dwelt_ms),
            State::Complete { at_ms } => Some(at_ms),
            State::Waits | State::Counted => None,
        }
    }

    /// It counts; that is told once.
    pub fn count(&mut self) {
        self.state = State::Counted;
        if !self.in_view && !self.rule.once {
            self.begin_anew();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FULL: Shares = Shares {
        of_element: 1.0,
        of_viewport: 0.1,
    };

    fn standard() -> Exposure {
        Exposure::new(Rule::new(f64::NAN, f64::NAN), false)
    }

    fn share(of_element: f64) -> Shares {
        Shares { of_element, ..FULL }
    }

    #[test]
    fn half_an_element_seen_for_a_second_is_due_after_that_second() {
        let mut tile = standard();
        tile.see(share(0.4999), 0.0);
        assert_eq!(tile.due_ms(), None);
        tile.see(share(0.5), 100.0);
        tile.see(share(0.9), 300.0);
        assert_eq!(tile.due_ms(), Some(1100.0));
        tile.count();
        assert_eq!(tile.due_ms(), None);
    }

    #[test]
    fn a_share_that_the_browser_rounded_still_meets_its_threshold() {
        for threshold in [0.1, 0.3, 0.7, 0.9] {
            let mut tile = Exposure::new(Rule::new(threshold, 0.0), false);
            tile.see(share(f64::from(threshold as f32)), 5.0);
            assert_eq!(tile.due_ms(), Some(5.0), "{threshold}");
        }
    }

    #[test]
    fn the_time_adds_up_over_times_in_view() {
        let mut tile = standard();
        tile.see(FULL, 0.0);
        tile.see(Shares::NONE, 600.0);
        assert_eq!(tile.due_ms(), None);
        tile.see(FULL, 10_000.0);
        assert_eq!(tile.due_ms(), Some(10_400.0));
    }

    #[test]
    fn a_continuous_time_starts_again_after_a_break() {
        let mut rule = Rule::new(0.5, 1000.0);
        rule.continuous = true;
        let mut tile = Exposure::new(rule, false);
        tile.see(FULL, 0.0);
        tile.see(Shares::NONE, 999.0);
        tile.see(FULL, 2000.0);
        assert_eq!(tile.due_ms(), Some(3000.0));
        tile.see(Shares::NONE, 3000.0);
        assert_eq!(tile.due_ms(), Some(3000.0), "it was complete when it left");
    }

    #[test]
    fn a_hidden_page_stops_the_time() {
        let mut tile = standard();
        tile.see(FULL, 0.0);
        tile.set_paused(true, 400.0);
        assert_eq!(tile.due_ms(), None);
        tile.set_paused(false, 5000.0);
        assert_eq!(tile.due_ms(), Some(5600.0));
    }

    #[test]
    fn an_element_that_was_complete_when_it_left_is_due_however_late_it_is_asked() {
        let mut tile = standard();
        tile.see(FULL, 0.0);
        tile.see(Shares::NONE, 1000.0);
        tile.see(FULL, 7000.0);
        assert_eq!(tile.due_ms(), Some(1000.0));
    }

    #[test]
    fn an_element_that_counts_once_counts_again_in_a_new_page_view_only() {
        let mut tile = standard();
        tile.see(FULL, 0.0);
        tile.count();
        tile.see(Shares::NONE, 2000.0);
        tile.see(FULL, 3000.0);
        assert_eq!(tile.due_ms(), None);
        tile.turn(4000.0);
        assert_eq!(tile.due_ms(), Some(5000.0));
    }

    #[test]
    fn an_element_that_counts_each_time_counts_again_after_it_was_out_of_view() {
        let mut rule = Rule::new(0.5, 1000.0);
        rule.once = false;
        let mut tile = Exposure::new(rule, false);
        tile.see(FULL, 0.0);
        tile.count();
        tile.see(share(0.8), 1500.0);
        tile.set_paused(true, 2000.0);
        tile.set_paused(false, 3000.0);
        assert_eq!(tile.due_ms(), None, "it was in view all the time");
        tile.see(Shares::NONE, 4000.0);
        tile.see(FULL, 5000.0);
        assert_eq!(tile.due_ms(), Some(6000.0));
    }

    #[test]
    fn an_element_larger_than_the_viewport_counts_by_the_part_of_it_that_it_fills() {
        let mut rule = Rule::new(0.5, 1000.0);
        rule.of_viewport = true;
        let mut tile = Exposure::new(rule, false);
        tile.see(FULL, 0.0);
        assert_eq!(tile.due_ms(), None);
        let filling = Shares {
            of_element: 0.1,
            of_viewport: 0.6,
        };
        tile.see(filling, 50.0);
        assert_eq!(tile.due_ms(), Some(1050.0));
    }

    #[test]
    fn a_clock_set_back_counts_nothing() {
        let mut tile = standard();
        tile.see(FULL, 1000.0);
        tile.see(Shares::NONE, 500.0);
        tile.see(FULL, 2000.0);
        assert_eq!(tile.due_ms(), Some(3000.0));
    }

    #[test]
    fn invalid_numbers_become_the_default_and_others_stay_in_range() {
        assert_eq!(Rule::new(f64::NAN, f64::NAN), Rule::new(0.5, 1000.0));
        assert_eq!(Rule::new(7.0, -1.0), Rule::new(1.0, 0.0));
    }
}
