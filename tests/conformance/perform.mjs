// @ts-check
// Performs one scenario with one library, and returns its outcome.
import { cookiesOf } from "../support/cookies.mjs";
import { eventually } from "../support/eventually.mjs";
import { normalise } from "./normalise.mjs";
import { notebook, tickingClock } from "./prelude.mjs";
import { SHOP } from "./scenario.mjs";
import { BLANK, World } from "./server.mjs";

/** @typedef {import("./scenario.mjs").Scenario} Scenario */
/** @typedef {import("playwright-core").Page} Page */

/** Longest wait for what a scenario awaits, in milliseconds: many times what it needs. */
const DEADLINE_MS = 20_000;
/** The same for a scenario that is repeated when it hangs. */
const TRY_MS = 8_000;
/**
 * How long Segment's client may take where it may hang, in milliseconds. It decides nothing about
 * Waymark, which has the whole deadline.
 */
const PEER_MS = 4_000;
/** The value of code that Segment's client does not end. */
const HANGS = "<hangs>";
/** Name of the event that Segment's client sends after everything else. */
const LAST = "conformance: the last event";

/** @param {Scenario} scenario @param {string} script */
const html = ({ head, html, init }, script) =>
  `<!doctype html><html><head><title>Cart</title><link rel="icon" href="data:,">
<script>(${String(tickingClock)})();(${String(notebook)})();${init ?? ""}</script>${head ?? ""}
<script type="module">${script}</script></head><body>${html ?? ""}</body></html>`;

/** @param {Scenario} scenario @param {string} code @param {boolean} load */
const inPage = ({ settings, options }, code, load) => `(async () => {
  const { SDK, log, describe } = window;
  try {
    ${load ? `window.a = SDK.AnalyticsBrowser.load({ writeKey: "WK", ...(${settings ?? "{}"}) }, ${options ?? "undefined"});` : ""}
    const { a } = window;
    return describe(await (async () => { ${code} })());
  } catch (error) {
    return { threw: describe(error) };
  }
})()`;

/** @template T @param {Promise<T>} promise @param {string} what @param {number} [ms] */
async function soon(promise, what, ms = DEADLINE_MS) {
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  const late = new Promise((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} hangs`)), ms);
  });
  try {
    return /** @type {T} */ (await Promise.race([promise, late]));
  } finally {
    clearTimeout(timer);
  }
}

/** The value of code, or {@link HANGS} when it does not end. @param {Promise<unknown>} ended */
async function unlessItHangs(ended) {
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  const hangs = new Promise((resolve) => {
    timer = setTimeout(resolve, PEER_MS, HANGS);
  });
  try {
    return await Promise.race([ended, hangs]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * @param {import("./lane.mjs").Lane} lane
 * @param {Scenario} scenario
 * @returns {Promise<import("./scenario.mjs").Outcome>} normalised
 */
export async function perform(lane, scenario) {
  const begunMs = Date.now();
  const { library } = lane;
  const play = scenario.server ?? {};
  const world = new World(play, library.files, html(scenario, library.script));
  const { context, page } = await lane.enter(world);
  const show = new Show(context, page, world, library.name, scenario);
  try {
    await show.play();
    return normalise(await show.outcome(), scenario, begunMs);
  } finally {
    show.end();
    await lane.leave(show.ordinary);
  }
}

/** A scenario while it is performed. */
class Show {
  /** @type {string[]} */
  #errors = [];
  /** @type {string[]} */
  #console = [];
  /** @type {string[]} */
  #problems = [];
  /** @type {unknown} */
  #value;
  /** @type {Page} */
  #page;
  #noteError = (/** @type {import("playwright-core").WebError} */ error) => {
    this.#errors.push(String(error.error()));
  };
  #noteMessage = (
    /** @type {import("playwright-core").ConsoleMessage} */ message,
  ) => {
    if (/warning|error/.test(message.type())) {
      this.#console.push(`${message.type()}: ${message.text()}`);
    }
  };

  /**
   * @param {import("playwright-core").BrowserContext} context
   * @param {Page} page
   * @param {World} world
   * @param {import("./sdks.mjs").Sdk} sdk
   * @param {Scenario} scenario
   */
  constructor(context, page, world, sdk, scenario) {
    this.context = context;
    this.#page = page;
    this.world = world;
    this.sdk = sdk;
    this.scenario = scenario;
    context.on("weberror", this.#noteError);
    context.on("console", this.#noteMessage);
  }

  /** Whether it left no trace that could affect the next one in the same context. */
  get ordinary() {
    return !this.scenario.drive && this.#problems.length === 0;
  }

  end() {
    this.context.off("weberror", this.#noteError);
    this.context.off("console", this.#noteMessage);
  }

  async play() {
    const { scenario } = this;
    try {
      await this.#seed();
      this.#value = await soon(
        this.#perform(),
        "the scenario",
        scenario.alone ? TRY_MS : DEADLINE_MS,
      );
      await this.#stored(this.#awaited);
    } catch (error) {
      this.#problems.push(String(error).split("\n")[0] ?? "");
    }
  }

  /** Number of events that the scenario waits for with this library. */
  get #awaited() {
    const { events = 1 } = this.scenario;
    return typeof events === "number" ? events : events[this.sdk];
  }

  async #perform() {
    const { context, world, sdk, scenario } = this;
    const page = this.#page;
    await page.goto(scenario.url ?? SHOP);
    if (scenario.code !== undefined) {
      const ended = this.#run(scenario.code, scenario.load !== false);
      const mayHang = scenario.peerHangs && sdk === "peer";
      return mayHang ? unlessItHangs(ended) : ended;
    }
    return scenario.drive?.({
      page,
      context,
      world,
      sdk,
      run: (code, on) => this.#run(code, false, on),
      start: (code, on) => this.#run(code, true, on),
      visit: async (url, on = page) => void (await on.goto(url ?? SHOP)),
      stored: (count) => this.#stored(count),
      until: (look, what) =>
        eventually(look, { deadlineMs: DEADLINE_MS, what }),
    });
  }

  /** @param {string} code @param {boolean} load @param {Page} [page] */
  async #run(code, load, page = this.#page) {
    return page.evaluate(inPage(this.scenario, code, load));
  }

  /** @param {number} count */
  async #stored(count) {
    const { world } = this;
    if (count === 0) return;
    await eventually(() => world.events.length >= count && world.idle, {
      deadlineMs: DEADLINE_MS,
      what: () => `${count} events, of which ${world.events.length} came`,
    });
  }

  /** Seeds cookies, and storage that a page without a library writes, as an earlier visit would. */
  async #seed() {
    const { cookies, storage } = this.scenario.seed ?? {};
    const url = this.scenario.url ?? SHOP;
    if (cookies) {
      const all = Object.entries(cookies);
      await this.context.addCookies(
        all.map(([name, value]) => ({
          ...{ name, value, domain: new URL(url).hostname, path: "/" },
        })),
      );
    }
    if (storage) {
      await this.#page.goto(new URL(BLANK, url).href);
      await this.#page.evaluate((entries) => {
        for (const [key, value] of entries) localStorage.setItem(key, value);
      }, Object.entries(storage));
    }
  }

  async outcome() {
    const { world } = this;
    const page = this.#page;
    const log = await page.evaluate("describe(window.log)").catch(() => []);
    const cookies = await cookiesOf(page);
    const storage = await page
      .evaluate(() => ({ ...localStorage }))
      .catch(() => null);
    const hangs = this.#problems.length > 0 || this.#value === HANGS;
    if (!hangs && this.scenario.drain !== false) await this.#drain();
    const isLast = (/** @type {{ event: any }} */ { event }) =>
      event.event === LAST || event.messageId === LAST;
    return {
      value: this.#value,
      log,
      received: world.received.filter((stored) => !isLast(stored)),
      cookies,
      storage,
      errors: this.#errors,
      problems: this.#problems,
      console: this.#console,
      requests: world.requests.filter(
        ({ host, body }) => host === "api.segment.io" && !body.includes(LAST),
      ),
    };
  }

  /**
   * Waits until nothing more can come of the scenario. Waymark counts its pending events;
   * Segment's client is made to deliver one more event, which is not part of the outcome.
   */
  async #drain() {
    const { world } = this;
    const last = `(async () => {
      const { a } = window;
      if (typeof a?.delivery === "function") return true;
      if (typeof a?.track === "function") await a.track(${JSON.stringify(LAST)}, {}, { messageId: ${JSON.stringify(LAST)} });
    })()`;
    try {
      const counts = await soon(this.#page.evaluate(last), "the last event");
      const done = () =>
        !counts || this.#page.evaluate("window.a.delivery().pending === 0");
      await eventually(async () => world.idle && (await done()));
    } catch (error) {
      this.#problems.push(String(error).split("\n")[0] ?? "");
    }
  }
}
