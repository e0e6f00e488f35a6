// @ts-check
// Opens random pages as frames of clean ones, several at a time, and tells what became of each.
import { launchChromium } from "../support/chromium.mjs";
import { startGateway } from "../support/gateway.mjs";
import { packageFiles } from "../support/package-files.mjs";
import { servePage } from "../support/page-server.mjs";
import { CALLS, cleanPage, pageHtml } from "./random-html.mjs";
import { isFree, PARTS_MAX, randomPage, rowParts } from "./random-page.mjs";

/** @typedef {import("./random-page.mjs").RandomPage} RandomPage */
/**
 * @typedef {object} Outcome
 * @property {RandomPage} page
 * @property {string[]} faults why it failed; empty when it did not
 */

/** Pages that are open at once; each mostly waits. */
const LANES = 6;
/** The longest that a page may take, in milliseconds: many times what it needs. */
const DEADLINE_MS = 30_000;
/** What a page asks of other hosts when it shows its own markup. */
const OF_MARKUP = new Set(["image", "media", "font", "stylesheet"]);

/** A browser, a gateway and the clean pages. */
export class RandomStage {
  /** @type {import("playwright-core").Page[]} those that show nothing now */
  #free = [];
  #runs = 0;
  /** Requests to other hosts, by run. @type {Map<number, string[]>} */
  #strayed = new Map();
  /** @type {Record<string, string | Uint8Array>} */
  #files = {};

  async open() {
    this.browser = await launchChromium({
      args: ["--host-resolver-rules=MAP *.example ~NOTFOUND"],
    });
    this.gateway = await startGateway();
    const body = `<!doctype html><link rel="icon" href="data:,"><body><script>(${String(cleanPage)})(${CALLS}, ${DEADLINE_MS});</script>`;
    this.#files = { ...(await packageFiles()), "/": body };
    this.site = await servePage(this.#files);
    const context = await this.browser.newContext();
    const { port } = new URL(this.site.origin);
    const known = [this.gateway.host];
    context.on("request", (request) => {
      const { host, protocol } = new URL(request.url());
      if (OF_MARKUP.has(request.resourceType()) || known.includes(host)) return;
      if (!protocol.startsWith("http")) return;
      const run = Number(/\/pages\/(\d+)/.exec(frameUrl(request))?.[1] ?? -1);
      const strayed = this.#strayed.get(run) ?? [];
      this.#strayed.set(run, [...strayed, request.url()]);
    });
    // Each lane has an origin of its own, so that pages share no storage.
    for (let lane = 0; lane < LANES; lane++) {
      known.push(`lane${lane}.localhost:${port}`);
      const page = await context.newPage();
      await page.goto(`http://lane${lane}.localhost:${port}/`);
      this.#free.push(page);
    }
    this.names = await this.#namesOf(this.#free[0]);
    this.rows = await rowParts();
  }

  async close() {
    await this.browser?.close();
    await this.site?.close();
    await this.gateway?.stop();
  }

  /** The page of a seed. @param {number} seed */
  page(seed) {
    if (!this.names || !this.rows) throw new Error("the stage is not open");
    return randomPage(seed, this.names, this.rows);
  }

  /**
   * Opens the pages, and gives an outcome for each, in their order.
   *
   * @param {RandomPage[]} pages
   * @returns {Promise<Outcome[]>}
   */
  async outcomes(pages) {
    /** @type {{ run: number, shown: any }[]} */
    const shown = [];
    const waiting = [...pages.entries()];
    const worker = async (/** @type {any} */ lane) => {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        const run = this.#runs++;
        shown[next[0]] = { run, shown: await this.#show(lane, next[1], run) };
      }
      this.#free.push(lane);
    };
    await Promise.all(this.#free.splice(0).map(worker));
    const stored = await this.#stored();
    return pages.map((page, index) => {
      const it = /** @type {{ run: number, shown: any }} */ (shown[index]);
      const strayed = this.#strayed.get(it.run) ?? [];
      const faults = faultsOf(it.shown, stored.get(it.run) ?? [], strayed);
      return { page, faults };
    });
  }

  /**
   * Failing pages, each with as few of its parts as still fail.
   *
   * @param {Outcome[]} failed
   * @returns {Promise<Outcome[]>}
   */
  async smallest(failed) {
    const least = [...failed];
    for (let at = 0; at < PARTS_MAX; at++) {
      const fewer = failed.map(({ page }, index) => {
        const parts = least[index]?.page.parts ?? [];
        return { ...page, parts: parts.filter((it) => it !== page.parts[at]) };
      });
      for (const [index, outcome] of (await this.outcomes(fewer)).entries()) {
        if (outcome.faults.length > 0) least[index] = outcome;
      }
    }
    return least;
  }

  /** @param {import("playwright-core").Page} lane @param {RandomPage} page @param {number} run */
  async #show(lane, page, run) {
    const path = `/pages/${run}.html`;
    const { origin } = new URL(lane.url());
    this.#files[path] = pageHtml(page, run, origin, `${this.gateway?.host}/v1`);
    try {
      return await lane.evaluate(
        (url) => /** @type {any} */ (window).stage.show(url),
        path,
      );
    } catch (error) {
      return { errors: [String(error)], counted: 0 };
    } finally {
      delete this.#files[path];
      if (!lane.url().endsWith("/")) await lane.goBack();
    }
  }

  /** The numbers of the stored calls, by run. */
  async #stored() {
    /** @type {Map<number, number[]>} */
    const byRun = new Map();
    for (const { event } of (await this.gateway?.exportEvents()) ?? []) {
      const { run, n } = { ...event.traits, ...event.properties };
      byRun.set(run, [...(byRun.get(run) ?? []), n]);
    }
    return byRun;
  }

  /**
   * @param {import("playwright-core").Page | undefined} page
   * @returns {Promise<import("./random-page.mjs").Names>}
   */
  async #namesOf(page) {
    const all = await page?.evaluate(() => {
      const of = (/** @type {object} */ it) => {
        const names = new Set();
        for (let at = it; at; at = Object.getPrototypeOf(at)) {
          for (const name of Object.getOwnPropertyNames(at)) names.add(name);
        }
        return [...names].filter((name) => /^[a-z]\w*$/i.test(name)).sort();
      };
      return { document: of(document), window: of(window) };
    });
    return {
      document: all?.document ?? [],
      window: (all?.window ?? []).filter(isFree),
    };
  }
}

/** @param {import("playwright-core").Request} request */
function frameUrl(request) {
  try {
    return request.frame().url();
  } catch {
    return request.headers()["referer"] ?? ""; // The frame is gone.
  }
}

/** @param {any} shown @param {number[]} stored @param {string[]} strayed @returns {string[]} */
function faultsOf({ errors, counted, delivery }, stored, strayed) {
  const faults = [
    ...errors,
    ...strayed.map((url) => `a request to another host: ${url}`),
  ];
  const distinct = new Set(stored).size;
  if (distinct < stored.length)
    faults.push(`stored twice: ${stored.join(", ")}`);
  if (distinct + counted < CALLS) {
    faults.push(`stored: ${distinct} of ${CALLS}, counted: ${delivery}`);
  }
  return faults;
}
