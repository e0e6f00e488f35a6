// @ts-check
// The stage of a fault: a library's page in a browser of its own, and its server.
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import { chromium } from "playwright-core";
import { CHROMIUM_FLAGS, chromiumPath } from "../../tests/support/chromium.mjs";
import { eventually } from "../../tests/support/eventually.mjs";
import { startGateway } from "../../tests/support/gateway.mjs";
import { startCollector } from "../collector.mjs";
import { startSite } from "../site.mjs";

/** @typedef {import("playwright-core").Page} Page */

/** Longest wait for events after the fault, in milliseconds: more than any library waits. */
const PATIENCE_MS = 50_000;
/** Wait for repeats once all events have come, in milliseconds. */
const REPEATS_MS = 5_000;

const run = promisify(execFile);

/**
 * Names E0, E1 and so on, with a prefix.
 *
 * @param {number} count
 * @param {string} [prefix]
 */
export const names = (count, prefix = "E") =>
  Array.from({ length: count }, (_, n) => `${prefix}${n}`);

/** Code that records events in one task. @param {readonly string[]} events */
export const tracking = (events) =>
  `for (const name of ${JSON.stringify(events)}) track(name, { price: 49.5 }); void 0;`;

/** One library's page, its browser and its server. */
export class Stage {
  /** @type {import("playwright-core").BrowserContext} */
  context = /** @type {any} */ (undefined);
  /** @type {import("../collector.mjs").Collector} */
  collector = /** @type {any} */ (undefined);
  /** @type {import("../site.mjs").Site} */
  site = /** @type {any} */ (undefined);
  /** @type {Awaited<ReturnType<typeof startGateway>> | undefined} for Waymark: it drops repeats */
  gateway;
  #profile = "";
  #files;

  /** @param {string} library @param {Map<string, Buffer>} files its page's */
  constructor(library, files) {
    this.library = library;
    this.#files = files;
  }

  /** Starts the servers and the browser. */
  async begin() {
    this.#profile = await mkdtemp(join(tmpdir(), "waymark-bench-"));
    if (this.library === "waymark") this.gateway = await startGateway();
    this.collector = await startCollector(this.gateway?.host);
    this.site = await startSite(this.#files, this.collector.host);
    await this.openBrowser();
  }

  /** Starts the browser, with the profile that an earlier one has left. */
  async openBrowser() {
    this.context = await chromium.launchPersistentContext(this.#profile, {
      executablePath: chromiumPath(),
      headless: true,
      args: CHROMIUM_FLAGS,
    });
    this.context.setDefaultTimeout(60_000);
  }

  /** Kills every process of this browser at once, as a power cut would. */
  async killBrowser() {
    const { stdout } = await run("ps", ["-eo", "pid,args"]);
    const lines = stdout.split("\n").filter((it) => it.includes(this.#profile));
    for (const line of lines) {
      try {
        process.kill(Number.parseInt(line, 10), "SIGKILL");
      } catch {
        // It has ended with another.
      }
    }
    await this.context.close().catch(() => {});
  }

  /** Opens the shop in a new tab. */
  async visit(path = "/") {
    const page = await this.context.newPage();
    await page.goto(this.site.url(path));
    return page;
  }

  /** Opens the shop, and waits until the library has delivered an event. */
  async settle() {
    const page = await this.visit();
    const ready = `Ready ${Math.random()}`;
    await page.evaluate(tracking([ready]));
    await eventually(() =>
      this.collector.taken.some(({ name }) => name === ready),
    );
    return page;
  }

  /** The events that the server has, each with the id that its repeats share. */
  async kept() {
    if (!this.gateway) return this.collector.taken;
    const events = await this.gateway.exportEvents();
    return events.map(({ event, messageId }, at) => ({
      name: /** @type {string} */ (event.event),
      id: `${messageId} ${at}`, // An event stored twice counts twice.
    }));
  }

  /**
   * Waits for the events with these names, and counts them.
   *
   * @param {readonly string[]} recorded
   */
  async count(recorded) {
    const end = performance.now() + PATIENCE_MS;
    const missing = async () => {
      const there = new Set((await this.kept()).map(({ name }) => name));
      return recorded.filter((name) => !there.has(name)).length;
    };
    while ((await missing()) > 0 && performance.now() < end) await pause(500);
    await pause(REPEATS_MS);
    const wanted = new Set(recorded);
    const events = (await this.kept()).filter(({ name }) => wanted.has(name));
    const found = new Set(events.map(({ name }) => name)).size;
    const ids = new Set(events.map(({ name, id }) => `${name} ${id}`)).size;
    const sent = this.collector.taken.filter(({ name }) => wanted.has(name));
    return {
      recorded: recorded.length,
      lost: recorded.length - found,
      doubled: ids - found,
      sentAgain: sent.length - new Set(sent.map(({ name }) => name)).size,
    };
  }

  /** Closes the browser and the servers. */
  async end() {
    await this.context.close().catch(() => {});
    await this.site.close();
    await this.collector.close();
    await this.gateway?.stop();
    await rm(this.#profile, { recursive: true, force: true, maxRetries: 5 });
  }
}
