// @ts-check
// The cost of an event for the page that records it, in bursts and at a steady pace.

/** Events of a burst. */
export const BURST_EVENTS = 200;
/** Time between two events at the steady pace, in milliseconds. */
const STEADY_MS = 100;
/** Events at the steady pace. */
const STEADY_EVENTS = 50;

/**
 * @typedef {object} Cost
 * @property {number[]} callUs microseconds of each call
 * @property {number[]} meanUs microseconds of a call, the mean of each burst
 * @property {number[]} mainUs microseconds of the main thread for each event until it is delivered
 * @property {number} lost events that never came
 * @property {number} requests that carried them
 */

/**
 * Records bursts.
 *
 * @param {import("./lab.mjs").Lab} lab
 * @param {import("./lab.mjs").Bench} bench
 * @param {number} bursts
 * @returns {Promise<Cost>}
 */
export async function measureBursts(lab, bench, bursts) {
  /** @type {Cost} */
  const cost = { callUs: [], meanUs: [], mainUs: [], lost: 0, requests: 0 };
  for (let n = 0; n < bursts; n++) {
    const prefix = `Burst ${n}:`;
    const before = await bench.quiet();
    const asked = lab.collector.requests.length;
    const burst = /** @type {{ times: number[], totalUs: number }} */ (
      await bench.page.evaluate(`burst("${prefix}", ${BURST_EVENTS})`)
    );
    const arrived = await lab.delivered(prefix, BURST_EVENTS);
    const busy = (await bench.quiet()) - before;
    cost.callUs.push(...burst.times);
    cost.meanUs.push(burst.totalUs / BURST_EVENTS);
    cost.mainUs.push((busy * 1e6) / BURST_EVENTS);
    cost.lost += BURST_EVENTS - arrived;
    cost.requests += lab.collector.requests.length - asked;
  }
  cost.requests /= bursts;
  return cost;
}

/**
 * Records an event every 100 ms for five seconds.
 *
 * @param {import("./lab.mjs").Lab} lab
 * @param {import("./lab.mjs").Bench} bench
 * @returns {Promise<Cost>}
 */
export async function measureSteady(lab, bench) {
  const before = await bench.quiet();
  const asked = lab.collector.requests.length;
  const callUs = /** @type {number[]} */ (
    await bench.page.evaluate(`new Promise((done) => {
      const times = [];
      const timer = setInterval(() => {
        times.push(burst("Steady:" + times.length, 1).totalUs);
        if (times.length < ${STEADY_EVENTS}) return;
        clearInterval(timer);
        done(times);
      }, ${STEADY_MS});
    })`)
  );
  const arrived = await lab.delivered("Steady:", STEADY_EVENTS);
  const busy = (await bench.quiet()) - before;
  return {
    callUs,
    meanUs: [callUs.reduce((a, b) => a + b, 0) / STEADY_EVENTS],
    mainUs: [(busy * 1e6) / STEADY_EVENTS],
    lost: STEADY_EVENTS - arrived,
    requests: lab.collector.requests.length - asked,
  };
}
