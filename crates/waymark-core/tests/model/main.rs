//! The model test: the real client in a simulated browser, with a simulated gateway, under
//! random schedules of everything that can go wrong. A seed is a schedule; one that fails is
//! printed, and goes into `seeds.txt` once its fault is mended.
//!
//! `WAYMARK_MODEL_SCHEDULES` sets how many there are, `WAYMARK_MODEL_SEED` runs one alone.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod gateway;
mod page;
mod random;
mod schedule;
mod world;

use std::env;
use std::thread;

/// Seeds of schedules that failed once.
const SEEDS: &str = include_str!("seeds.txt");
/// Schedules of a normal run.
const SCHEDULES: u64 = 100_000;

fn number(name: &str) -> Option<u64> {
    env::var(name).ok()?.parse().ok()
}

fn run(seed: u64) {
    if let Err(error) = schedule::run(seed) {
        panic!("seed {seed}: {error}\n{}", schedule::trace(seed));
    }
}

#[test]
fn schedules_that_once_failed_pass() {
    let lines = SEEDS.lines().filter(|line| !line.starts_with('#'));
    lines.for_each(|line| run(line.trim().parse().unwrap()));
}

#[test]
fn no_schedule_loses_doubles_or_disorders_an_event() {
    if let Some(seed) = number("WAYMARK_MODEL_SEED") {
        return run(seed);
    }
    let schedules = number("WAYMARK_MODEL_SCHEDULES").unwrap_or(SCHEDULES);
    let workers = thread::available_parallelism().map_or(1, |n| u64::try_from(n.get()).unwrap());
    thread::scope(|scope| {
        for worker in 0..workers {
            scope.spawn(move || {
                (worker..schedules)
                    .step_by(usize::try_from(workers).unwrap())
                    .for_each(run)
            });
        }
    });
}
