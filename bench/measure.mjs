// @ts-check
// Measures every library in every part. The libraries take turns, so that a busy minute of the
// machine does not affect one alone.
import { measureBursts, measureSteady } from "./call.mjs";
import { openLab } from "./lab.mjs";
import { pageFiles } from "./libraries.mjs";
import { measureLoad } from "./load.mjs";
import { countOperations } from "./operations.mjs";
import { measureQueued, measureTabs } from "./scale.mjs";

/** @typedef {import("./libraries.mjs").Library} Library */
/** @typedef {import("./lab.mjs").Lab} Lab */
/** @typedef {import("./load.mjs").Load} Load */
/** @typedef {import("./call.mjs").Cost} Cost */
/** @typedef {import("./scale.mjs").Scaled} Scaled */

/**
 * @typedef {object} Measured of one library
 * @property {string} name
 * @property {string} label
 * @property {Record<number, { cold: Load[], warm: Load[] }>} [load] by slow-down
 * @property {Record<number, { burst: Cost, steady?: Cost }>} [call] by slow-down
 * @property {Awaited<ReturnType<typeof countOperations>>} [operations]
 * @property {Record<number, Scaled | null>} [scale] by the events queued; null where the page hung
 * @property {Awaited<ReturnType<typeof measureTabs>>} [tabs]
 */

/** @typedef {{ lab: Lab, result: Measured }} Entrant */

/** The parts of a run. */
export const PARTS = ["load", "call", "operations", "scale"];
/** Load and calls are measured again with a processor that many times slower. */
const SLOW_DOWN = 4;
/** Bursts per round of Waymark and the floor: twenty or more in all give a p99. */
const BURSTS_A_ROUND = 7;
/** Numbers of queued events; the peers get only the middle one, as some take minutes. */
export const QUEUED = [10, 1000, 20_000];
const QUEUED_BY_PEERS = [1000];

/** @param {Library | Lab["library"]} library */
const isPeer = ({ name }) => name !== "floor" && !name.startsWith("waymark");

/** @param {string} words */
const say = (words) => console.log(words);

/** @param {Entrant[]} entrants @param {number} runs */
async function load(entrants, runs) {
  for (const slowDown of [1, SLOW_DOWN]) {
    for (let run = 0; run < runs; run++) {
      for (const { lab, result } of entrants) {
        // On the slow processor some peers take more than ten seconds.
        if (slowDown > 1 && run > 0 && isPeer(lab.library)) continue;
        const all = (result.load ??= {});
        const visits = (all[slowDown] ??= { cold: [], warm: [] });
        const { cold, warm } = await measureLoad(lab, slowDown);
        visits.cold.push(cold);
        visits.warm.push(warm);
        say(`load ${slowDown}x ${result.label}: ${cold.firstEventMs} ms`);
      }
    }
  }
}

/** @param {Cost | undefined} one @param {Cost} other @returns {Cost} */
function together(one, other) {
  if (!one) return other;
  return {
    callUs: [...one.callUs, ...other.callUs],
    meanUs: [...one.meanUs, ...other.meanUs],
    mainUs: [...one.mainUs, ...other.mainUs],
    lost: one.lost + other.lost,
    requests: other.requests,
  };
}

/** @param {Entrant[]} entrants @param {number} runs */
async function call(entrants, runs) {
  for (const slowDown of [1, SLOW_DOWN]) {
    for (let run = 0; run < (slowDown > 1 ? 1 : runs); run++) {
      for (const { lab, result } of entrants) {
        const context = await lab.browser.newContext();
        const bench = await lab.settled(context);
        await bench.slowDown(slowDown);
        const bursts = isPeer(lab.library) ? 1 : BURSTS_A_ROUND;
        lab.collector.taken = [];
        const burst = await measureBursts(lab, bench, bursts);
        const all = (result.call ??= {});
        const before = all[slowDown];
        all[slowDown] = { ...before, burst: together(before?.burst, burst) };
        if (run === 0) {
          all[slowDown].steady = await measureSteady(lab, bench);
        }
        await context.close();
        say(`call ${slowDown}x ${result.label}: ${burst.mainUs[0]} µs`);
      }
    }
  }
}

/** All at once: counts do not depend on speed. @param {Entrant[]} entrants */
async function operations(entrants) {
  await Promise.all(
    entrants.map(async ({ lab, result }) => {
      result.operations = await countOperations(lab);
      say(`operations ${result.label}`);
    }),
  );
}

/** @param {Entrant[]} entrants */
async function scale(entrants) {
  for (const { lab, result } of entrants) {
    for (const events of isPeer(lab.library) ? QUEUED_BY_PEERS : QUEUED) {
      const scaled = await measureQueued(lab, events);
      (result.scale ??= {})[events] = scaled;
      say(`scale ${events} ${result.label}: ${scaled?.mainUs ?? "hung"}`);
    }
    result.tabs = await measureTabs(lab);
    say(`tabs ${result.label}: ${result.tabs.mainUs}`);
  }
}

/**
 * Measures the libraries.
 *
 * @param {import("playwright-core").Browser} browser
 * @param {readonly Library[]} libraries
 * @param {readonly string[]} parts of {@link PARTS}
 * @param {number} runs rounds of the parts whose time is measured
 * @returns {Promise<Measured[]>}
 */
export async function measure(browser, libraries, parts, runs) {
  /** @type {Entrant[]} */
  const entrants = [];
  for (const library of libraries) {
    const lab = await openLab(browser, library, await pageFiles(library));
    const { name, label } = library;
    entrants.push({ lab, result: { name, label } });
  }
  if (parts.includes("load")) await load(entrants, runs);
  const others = entrants.filter(({ lab }) => !lab.library.hasGateway);
  if (parts.includes("call")) await call(others, runs);
  if (parts.includes("operations")) await operations(others);
  if (parts.includes("scale")) await scale(others);
  for (const { lab } of entrants) await lab.close();
  return entrants.map(({ result }) => result);
}
