// @ts-check
// Many events that wait for the network, and many tabs.
import { setTimeout as pause } from "node:timers/promises";

/** Events recorded in one task. */
const TASK_EVENTS = 1000;
/** A page that takes longer than this to queue its events, in milliseconds, counts as hung. */
const HUNG_MS = 40_000;
/** Tabs open at the same time. */
const TABS = 10;
/** Events recorded by each tab. */
const TAB_EVENTS = 20;

/**
 * @typedef {object} Scaled
 * @property {number} callUs microseconds of a call
 * @property {number} mainUs microseconds of the main thread for each event while it is queued
 * @property {number} deliverUs microseconds of the main thread for each event when it is sent
 * @property {number} heapBytes for each queued event
 * @property {number} lost events that did not come when the network was back
 */

/**
 * Records events offline, then goes online and counts what arrives.
 *
 * @param {import("./lab.mjs").Lab} lab
 * @param {number} events
 * @returns {Promise<Scaled | null>} null when the page hung
 */
export async function measureQueued(lab, events) {
  const context = await lab.browser.newContext();
  const bench = await lab.settled(context);
  const prefix = `Queued ${events}:`;
  const heapBefore = await bench.heapBytes();
  const before = await bench.quiet();
  await context.setOffline(true);
  let totalUs = 0;
  const record = async () => {
    for (let n = 0; n < events; n += TASK_EVENTS) {
      const count = Math.min(TASK_EVENTS, events - n);
      const burst = await bench.page.evaluate(
        `burst("${prefix}${n}-", ${count})`,
      );
      totalUs += /** @type {{ totalUs: number }} */ (burst).totalUs;
    }
    return true;
  };
  const timer = new AbortController();
  const done = await Promise.race([
    record(),
    pause(HUNG_MS, false, { signal: timer.signal }).catch(() => false),
  ]);
  timer.abort();
  if (!done) {
    await context.close();
    return null;
  }
  const queued = await bench.quiet();
  const heapAfter = await bench.heapBytes();
  await context.setOffline(false);
  const resumed = await bench.busySeconds();
  const arrived = await lab.delivered(prefix, events);
  const sent = (await bench.quiet()) - resumed;
  await context.close();
  return {
    callUs: totalUs / events,
    mainUs: ((queued - before) * 1e6) / events,
    deliverUs: (sent * 1e6) / events,
    heapBytes: (heapAfter - heapBefore) / events,
    lost: events - arrived,
  };
}

/**
 * Records events in ten tabs of one shop at the same time.
 *
 * @param {import("./lab.mjs").Lab} lab
 */
export async function measureTabs(lab) {
  const context = await lab.browser.newContext();
  /** @type {import("./lab.mjs").Bench[]} */
  const tabs = [];
  for (let n = 0; n < TABS; n++) tabs.push(await lab.settled(context));
  const all = async () => {
    const busy = await Promise.all(tabs.map((tab) => tab.quiet()));
    return busy.reduce((a, b) => a + b, 0);
  };
  const before = await all();
  const takenBefore = lab.collector.taken.length;
  await Promise.all(
    tabs.map((tab, n) =>
      tab.page.evaluate(`burst("Tab ${n}:", ${TAB_EVENTS})`),
    ),
  );
  const events = TABS * TAB_EVENTS;
  const arrived = await lab.delivered("Tab ", events);
  const busy = (await all()) - before;
  await context.close();
  return {
    mainUs: (busy * 1e6) / events,
    lost: events - arrived,
    doubled: lab.collector.taken.length - takenBefore - arrived,
  };
}
