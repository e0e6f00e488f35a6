//! The store as a whole, and what other tests of it share.

use bytes::Bytes;

use super::*;
use crate::config::KeyKind;
use crate::event_type::EventType;
use crate::ingest::PreparedEvent;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// An event with this id.
pub(in crate::store) fn event(message_id: &str, key_kind: KeyKind) -> PreparedEvent {
    PreparedEvent {
        source_id: 1,
        key_kind,
        event_type: EventType::Track,
        plan_problems: None,
        message_id: message_id.to_owned(),
        user_id: None,
        anonymous_id: None,
        name: None,
        received_ms: 0,
        timestamp_ms: 0,
        ip: None,
        text: Bytes::from_static(b"{}"),
    }
}

/// The work of keeping these events.
pub(in crate::store) fn append(events: Vec<PreparedEvent>) -> Work {
    let append = Append {
        events,
        rejected: Vec::new(),
    };
    Work {
        appends: vec![append],
        ..Work::default()
    }
}

impl SqliteStore {
    /// The connection, to look at the file.
    pub(in crate::store) fn connection(&self) -> &Connection {
        &self.connection
    }

    /// Does a step of deleting that is not committed.
    pub(in crate::store) fn begin_to_retain(&mut self, n_max: usize) {
        self.connection.execute_batch("BEGIN IMMEDIATE").unwrap();
        let mut retention = self.retention.clone();
        self.retain_within(&mut retention, n_max).unwrap();
    }
}

#[test]
fn a_clock_that_jumps_makes_no_repeat_new() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("events.sqlite");
    let at = |steady_days: i64, wall_days: i64| Moment {
        wall_ms: (20_000 + wall_days) * DAY_MS,
        steady_ms: steady_days * DAY_MS,
    };
    let is_repeat = |store: &mut SqliteStore, id: &str, now: Moment| {
        let work = append(vec![event(id, KeyKind::Browser)]);
        let done = store.commit_at(&work, now).unwrap();
        done.placements[0][0].as_ref().unwrap().duplicate
    };
    // Ahead while it runs, ahead at a restart, and back again.
    let mut store = SqliteStore::open_at(&path, at(0, 0), 1).unwrap();
    for (id, now) in [
        ("a", at(0, 0)),
        ("b", at(1, 1)),
        ("c", at(1, 9)),
        ("d", at(2, 400)),
    ] {
        assert!(!is_repeat(&mut store, id, now), "{id}");
    }
    for now in [at(3, 11), at(4, 4)] {
        for id in ["a", "b", "c", "d"] {
            assert!(is_repeat(&mut store, id, now), "{id} at {now:?}");
        }
    }
    drop(store);
    let mut store = SqliteStore::open_at(&path, at(0, 100), 1).unwrap();
    for id in ["a", "b", "c", "d"] {
        assert!(is_repeat(&mut store, id, at(1, 101)), "{id}");
    }
    for _ in 0..5 {
        is_repeat(&mut store, "e", at(20, 20));
    }
    assert!(!is_repeat(&mut store, "a", at(20, 20)), "days have passed");
}
