// @ts-check
// Turns the measurements into tables.
import { QUEUED } from "./measure.mjs";
import { OPERATIONS } from "./operations.mjs";
import { quantile } from "./quantile.mjs";
import { table } from "./section.mjs";

/** @typedef {import("./measure.mjs").Measured} Measured */

/** @param {number} value */
function rounded(value) {
  if (!Number.isFinite(value)) return "–";
  const places = Math.abs(value) < 10 && !Number.isInteger(value) ? 1 : 0;
  return value.toFixed(places).replace(/\B(?=(\d{3})+(?!\d))/g, " ");
}

/** A column: its head, a library's figure, and whether with the ratio to the floor's. */
/** @typedef {[string, (it: Measured) => number | undefined, boolean?]} Column */

/**
 * @param {readonly Measured[]} all
 * @param {Column[]} columns
 */
function tableOf(all, columns) {
  const floor = all.find(({ name }) => name === "floor");
  const rows = all.map((it) => [
    it.label,
    ...columns.map(([, of, ratio]) => {
      const value = of(it);
      if (value === undefined) return "–";
      const least = floor && of(floor);
      if (!ratio || it === floor || !least) return rounded(value);
      return `${rounded(value)} (${(value / least).toFixed(1)}×)`;
    }),
  ]);
  return table(["", ...columns.map(([name]) => name)], rows);
}

/**
 * The median of a figure over all visits.
 *
 * @param {number} slowDown
 * @param {"cold" | "warm"} cache
 * @param {keyof import("./load.mjs").Load} figure
 * @returns {(it: Measured) => number | undefined}
 */
const visits = (slowDown, cache, figure) => (it) => {
  const seen = it.load?.[slowDown]?.[cache];
  return seen && quantile(seen.map((visit) => visit[figure]));
};

/**
 * @param {number} slowDown
 * @param {"burst" | "steady"} pace
 * @returns {(it: Measured) => import("./call.mjs").Cost | undefined}
 */
const cost = (slowDown, pace) => (it) => it.call?.[slowDown]?.[pace];

/** @param {number} slowDown @param {"burst" | "steady"} pace @returns {Column[]} */
function costColumns(slowDown, pace) {
  const of = cost(slowDown, pace);
  /** @param {"callUs" | "meanUs" | "mainUs"} figure @param {number} [share] */
  const figure = (figure, share) => (/** @type {Measured} */ it) => {
    const seen = of(it);
    return seen && quantile(seen[figure], share);
  };
  return [
    ["call p50, µs", figure("callUs"), true],
    ["call p99, µs", figure("callUs", 0.99)],
    ["call mean, µs", figure("meanUs"), true],
    ["main thread per event, µs", figure("mainUs"), true],
    ["requests", (it) => of(it)?.requests],
    ["not delivered", (it) => of(it)?.lost],
  ];
}

/** @param {number} slowDown @returns {Column[]} */
const loadColumns = (slowDown) => [
  ["cold: first event, ms", visits(slowDown, "cold", "firstEventMs"), true],
  ["warm: first event, ms", visits(slowDown, "warm", "firstEventMs"), true],
  ["script, ms", visits(slowDown, "cold", "scriptMs")],
  ["main thread, ms", visits(slowDown, "cold", "taskMs"), true],
  ["long tasks, ms", visits(slowDown, "cold", "longTaskMs")],
];

/**
 * @param {number} events
 * @param {keyof import("./scale.mjs").Scaled} figure
 * @returns {(it: Measured) => number | undefined}
 */
const scaled = (events, figure) => (it) =>
  it.scale?.[events] === null ? NaN : it.scale?.[events]?.[figure];

/** @type {Column[]} */
const SIZE = [
  ["bytes, brotli", visits(1, "cold", "bytes")],
  ["bytes, unpacked", visits(1, "cold", "rawBytes")],
  ["requests", visits(1, "cold", "requests")],
  ["heap, bytes", visits(1, "cold", "heapBytes")],
];

/** The few figures that README.md and docs/performance.md show. @param {readonly Measured[]} all */
export const summary = (all) =>
  tableOf(all, [
    ["KB before the first event", (it) => kilobytes(it)],
    ["navigation → first event, ms", visits(1, "cold", "firstEventMs"), true],
    ["`track()`, µs", (it) => mean(it), true],
    ["main thread per event, µs", (it) => main(it), true],
  ]);

/** @param {Measured} it */
const kilobytes = (it) => (visits(1, "cold", "bytes")(it) ?? NaN) / 1000;
/** @param {Measured} it */
const mean = (it) => quantile(cost(1, "burst")(it)?.meanUs ?? []);
/** @param {Measured} it */
const main = (it) => quantile(cost(1, "burst")(it)?.mainUs ?? []);

/** @type {[string, string, (it: Measured) => number][]} the plot's panels: title, unit, figure */
export const PLOTTED = [
  ["Before the first event", "KB, brotli", kilobytes],
  [
    "Navigation to the first event",
    "ms, cold, 1.6 Mbit/s, 150 ms",
    (it) => visits(1, "cold", "firstEventMs")(it) ?? NaN,
  ],
  ["Main thread per event", "µs, burst of 200", main],
];

/**
 * All tables, each with a sentence on what it shows.
 *
 * @param {readonly Measured[]} all
 * @returns {string}
 */
export function report(all) {
  const has = (/** @type {keyof Measured} */ part) =>
    all.some((it) => it[part] !== undefined);
  /** @type {string[]} */
  const parts = [];
  if (has("load")) {
    parts.push(
      "## Load",
      "Before the first event is at the server, the document aside; medians. The connection has 1.6 Mbit/s and a round trip of 150 ms.",
      tableOf(all, SIZE),
      tableOf(all, loadColumns(1)),
      "The same with the processor slowed down four times:",
      tableOf(all, loadColumns(4)),
    );
  }
  if (has("call")) {
    parts.push(
      "## Call",
      "A Product Added with fifteen properties; the clock ticks in 5 µs. Main-thread time is the processor time of the page's main thread until the events are delivered and the page is idle. Bursts of 200 in one task:",
      tableOf(all, costColumns(1, "burst")),
      "At a steady ten a second:",
      tableOf(all, costColumns(1, "steady")),
      "Bursts, with the processor slowed down four times:",
      tableOf(all, costColumns(4, "burst")),
      "Ten a second, with the processor slowed down four times:",
      tableOf(all, costColumns(4, "steady")),
    );
  }
  if (has("operations")) {
    /** @param {"perEvent" | "idle"} when @returns {Column[]} */
    const columns = (when) =>
      OPERATIONS.map((what) => [what, (it) => it.operations?.[when][what]]);
    parts.push(
      "## Operations",
      "For each event, at four a second:",
      tableOf(all, columns("perEvent")),
      "In ten seconds of idling, six seconds after the last delivery:",
      tableOf(all, columns("idle")),
    );
  }
  if (has("scale")) parts.push(...scaleParts(all));
  return parts.join("\n\n");
}

/** @param {readonly Measured[]} all */
function scaleParts(all) {
  const queued = QUEUED.map((events) => {
    const some = all.filter(({ scale }) => scale?.[events] !== undefined);
    return `${events} events queued without a network, then sent:\n\n${tableOf(
      some,
      [
        ["call mean, µs", scaled(events, "callUs"), true],
        ["main thread per event, queuing, µs", scaled(events, "mainUs"), true],
        ["… sending, µs", scaled(events, "deliverUs"), true],
        ["heap per event, bytes", scaled(events, "heapBytes")],
        ["not delivered", scaled(events, "lost")],
      ],
    )}`;
  });
  return [
    "## Scale",
    ...queued,
    "Ten tabs that record 20 events each at once:",
    tableOf(all, [
      ["main thread per event, µs", (it) => it.tabs?.mainUs, true],
      ["not delivered", (it) => it.tabs?.lost],
      ["sent again", (it) => it.tabs?.doubled],
    ]),
  ];
}
