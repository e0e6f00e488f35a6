//! The world: tabs and their pages, the disk, the network, clocks, and chance.

use std::collections::{BTreeMap, HashSet};
use std::fmt::Debug;

use waymark_core::settings::Settings;
use waymark_core::settlement::Fate;

use crate::gateway::{Answer, Gateway, Mood};
use crate::page::{Page, Record, Sent, Way};
use crate::random::Random;

/// A request or its answer on its way.
struct Item {
    /// Where the answer goes: the segment of the page.
    segment: usize,
    sent: Sent,
    /// The answer, once the server was reached.
    answer: Option<Answer>,
    sent_ms: f64,
}

/// The whole simulation.
pub(crate) struct World {
    pub(crate) random: Random,
    trace: Option<Vec<String>>,
    settings: Settings,
    pub(crate) true_ms: f64,
    /// The error of the browser's clock.
    clock_error_ms: f64,
    pub(crate) pages: Vec<Page>,
    pub(crate) disk: BTreeMap<(usize, u32), Record>,
    pub(crate) disk_works: bool,
    pub(crate) spill_works: bool,
    network: Vec<Item>,
    pub(crate) mood: Mood,
    /// Ways of which the page's code has made ways to nowhere.
    pub(crate) spoilt: &'static [Way],
    pub(crate) gateway: Gateway,
    segments: usize,
    /// The events adopted from each segment.
    adopted_from: BTreeMap<usize, HashSet<u32>>,
    /// The segment in which each event was recorded.
    pub(crate) recorded_in: Vec<usize>,
    pub(crate) dropped: BTreeMap<u32, Fate>,
    pub(crate) may_be_lost: HashSet<u32>,
    /// Events whose order is not promised.
    pub(crate) unordered: HashSet<u32>,
    pub(crate) failure: Option<String>,
}

impl World {
    pub(crate) fn new(seed: u64, traced: bool) -> Self {
        Self {
            random: Random::new(seed),
            trace: traced.then(Vec::new),
            settings: Settings {
                endpoint: "https://api.example/v1/b".into(),
                ..Settings::default()
            },
            true_ms: 1.8e12,
            clock_error_ms: 0.0,
            pages: Vec::new(),
            disk: BTreeMap::new(),
            disk_works: true,
            spill_works: true,
            network: Vec::new(),
            mood: Mood::Well,
            spoilt: &[],
            gateway: Gateway::default(),
            segments: 0,
            adopted_from: BTreeMap::new(),
            recorded_in: Vec::new(),
            dropped: BTreeMap::new(),
            may_be_lost: HashSet::new(),
            unordered: HashSet::new(),
            failure: None,
        }
    }

    pub(crate) fn note(&mut self, step: &str, detail: &dyn Debug) {
        let true_ms = self.true_ms - 1.8e12;
        if let Some(trace) = &mut self.trace {
            trace.push(format!("{true_ms:>14} {step} {detail:?}"));
        }
    }

    pub(crate) fn schedule(self) -> String {
        self.trace.unwrap_or_default().join("\n")
    }

    pub(crate) fn now_ms(&self) -> f64 {
        self.true_ms + self.clock_error_ms
    }

    /// A page that can act; a new one if there is none.
    pub(crate) fn live_page(&mut self) -> usize {
        let live: Vec<usize> = (0..self.pages.len())
            .filter(|at| !self.pages[*at].frozen)
            .collect();
        if live.is_empty() {
            return self.open_page();
        }
        self.random.pick(&live)
    }

    pub(crate) fn open_page(&mut self) -> usize {
        self.segments += 1;
        self.note("open page", &{ self.segments });
        let mut page = Page::new(self.segments, &self.settings);
        page.true_ms = self.true_ms;
        self.pages.push(page);
        self.pages.len() - 1
    }

    pub(crate) fn record(&mut self, at: usize) {
        let id = u32::try_from(self.recorded_in.len()).unwrap();
        let large = self.random.one_in(100);
        let now_ms = self.now_ms();
        let page = &mut self.pages[at];
        self.recorded_in.push(page.segment);
        page.record(id, large, now_ms);
        // It may be skipped where there is too little room.
        page.unordered |= large;
        let segment = page.segment;
        self.note("record", &(segment, id));
    }

    /// The journal's transaction of a page.
    pub(crate) fn commit(&mut self, at: usize) {
        let page = &mut self.pages[at];
        let segment = page.segment;
        if self.disk_works {
            for record in page.unwritten.drain(..) {
                self.disk.insert((segment, record.id), record);
            }
            for id in page.undeleted.drain(..) {
                self.disk.remove(&(segment, id));
            }
        }
        self.note("commit", &(segment, self.disk_works));
    }

    /// A page adopts the events of pages that are gone.
    pub(crate) fn adopt(&mut self, at: usize) {
        if !self.disk_works {
            return;
        }
        let alive: Vec<usize> = self
            .pages
            .iter()
            .filter(|page| !page.frozen)
            .map(|page| page.segment)
            .collect();
        let orphans = self.disk.keys().filter(|key| !alive.contains(&key.0));
        let orphans: Vec<(usize, u32)> = orphans.copied().collect();
        let segment = self.pages[at].segment;
        self.note("adopt", &(segment, &orphans));
        for key in orphans {
            if let Some(record) = self.disk.remove(&key) {
                self.pages[at].restore(&record);
                self.adopted_from.entry(key.0).or_default().insert(key.1);
                // An event that comes back is no longer another page's.
                self.adopted_from.entry(segment).or_default().remove(&key.1);
                self.disk.insert((segment, key.1), record);
            }
        }
    }

    pub(crate) fn pump(&mut self, at: usize) {
        let now_ms = self.now_ms();
        if let Some(request) = self.pages[at].overdue() {
            self.land(at, request, &Answer::unanswered());
        }
        if let Some(sent) = self.pages[at].pump(now_ms) {
            self.post(at, sent);
        }
        self.settle(at);
    }

    fn post(&mut self, at: usize, sent: Sent) {
        let segment = self.pages[at].segment;
        self.note("send", &(segment, sent.request, &sent.events));
        self.network.push(Item {
            segment,
            sent,
            answer: None,
            sent_ms: self.true_ms,
        });
    }

    /// Moves a request on by one step: to the server, or back.
    pub(crate) fn network_step(&mut self) -> bool {
        if self.network.is_empty() {
            return false;
        }
        let at = self.random.below(self.network.len());
        let mood = self.mood;
        let item = &mut self.network[at];
        if item.answer.is_none() {
            let answer = if self.spoilt.contains(&item.sent.way) {
                Answer::unanswered()
            } else {
                self.gateway.take(&item.sent.events, mood, self.true_ms)
            };
            item.answer = Some(answer);
            let detail = (item.segment, item.sent.request, mood);
            self.note("arrive", &detail);
        } else {
            let item = self.network.swap_remove(at);
            let answer = item.answer.clone();
            self.answer(&item, &answer.unwrap_or_else(Answer::unanswered));
        }
        true
    }

    fn answer(&mut self, item: &Item, answer: &Answer) {
        let mut pages = self.pages.iter();
        // A beacon has no answer, and neither does a page that is gone.
        let at = pages.position(|page| page.segment == item.segment && !page.frozen);
        if let Some(at) = at {
            self.land(at, item.sent.request, answer);
            self.settle(at);
        }
    }

    fn land(&mut self, at: usize, request: u32, answer: &Answer) {
        let random = self.random.unit();
        let now_ms = self.now_ms();
        let page = &mut self.pages[at];
        if page.landed(request) {
            let Answer {
                outcome,
                turned_away,
            } = answer;
            let outbox = &mut page.client.outbox;
            outbox.finish(request, *outcome, turned_away, now_ms, random);
        }
        self.note("answer", &(request, answer));
        let takes = !self.random.one_in(4);
        for sent in self.pages[at].carry(now_ms, takes) {
            self.post(at, sent);
        }
    }

    /// Takes the settlements of a page, and checks that they are true.
    fn settle(&mut self, at: usize) {
        let fates = self.pages[at].take_fates();
        if !fates.is_empty() {
            self.note("settled", &fates);
        }
        for (id, fate) in fates {
            match fate {
                Fate::Acknowledged if !self.gateway.has(id) => {
                    self.fail(format!("{id} was acknowledged but is not stored"));
                }
                Fate::Acknowledged | Fate::Retried | Fate::Paused | Fate::Adopted => {}
                Fate::Refused if !self.gateway.rightly_refused.contains(&id) => {
                    self.fail(format!("{id} was given up too soon"));
                }
                fate => _ = self.dropped.insert(id, fate),
            }
        }
        if let Err(error) = self.pages[at].check_ledger() {
            self.fail(error);
        }
        if self.pages[at].unordered {
            self.unordered.extend(self.pages[at].all());
        }
    }

    pub(crate) fn fail(&mut self, error: String) {
        self.failure.get_or_insert(error);
    }

    pub(crate) fn hide(&mut self, at: usize) {
        let now_ms = self.now_ms();
        self.note("hide", &{ self.pages[at].segment });
        for sent in self.pages[at].hide(now_ms) {
            self.post(at, sent);
        }
        self.settle(at);
        self.pump(at);
    }

    /// A page is left: it lives on in the back/forward cache, or is gone.
    pub(crate) fn leave(&mut self, at: usize) {
        let now_ms = self.now_ms();
        let refusing = self.random.one_in(4);
        self.note("leave", &{ self.pages[at].segment });
        for sent in self.pages[at].leave(now_ms, || !refusing) {
            self.post(at, sent);
        }
        self.settle(at);
        self.drop_requests(at);
        let page = &mut self.pages[at];
        if self.spill_works {
            let segment = page.segment;
            for record in page.unwritten.drain(..) {
                self.disk.insert((segment, record.id), record);
            }
        }
        if self.random.one_in(3) {
            self.pages[at].frozen = true;
        } else {
            self.die(at);
        }
    }

    /// Drops the requests that do not outlive a page, as they are too large.
    fn drop_requests(&mut self, at: usize) {
        let segment = self.pages[at].segment;
        self.network
            .retain(|item| item.segment != segment || item.sent.survives);
    }

    /// A page comes back from the back/forward cache.
    pub(crate) fn return_to(&mut self, at: usize) {
        let page = &mut self.pages[at];
        page.frozen = false;
        let segment = page.segment;
        if let Some(gone) = self.adopted_from.get(&segment) {
            page.forget(gone);
        }
        page.client.outbox.returned();
        self.note("return", &segment);
        self.pump(at);
    }

    /// A page crashes: what is on disk stays.
    pub(crate) fn crash(&mut self, at: usize) {
        self.note("crash", &{ self.pages[at].segment });
        self.drop_requests(at);
        if self.random.one_in(2) {
            let segment = self.pages[at].segment;
            self.network.retain(|item| item.segment != segment);
        }
        self.die(at);
    }

    fn die(&mut self, at: usize) {
        let page = self.pages.swap_remove(at);
        let window = page.unwritten.iter().map(|record| record.id);
        self.may_be_lost.extend(window);
        if page.unordered {
            self.unordered.extend(page.all());
        }
    }

    pub(crate) fn advance(&mut self, ms: f64) {
        self.true_ms += ms;
        self.note("advance", &ms);
        for page in &mut self.pages {
            page.true_ms = self.true_ms;
        }
        // Nothing stays on the network for long.
        let true_ms = self.true_ms;
        self.network.retain(|item| true_ms - item.sent_ms < 3.6e6);
    }

    /// Sets the browser's clock, by less than a day: the day that the age limit of an
    /// event leaves until the gateway forgets it.
    pub(crate) fn set_clock(&mut self) {
        self.clock_error_ms = (self.random.unit() - 0.5) * 20.0 * 3.6e6;
        self.note("clock", &{ self.clock_error_ms });
    }

    pub(crate) fn is_quiet(&self) -> bool {
        self.network.is_empty()
    }
}
