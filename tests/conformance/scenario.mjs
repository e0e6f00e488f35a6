// @ts-check
// The type of a scenario, and a check that scenarios are valid.

/**
 * @typedef {object} Stage what a scenario that drives several pages is given
 * @property {import("playwright-core").Page} page
 * @property {import("playwright-core").BrowserContext} context
 * @property {import("./server.mjs").World} world
 * @property {import("./sdks.mjs").Sdk} sdk
 * @property {(code: string, page?: import("playwright-core").Page) => Promise<any>} run runs code
 *   in the page, and returns its result, described
 * @property {(url?: string, page?: import("playwright-core").Page) => Promise<void>} visit
 * @property {(code: string, page?: import("playwright-core").Page) => Promise<any>} start loads the
 *   client in the page, then runs code
 * @property {(count: number) => Promise<void>} stored waits for `count` distinct events
 * @property {(look: () => unknown, what?: string) => Promise<unknown>} until waits for a condition
 *
 * @typedef {object} Outcome what is compared
 * @property {unknown} value the code's result, or `{threw}`
 * @property {unknown[]} log what the code pushed to `log`
 * @property {any[]} events as a server stored them, in the order they were made
 * @property {any[]} cookies
 * @property {Record<string, string> | null} storage localStorage; null where it is unavailable
 * @property {string[]} errors uncaught errors and unhandled rejections
 * @property {string[]} problems faults of the run itself, whatever the outcome
 * @property {number} repeats copies of events that had already been acknowledged
 * @property {any[]} [requests] only where a scenario asks for them
 *
 * @typedef {object} Scenario
 * @property {string} name a sentence
 * @property {string} [topic] the file it stands in
 * @property {string} [better] one line that says why Waymark must differ; without it, it must not
 * @property {(waymark: Outcome) => void} [expect] throws unless the outcome is as `better` says
 * @property {boolean} [sometimes] Segment's client may pass `expect` by luck of timing
 * @property {string} [code] body of an async function in the page: `a` is the client, `SDK` all
 *   exports, `log` a list
 * @property {(stage: Stage) => Promise<unknown>} [drive] instead of `code`
 * @property {string} [options] of `load`, as an expression
 * @property {string} [settings] of `load` besides the write key, as an expression
 * @property {boolean} [load] false: the code loads the client itself
 * @property {number | { peer: number, waymark: number }} [events] how many the server must have
 *   before the outcome is read, 1 by default
 * @property {string} [url] of the page
 * @property {string} [html] of every page, inside `<body>`; the head can be set too
 * @property {string} [head]
 * @property {string} [init] runs in each page before the library
 * @property {{ cookies?: Record<string, string>, storage?: Record<string, string> }} [seed] what
 *   an earlier visit left behind
 * @property {import("./server.mjs").Play} [server]
 * @property {boolean} [peerHangs] Segment's client may never end the code: its value is then
 *   `"<hangs>"`, while Waymark must end it
 * @property {boolean} [drain] false: nothing is awaited after the scenario's own events
 * @property {boolean} [alone] it moves from page to page by itself, which Chromium may hold up
 *   while other windows do so too: performed after the others, one window at a time
 * @property {boolean} [unordered] the order of events is not compared
 * @property {boolean} [metadata] `_metadata` is compared
 * @property {boolean} [requests] the requests to the API are compared
 * @property {boolean} [stateless] cookies and storage are not compared
 * @property {boolean} [console] warnings and errors of the console are compared
 */

/** The URL of a page unless its scenario says otherwise. */
export const SHOP = "https://shop.example.com/cart";

/** @param {Scenario[]} scenarios @throws {Error} when one is invalid */
export function check(scenarios) {
  const names = new Set();
  for (const scenario of scenarios) {
    const { name, better, expect, code, drive, peerHangs } = scenario;
    if (names.has(name)) throw new Error(`two scenarios are named "${name}"`);
    names.add(name);
    if (!code === !drive) throw new Error(`"${name}" needs code or drive`);
    if (!better !== !expect) {
      throw new Error(`"${name}" needs both better and expect, or neither`);
    }
    if (peerHangs && !better) throw new Error(`"${name}" needs better`);
  }
}
