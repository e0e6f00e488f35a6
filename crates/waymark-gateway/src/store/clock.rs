//! The store's own time. The machine's clock may jump, and what was deleted because of it would
//! not come back: ids grow old by the time that the gateway ran, events by a clock whose jumps
//! ahead are believed only after a day.

use std::sync::OnceLock;
use std::time::Instant;

use rusqlite::Connection;

use super::totals::{keep, saved};
use crate::limits::{CLOCK_JUMP_MS, CLOCK_SAVE_MS, CLOCK_TRUST_MS};

const RAN: &str = "ran_ms";
const TRUSTED: &str = "trusted_ms";

/// A moment by both of the machine's clocks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moment {
    /// Milliseconds since 1970, by the clock that can be set.
    pub(super) wall_ms: i64,
    /// Milliseconds since some moment of this process, by the clock that only runs.
    pub(super) steady_ms: i64,
}

impl Moment {
    /// This moment.
    pub(super) fn now() -> Self {
        static START: OnceLock<Instant> = OnceLock::new();
        let steady = START.get_or_init(Instant::now).elapsed().as_millis();
        Self {
            wall_ms: crate::now_ms(),
            steady_ms: i64::try_from(steady).unwrap_or(i64::MAX),
        }
    }
}

/// The store's time, which goes on in its file.
#[derive(Debug)]
pub(super) struct StoreClock {
    ran_ms: i64,
    trusted_ms: i64,
    steady_ms: i64,
    /// The steady time since which the clock has been ahead of what is believed.
    doubted_since_ms: Option<i64>,
    /// What the file has, if it has any.
    saved_ran_ms: Option<i64>,
}

impl StoreClock {
    /// Goes on from the time in the file. Files of earlier versions have none: their ids have the
    /// age they had when the newest run was finished, and their newest event tells the time.
    pub(super) fn load(connection: &Connection, now: Moment) -> rusqlite::Result<Self> {
        let saved_ran_ms = saved(connection, RAN)?;
        let number = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, Option<i64>>(0));
        let ran_ms = match saved_ran_ms {
            Some(ran_ms) => ran_ms,
            None => number("SELECT max(finished_ms) FROM message_id_runs")?.unwrap_or(0),
        };
        let trusted_ms = match saved(connection, TRUSTED)? {
            Some(trusted_ms) => trusted_ms,
            None => number("SELECT received_ms FROM events ORDER BY seq DESC LIMIT 1")
                .or_else(none_for_no_row)?
                .unwrap_or(now.wall_ms),
        };
        Ok(Self {
            ran_ms,
            trusted_ms: trusted_ms.min(now.wall_ms),
            steady_ms: now.steady_ms,
            doubted_since_ms: None,
            saved_ran_ms,
        })
    }

    /// Notes that it is `now`.
    pub(super) fn tick(&mut self, now: Moment) {
        let elapsed_ms = (now.steady_ms - self.steady_ms).max(0);
        self.steady_ms = self.steady_ms.max(now.steady_ms);
        self.ran_ms += elapsed_ms;
        let expected_ms = self.trusted_ms + elapsed_ms;
        let ahead_ms = now.wall_ms - expected_ms;
        if ahead_ms <= CLOCK_JUMP_MS {
            self.trusted_ms = now.wall_ms;
            self.doubted_since_ms = None;
            return;
        }
        let since_ms = *self.doubted_since_ms.get_or_insert_with(|| {
            tracing::info!(
                ahead_ms,
                "the clock is ahead of the time that has passed, as after a time of rest; events \
                 are deleted by it only if it is so for a day"
            );
            now.steady_ms
        });
        if now.steady_ms - since_ms >= CLOCK_TRUST_MS {
            self.trusted_ms = now.wall_ms;
            self.doubted_since_ms = None;
        } else {
            self.trusted_ms = expected_ms;
        }
    }

    /// Milliseconds for which gateways have run with this file, from an arbitrary beginning.
    pub(super) fn ran_ms(&self) -> i64 {
        self.ran_ms
    }

    /// The time in milliseconds since 1970; later than the true time only if the machine's clock
    /// has been ahead for a day.
    pub(super) fn trusted_ms(&self) -> i64 {
        self.trusted_ms
    }

    /// Saves the time in the open transaction, now and then.
    pub(super) fn save(&mut self, connection: &Connection) -> rusqlite::Result<()> {
        let is_fresh = |saved_ms| self.ran_ms - saved_ms < CLOCK_SAVE_MS;
        if self.saved_ran_ms.is_some_and(is_fresh) {
            return Ok(());
        }
        keep(connection, RAN, self.ran_ms)?;
        keep(connection, TRUSTED, self.trusted_ms)?;
        self.saved_ran_ms = Some(self.ran_ms);
        Ok(())
    }
}

fn none_for_no_row(error: rusqlite::Error) -> rusqlite::Result<Option<i64>> {
    match error {
        rusqlite::Error::QueryReturnedNoRows => Ok(None),
        other => Err(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::schema;

    const HOUR_MS: i64 = 60 * 60 * 1000;
    const DAY_MS: i64 = 24 * HOUR_MS;

    /// The clock after it was told of moments: hours that passed, and hours on the wall.
    fn after(moments: &[(i64, i64)]) -> (i64, i64) {
        let connection = Connection::open_in_memory().unwrap();
        schema::prepare(&connection).unwrap();
        let moment = |(steady, wall): (i64, i64)| Moment {
            wall_ms: wall * HOUR_MS,
            steady_ms: steady * HOUR_MS,
        };
        let mut clock = StoreClock::load(&connection, moment((0, 1_000))).unwrap();
        for at in moments {
            clock.tick(moment(*at));
        }
        (clock.ran_ms() / HOUR_MS, clock.trusted_ms() / HOUR_MS)
    }

    #[test]
    fn jumps_ahead_are_believed_after_a_day_and_jumps_back_at_once() {
        for (moments, expected) in [
            (&[(1, 1_001)][..], (1, 1_001)),
            (&[(1, 1_201)], (1, 1_001)),
            (&[(1, 1_201), (24, 1_224)], (24, 1_024)),
            (&[(1, 1_201), (25, 1_225)], (25, 1_225)),
            (&[(1, 1_201), (20, 1_020), (30, 1_230)], (30, 1_030)),
            (&[(1, 900), (2, 901)], (2, 901)),
        ] {
            assert_eq!(after(moments), expected, "{moments:?}");
        }
    }

    #[test]
    fn the_time_goes_on_after_a_restart() {
        let connection = Connection::open_in_memory().unwrap();
        schema::prepare(&connection).unwrap();
        let moment = |steady_ms, wall_ms| Moment { wall_ms, steady_ms };
        let mut clock = StoreClock::load(&connection, moment(0, DAY_MS)).unwrap();
        clock.tick(moment(HOUR_MS, DAY_MS + HOUR_MS));
        clock.save(&connection).unwrap();
        let mut clock = StoreClock::load(&connection, moment(5, 30 * DAY_MS)).unwrap();
        clock.tick(moment(5 + HOUR_MS, 30 * DAY_MS + HOUR_MS));
        assert_eq!(clock.ran_ms(), 2 * HOUR_MS);
        assert_eq!(clock.trusted_ms(), DAY_MS + 2 * HOUR_MS);
    }
}
