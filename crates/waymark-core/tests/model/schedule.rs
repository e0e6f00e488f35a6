//! One schedule: random steps, then an end without faults, and what must hold then.

use std::collections::HashMap;

use waymark_core::settlement::Fate;

use crate::gateway::{Mood, is_bad};
use crate::page::Way;
use crate::world::World;

/// The most steps of a schedule before its end.
const STEPS_MAX: usize = 60;
/// Rounds within which everything must be delivered once there are no faults.
const ROUNDS_MAX: usize = 2000;
/// Rounds within which the good events must be delivered without new ones.
const GOOD_ROUNDS_MAX: usize = 300;
/// The least age of an event that may be given up as too old: the limit less the error that
/// a clock may have.
const AGE_MIN_MS: f64 = (6.0 - 2.0) * 86_400_000.0;

/// Runs the schedule of a seed.
///
/// # Errors
/// The property that did not hold.
pub(crate) fn run(seed: u64) -> Result<(), String> {
    attempt(&mut World::new(seed, false))
}

/// The steps of a seed's schedule.
pub(crate) fn trace(seed: u64) -> String {
    let mut world = World::new(seed, true);
    _ = attempt(&mut world);
    world.schedule()
}

fn attempt(world: &mut World) -> Result<(), String> {
    let begun_ms = world.true_ms;
    let steps = world.random.below(STEPS_MAX) + 5;
    for _ in 0..steps {
        step(world);
        if let Some(failure) = world.failure.take() {
            return Err(failure);
        }
    }
    let long = world.true_ms - begun_ms > AGE_MIN_MS;
    end_well(world)?;
    check(world, long)
}

fn step(world: &mut World) {
    match world.random.below(100) {
        0..30 => {
            let at = world.live_page();
            for _ in 0..=world.random.below(4) {
                world.record(at);
            }
            if world.random.one_in(2) {
                world.pump(at);
            }
        }
        30..45 => {
            let at = world.live_page();
            world.commit(at);
        }
        45..60 => {
            let at = world.live_page();
            world.pump(at);
        }
        60..75 => _ = world.network_step(),
        75..80 => {
            let ms = world
                .random
                .pick(&[1.0, 500.0, 1000.0, 31_000.0, 6e5, 7.2e6]);
            world.advance(ms);
        }
        80..84 => {
            let at = world.live_page();
            world.adopt(at);
        }
        84..88 => change(world),
        88..90 => {
            let at = world.live_page();
            world.hide(at);
        }
        90..93 => {
            let at = world.live_page();
            world.leave(at);
        }
        93..95 => {
            if let Some(at) = world.pages.iter().position(|page| page.frozen) {
                world.return_to(at);
            }
        }
        95..97 => {
            if !world.pages.is_empty() {
                let at = world.random.below(world.pages.len());
                world.crash(at);
            }
        }
        97..98 => {
            let at = world.live_page();
            world.pages[at].client.outbox.wake();
        }
        _ => _ = world.open_page(),
    }
}

/// Changes something outside the pages.
fn change(world: &mut World) {
    match world.random.below(9) {
        0 => world.disk_works = !world.disk_works,
        1 => world.spill_works = !world.spill_works,
        2 => world.set_clock(),
        3 if world.random.one_in(3) => {
            let days = world.random.pick(&[1.0, 3.0, 6.5]);
            world.advance(days * 86_400_000.0);
        }
        4 => {
            let spoilt: [&[Way]; 3] = [&[], &[Way::Fetch], &[Way::Fetch, Way::Detour]];
            world.spoilt = world.random.pick(&spoilt);
            world.note("spoilt", &world.spoilt.to_vec());
        }
        _ => {
            let status = world.random.pick(&[
                301, 304, 400, 400, 401, 403, 404, 408, 410, 413, 422, 500, 502, 503, 504,
            ]);
            let wait_ms = world.random.pick(&[0.0, 5000.0, 1e12]);
            let most = world.random.below(4);
            world.mood = world.random.pick(&[
                Mood::Well,
                Mood::Well,
                Mood::Unreachable,
                Mood::AnswerLost,
                Mood::Status(status),
                Mood::Busy(429, wait_ms),
                Mood::Busy(503, wait_ms),
                Mood::Foreign,
                Mood::TooMany(most),
            ]);
            world.note("mood", &world.mood.clone());
        }
    }
}

/// Ends all faults and brings every visitor back.
fn end_well(world: &mut World) -> Result<(), String> {
    world.note("all is well", &());
    (world.mood, world.disk_works, world.spill_works) = (Mood::Well, true, true);
    if world.spoilt.contains(&Way::Detour) {
        world.spoilt = &[];
    }
    while let Some(at) = world.pages.iter().position(|page| page.frozen) {
        world.return_to(at);
    }
    let newest = world.open_page();
    world.adopt(newest);
    for round in 0..ROUNDS_MAX {
        for at in 0..world.pages.len() {
            // A bad event is given up only after a good one was taken.
            if round >= GOOD_ROUNDS_MAX && round % 100 == 0 {
                if let Some(id) = world.pages[at].good_pending() {
                    return Err(format!("{id} waits though all is well"));
                }
                world.record(at);
            }
            world.pump(at);
            world.commit(at);
        }
        while world.network_step() {}
        if let Some(failure) = world.failure.take() {
            return Err(failure);
        }
        let pending = |world: &World| {
            let pages = world.pages.iter();
            pages
                .map(|page| page.client.outbox.pending())
                .sum::<usize>()
        };
        if pending(world) == 0 && world.is_quiet() {
            (0..world.pages.len()).for_each(|at| world.commit(at));
            return Ok(());
        }
        // To the next timer: an idle page has only that.
        let due = world.pages.iter().filter_map(|page| page.due_ms);
        let due_ms = due.fold(f64::INFINITY, f64::min);
        let wait_ms = (due_ms - world.true_ms).clamp(1.0, 60_000.0);
        world.advance(wait_ms);
    }
    Err("not everything was delivered though all was well".into())
}

/// Checks what must hold in the end.
fn check(world: &World, long: bool) -> Result<(), String> {
    let mut times: HashMap<u32, usize> = HashMap::new();
    let mut newest: HashMap<usize, u32> = HashMap::new();
    for id in &world.gateway.log {
        *times.entry(*id).or_default() += 1;
        let exempt = world.gateway.set_aside(*id) || world.dropped.contains_key(id);
        if exempt || world.unordered.contains(id) {
            continue;
        }
        let segment = world.recorded_in[usize::try_from(*id).unwrap()];
        let before = newest.entry(segment).or_insert(*id);
        if *id < *before {
            return Err(format!("{id} arrived after {before} of the same page"));
        }
        *before = *id;
    }
    for id in 0..u32::try_from(world.recorded_in.len()).unwrap() {
        let stored = times.get(&id).copied().unwrap_or(0);
        let dropped = world.dropped.get(&id);
        if stored > 1 {
            return Err(format!("{id} was stored {stored} times"));
        }
        if stored == 0 && dropped.is_none() && !world.may_be_lost.contains(&id) {
            return Err(format!("{id} is lost"));
        }
        match dropped {
            Some(Fate::TooOld) if !long => return Err(format!("{id} was young")),
            Some(Fate::QueueFull) => return Err(format!("{id} was pushed out of a short queue")),
            _ => {}
        }
        if is_bad(id) && stored > 0 {
            return Err(format!("{id} is bad and was stored"));
        }
    }
    if world.disk.is_empty() {
        Ok(())
    } else {
        Err(format!("left on disk: {:?}", world.disk.keys()))
    }
}
