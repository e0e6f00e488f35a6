// @ts-check
// A library's page under measurement: its servers, and the instruments of its browser.
import { setTimeout as pause } from "node:timers/promises";
import { eventually } from "../tests/support/eventually.mjs";
import { startGateway } from "../tests/support/gateway.mjs";
import { startCollector } from "./collector.mjs";
import { BURST } from "./product-added.mjs";
import { startSite } from "./site.mjs";

/** @typedef {import("playwright-core").Page} Page */
/** @typedef {import("playwright-core").CDPSession} CDPSession */

/** A page is quiet when its main thread is busy for less than this in {@link LOOK_MS}. */
const QUIET_SECONDS = 0.004;
/** Time between two looks at the main thread, in milliseconds. */
const LOOK_MS = 400;
/** Longest wait for quiet or for events, in milliseconds. */
const PATIENCE_MS = 30_000;

/** A page and the means to measure it. */
export class Bench {
  /** @param {Page} page @param {CDPSession} session */
  constructor(page, session) {
    this.page = page;
    this.session = session;
  }

  /** @returns {Promise<Record<string, number>>} Chromium's counters of this page, in their units */
  async metrics() {
    const { metrics } = await this.session.send("Performance.getMetrics");
    return Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
  }

  /** @returns {Promise<number>} seconds that the main thread has been busy */
  async busySeconds() {
    return (await this.metrics()).TaskDuration ?? NaN;
  }

  /** Waits until the main thread is idle. @returns {Promise<number>} its busy seconds so far */
  async quiet() {
    const end = performance.now() + PATIENCE_MS;
    let before = await this.busySeconds();
    for (;;) {
      await pause(LOOK_MS);
      const now = await this.busySeconds();
      if (now - before < QUIET_SECONDS || performance.now() > end) return now;
      before = now;
    }
  }

  /** @returns {Promise<number>} bytes of the heap after garbage collection, with wasm memories */
  async heapBytes() {
    await this.session.send("HeapProfiler.collectGarbage");
    const { JSHeapUsedSize = NaN } = await this.metrics();
    return JSHeapUsedSize + Number(await this.page.evaluate("wasmBytes()"));
  }

  /** @param {number} rate how many times slower the processor is */
  async slowDown(rate) {
    await this.session.send("Emulation.setCPUThrottlingRate", { rate });
  }
}

/** Makes the page report the size of its wasm memories. */
const WATCH_WASM = `{
  const memories = [];
  globalThis.wasmBytes = () => memories.reduce((sum, it) => sum + it.buffer.byteLength, 0);
  const watched = ({ exports }) => {
    const { memory } = exports;
    if (memory && !memories.includes(memory)) memories.push(memory);
  };
  WebAssembly.Instance = new Proxy(WebAssembly.Instance, {
    construct(Instance, args) {
      const made = new Instance(...args);
      watched(made);
      return made;
    },
  });
  for (const name of ["instantiate", "instantiateStreaming"]) {
    const original = WebAssembly[name];
    WebAssembly[name] = async (...args) => {
      const made = await original.apply(WebAssembly, args);
      watched(made.instance ?? made);
      return made;
    };
  }
}`;

/** One library's servers. */
export class Lab {
  /**
   * @param {import("playwright-core").Browser} browser
   * @param {import("./libraries.mjs").Library} library
   * @param {import("./collector.mjs").Collector} collector
   * @param {import("./site.mjs").Site} site
   * @param {import("../tests/support/gateway.mjs").Gateway} [gateway]
   */
  constructor(browser, library, collector, site, gateway) {
    this.browser = browser;
    this.library = library;
    this.collector = collector;
    this.site = site;
    this.gateway = gateway;
  }

  /**
   * Opens an empty page.
   *
   * @param {import("playwright-core").BrowserContext} context
   */
  async blank(context) {
    const page = await context.newPage();
    page.setDefaultTimeout(120_000);
    await page.addInitScript(`${WATCH_WASM} ${BURST}`);
    const session = await context.newCDPSession(page);
    // Processor time, so that other work of the machine does not count.
    await session.send("Performance.enable", { timeDomain: "threadTicks" });
    return new Bench(page, session);
  }

  /**
   * Opens the shop, and waits until the library has delivered an event and is idle.
   *
   * @param {import("playwright-core").BrowserContext} [given]
   */
  async settled(given) {
    const context = given ?? (await this.browser.newContext());
    const bench = await this.blank(context);
    await bench.page.goto(this.site.url("/"));
    await bench.page.evaluate(`burst("Ready", 1)`);
    await eventually(() => this.has("Ready", 1), { deadlineMs: PATIENCE_MS });
    await bench.quiet();
    return bench;
  }

  /**
   * Whether `count` events whose names start with `prefix` have been taken.
   *
   * @param {string} prefix
   * @param {number} count
   */
  has(prefix, count) {
    return this.arrived(prefix) >= count;
  }

  /** Number of different events whose names start with `prefix`. @param {string} prefix */
  arrived(prefix) {
    const { taken } = this.collector;
    return new Set(
      taken.map(({ name }) => name).filter((name) => name.startsWith(prefix)),
    ).size;
  }

  /**
   * Waits until `count` such events have been taken, or no more come.
   *
   * @param {string} prefix
   * @param {number} count
   * @returns {Promise<number>} how many were taken
   */
  async delivered(prefix, count) {
    const restMs = 8000;
    let seen = 0;
    let since = performance.now();
    for (;;) {
      const now = this.arrived(prefix);
      if (now >= count || performance.now() - since > restMs) return now;
      if (now > seen) [seen, since] = [now, performance.now()];
      await pause(50);
    }
  }

  /** Stops the servers. */
  async close() {
    await this.site.close();
    await this.collector.close();
    await this.gateway?.stop();
  }
}

/**
 * Starts a library's servers.
 *
 * @param {import("playwright-core").Browser} browser
 * @param {import("./libraries.mjs").Library} library
 * @param {Map<string, Buffer>} files
 */
export async function openLab(browser, library, files) {
  const gateway = library.hasGateway ? await startGateway() : undefined;
  const collector = await startCollector(gateway?.host);
  const site = await startSite(files, collector.host);
  return new Lab(browser, library, collector, site, gateway);
}
