// @ts-check
// The cost of a visit over a slow connection, until the first event has reached the server.
import { eventually } from "../tests/support/eventually.mjs";

/** A slow phone's connection: bits per second, and the round trip in milliseconds. */
const LINE = { bitsPerSecond: 1_600_000, roundTripMs: 150 };
/** Longest wait for the first event, in milliseconds. */
const PATIENCE_MS = 60_000;

/**
 * @typedef {object} Load of one visit
 * @property {number} bytes on the wire before the first event, the document aside
 * @property {number} rawBytes of script and wasm in the page before the first event
 * @property {number} requests before the first event, the document aside
 * @property {number} firstEventMs from navigation until the first event is at the server
 * @property {number} scriptMs that scripts ran until then
 * @property {number} taskMs that the main thread was busy until then
 * @property {number} longTaskMs in tasks of more than 50 ms until then
 * @property {number} heapBytes after garbage collection
 */

const WATCH_LONG_TASKS = `globalThis.longTaskMs = 0;
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) longTaskMs += duration;
  }).observe({ type: "longtask", buffered: true });`;

/**
 * Visits the shop, and measures until the first event has arrived.
 *
 * @param {import("./lab.mjs").Lab} lab
 * @param {import("playwright-core").BrowserContext} context
 * @param {number} slowDown
 * @returns {Promise<Load>}
 */
async function visit(lab, context, slowDown) {
  const { collector, site } = lab;
  const bench = await lab.blank(context);
  const { page, session } = bench;
  await page.addInitScript(WATCH_LONG_TASKS);
  await session.send("Network.enable");
  await session.send("Network.emulateNetworkConditions", {
    offline: false,
    latency: LINE.roundTripMs,
    downloadThroughput: LINE.bitsPerSecond / 8,
    uploadThroughput: LINE.bitsPerSecond / 8,
  });
  await bench.slowDown(slowDown);
  [site.sent, collector.requests, collector.taken] = [[], [], []];
  await page.goto(site.url("/"), { waitUntil: "commit" });
  await eventually(() => collector.taken.length > 0, {
    deadlineMs: PATIENCE_MS,
  });
  const { ScriptDuration = NaN, TaskDuration = NaN } = await bench.metrics();
  const origin = Number(await page.evaluate("performance.timeOrigin"));
  const longTaskMs = Number(await page.evaluate("longTaskMs"));
  const first = /** @type {{ atMs: number }} */ (collector.taken[0]).atMs;
  // What the page had got by then: a file on its way has not been needed for the event.
  const ended = /** @type {Record<string, number>} */ (
    await page.evaluate(`Object.fromEntries(performance.getEntriesByType("resource")
      .map(({ name, responseEnd }) => [new URL(name).pathname, responseEnd || Infinity]))`)
  );
  const files = site.sent.filter(
    ({ path, atMs }) =>
      atMs < first && origin + (ended[path] ?? Infinity) < first,
  );
  const asked = collector.requests.filter(
    ({ atMs, events }) => atMs < first && events === 0,
  );
  const sum = (/** @type {number[]} */ all) => all.reduce((a, b) => a + b, 0);
  const measured = {
    bytes: sum([...files, ...asked].map(({ bytes }) => bytes)),
    rawBytes: sum(files.map(({ rawBytes }) => rawBytes)),
    requests: files.length + asked.length,
    firstEventMs: first - origin,
    scriptMs: ScriptDuration * 1000,
    taskMs: TaskDuration * 1000,
    longTaskMs,
    heapBytes: await bench.heapBytes(),
  };
  await bench.slowDown(1);
  await bench.quiet();
  await page.close();
  return measured;
}

/**
 * Visits the shop with an empty cache, then with a warm one.
 *
 * @param {import("./lab.mjs").Lab} lab
 * @param {number} slowDown how many times slower the processor is
 */
export async function measureLoad(lab, slowDown) {
  lab.site.started = `burst("First", 1)`;
  const context = await lab.browser.newContext();
  const cold = await visit(lab, context, slowDown);
  const warm = await visit(lab, context, slowDown);
  await context.close();
  lab.site.started = "";
  return { cold, warm };
}
