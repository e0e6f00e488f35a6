// @ts-check
// Runs scenarios with both libraries, several at a time, in one browser.
import { readdir } from "node:fs/promises";
import { ANY_CERTIFICATE, launchChromium } from "../support/chromium.mjs";
import { differences } from "./compare.mjs";
import { Lane } from "./lane.mjs";
import { PeerOutcomes } from "./peer-outcomes.mjs";
import { perform } from "./perform.mjs";
import { check } from "./scenario.mjs";
import { libraries, OVER_SCRIPT } from "./sdks.mjs";

/** @typedef {import("./scenario.mjs").Scenario} Scenario */
/** @typedef {import("./scenario.mjs").Outcome} Outcome */
/**
 * @typedef {object} Result
 * @property {Scenario} scenario
 * @property {string[]} failures why it failed; empty when it did not
 * @property {Outcome} [peer]
 * @property {Outcome} [waymark]
 */

/** Scenarios performed at once: each mostly waits for timers and sockets. */
const AT_ONCE = 3;

/** How often a scenario is performed at most: Segment's client loses events when a page is left. */
const TRIES = 3;

/**
 * Performs a scenario. One that moves from page to page is performed again when it hangs, as an
 * event is sometimes lost by Segment's client, or held up by the browser.
 *
 * @param {Lane} lane
 * @param {Scenario} scenario
 */
async function performed(lane, scenario) {
  for (let tries = 1; ; tries++) {
    const outcome = await perform(lane, scenario);
    const hangs = outcome.problems.some((one) => one.endsWith("hangs"));
    if (!hangs || !scenario.alone || tries === TRIES) return outcome;
  }
}

/** All scenarios, each with the topic of its file. @returns {Promise<Scenario[]>} */
export async function allScenarios() {
  const folder = new URL("scenarios/", import.meta.url);
  const files = (await readdir(folder)).filter((name) => /\.mjs$/.test(name));
  const modules = files.sort().map(async (name) => {
    const { scenarios } = await import(new URL(name, folder).href);
    const topic = name.replace(/\.mjs$/, "").replaceAll("-", " ");
    return scenarios.map((/** @type {Scenario} */ one) => ({ topic, ...one }));
  });
  const all = (await Promise.all(modules)).flat();
  check(all);
  return all;
}

/** @param {string} library @param {Outcome} outcome */
const problemsOf = (library, { problems }) =>
  problems.map((problem) => `${library}: ${problem}`);

/** @param {Scenario} scenario @param {Outcome} outcome */
function broken({ expect }, outcome) {
  try {
    expect?.(outcome);
  } catch (error) {
    return String(error instanceof Error ? error.message : error);
  }
}

/** @param {Scenario} scenario @param {Outcome} peer @param {Outcome} waymark */
function judge(scenario, peer, waymark) {
  if (!scenario.better) {
    return [
      ...problemsOf("peer", peer),
      ...problemsOf("waymark", waymark),
      ...differences(
        { ...peer, problems: 0, repeats: 0 },
        {
          ...waymark,
          problems: 0,
          repeats: 0,
        },
      ),
    ];
  }
  const failures = problemsOf("waymark", waymark);
  const why = broken(scenario, waymark);
  if (why !== undefined) failures.push(`not as expected: ${why}`);
  if (!scenario.sometimes && broken(scenario, peer) === undefined) {
    failures.push("not better: Segment's client meets the expectation too");
  }
  return failures;
}

/**
 * @param {Scenario[]} scenarios
 * @param {{ self?: boolean, done?: (result: Result) => void }} [options] `self` runs Segment's client
 *   twice instead: scenarios that differ then are flaky
 * @returns {Promise<Result[]>} in the order of the scenarios
 */
export async function runSuite(scenarios, { self = false, done } = {}) {
  const { peer, waymark } = await libraries();
  const other = self ? peer : waymark;
  const browser = await launchChromium({ args: [ANY_CERTIFICATE] });
  const kept = await PeerOutcomes.of(browser.version(), peer);
  if (OVER_SCRIPT) {
    const count = await kept.read();
    console.log(`${count} outcomes of Segment's client are of an earlier run`);
  }
  /** @type {Result[]} */
  const results = [];
  const numbered = scenarios.map((scenario, index) => ({ scenario, index }));
  /** @param {typeof numbered} waiting @param {boolean} alone */
  const worker = async (waiting, alone) => {
    const lanes = [new Lane(browser, peer), new Lane(browser, other)];
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const { scenario, index } = next;
      const first =
        kept.get(scenario.name) ??
        performed(/** @type {Lane} */ (lanes[0]), scenario);
      if (alone) await first;
      const second = performed(/** @type {Lane} */ (lanes[1]), scenario);
      const outcomes = { peer: await first, waymark: await second };
      kept.keep(scenario.name, outcomes.peer);
      const failures =
        self && scenario.better
          ? []
          : judge(scenario, outcomes.peer, outcomes.waymark);
      const result = { scenario, failures, ...outcomes };
      results[index] = result;
      done?.(result);
    }
    await Promise.all(lanes.map((lane) => lane.close()));
  };
  const together = numbered.filter(({ scenario }) => !scenario.alone);
  const alone = numbered.filter(({ scenario }) => scenario.alone);
  try {
    const workers = Array.from({ length: AT_ONCE }, () =>
      worker(together, false),
    );
    await Promise.all(workers);
    await worker(alone, true);
    await kept.write();
  } finally {
    await browser.close();
  }
  return results;
}
