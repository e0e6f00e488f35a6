// @ts-check
// The fate of events when the server refuses, fails or is down, and the form of requests.
import assert from "node:assert/strict";

/** @typedef {import("../scenario.mjs").Scenario} Scenario */
/** @typedef {import("../scenario.mjs").Outcome} Outcome */

const STANDARD = `{ integrations: { "Segment.io": { deliveryStrategy: { strategy: "standard" } } } }`;
const batching = (/** @type {string} */ config) =>
  `{ integrations: { "Segment.io": { deliveryStrategy: { strategy: "batching", config: ${config} } } } }`;

/** Statuses that are about the event: it is given up at once. */
const REFUSED = [400, 413, 422];
/** Statuses about the source or the server, on which Segment's client gives an event up. */
const MISTAKEN = [401, 403, 404, 501, 505, 511];
/** Statuses on which an event is sent again. */
const RETRIED = [408, 410, 429, 460, 500, 502, 503, 504];

const names = (/** @type {any[]} */ events) => events.map(({ event }) => event);

/** @type {Scenario[]} */
export const scenarios = [
  {
    name: "an explicit standard strategy sends one request per event",
    options: STANDARD,
    code: `await a.track("E"); await a.identify("u"); await a.page("N");`,
    events: 3,
    better:
      "each event is a request of its own, as with Segment's client, but none needs a preflight",
    expect: ({ requests = [] }) =>
      assert.deepEqual(
        requests.map(({ method }) => method),
        ["POST", "POST", "POST"],
      ),
    requests: true,
  },
  {
    name: "no request of the page needs a preflight",
    code: `await a.track("E"); await a.identify("u");`,
    events: 2,
    requests: true,
    better:
      "requests are simple ones, which a browser sends at once; those of Segment's client need a preflight for each endpoint",
    expect: ({ requests = [] }) =>
      assert.ok(requests.every(({ method }) => method === "POST")),
  },
  ...REFUSED.map((status) => ({
    name: `an event refused with ${status} is sent once, and its context reports the failure`,
    options: STANDARD,
    server: {
      api: (/** @type {import("../server.mjs").Seen} */ { body }) =>
        body.includes('"event":"E"') ? { status } : undefined,
    },
    code: `const [client] = await a;
      a.on("error", (error) => log.push(error.code));
      const ctx = await a.track("E");
      await a.track("F");
      return [Boolean(ctx.failedDelivery()), ctx.event.event];`,
    stateless: true,
  })),
  ...MISTAKEN.map((status) => ({
    name: `an event answered with ${status} once is kept and sent`,
    server: {
      api: (/** @type {any} */ _seen, /** @type {number} */ n) =>
        n === 0 ? { status } : undefined,
    },
    code: `await a.track("E"); await a.track("F");`,
    events: 1,
    stateless: true,
    better:
      "an answer that is not about the event does not lose it; Segment's client gives it up",
    expect: (/** @type {Outcome} */ { events }) =>
      assert.deepEqual(names(events), ["E", "F"]),
  })),
  ...RETRIED.map((status) => ({
    name: `an event answered with ${status} is sent again`,
    options: STANDARD,
    server: {
      api: (/** @type {any} */ _seen, /** @type {number} */ n) =>
        n === 0 ? { status } : undefined,
    },
    code: `const ctx = await a.track("E"); return ctx.failedDelivery();`,
    stateless: true,
  })),
  {
    name: "an event that meets a cut connection is sent again",
    options: STANDARD,
    server: { api: (_seen, n) => (n === 0 ? { destroy: true } : undefined) },
    code: `await a.track("E");`,
  },
  {
    name: "an event is sent again until it is acknowledged",
    options: STANDARD,
    server: {
      api: (_seen, n) => (n < 3 ? { status: [500, 503, 502][n] } : undefined),
    },
    code: `await a.track("E");`,
  },
  {
    name: "without a strategy a failing server loses nothing",
    server: { api: (_seen, n) => (n < 2 ? { status: 500 } : undefined) },
    code: `await Promise.all([a.track("1"), a.track("2"), a.track("3")]);`,
    events: 3,
  },
  {
    name: "an answer of 204 is an acknowledgement",
    server: { api: () => ({ status: 204 }) },
    code: `await a.track("E");`,
  },
  {
    name: "batching sends the queue when its time has come",
    options: batching(`{ size: 10, timeout: 300 }`),
    code: `await Promise.all([a.track("1"), a.track("2"), a.track("3")]);`,
    events: 3,
  },
  {
    name: "batching sends the queue when it is full",
    options: batching(`{ size: 3, timeout: 10000 }`),
    code: `await Promise.all([a.track("1"), a.track("2"), a.track("3")]);`,
    events: 3,
    drain: false,
  },
  {
    name: "batching sends a failed batch again",
    options: batching(`{ size: 2, timeout: 200 }`),
    server: { api: (_seen, n) => (n === 0 ? { status: 500 } : undefined) },
    code: `await Promise.all([a.track("1"), a.track("2")]);`,
    events: 2,
  },
  {
    name: "a tab that is hidden and shown sends each event once",
    options: batching(`{ size: 10, timeout: 800 }`),
    code: `await a;
      await Promise.all([a.track("1"), a.track("2")]);
      for (let turn = 0; turn < 3; turn++) {
        for (const state of ["hidden", "visible"]) {
          Object.defineProperty(document, "visibilityState", { value: state, configurable: true });
          document.dispatchEvent(new Event("visibilitychange"));
        }
      }
      await a.track("3");`,
    events: 3,
    better:
      "an event is sent once, however often the tab is hidden; Segment's client sends the batch again each time",
    expect: ({ repeats, events }) => {
      assert.equal(repeats, 0);
      assert.deepEqual(names(events), ["1", "2", "3"]);
    },
  },
  {
    name: "events recorded just before the page is left arrive",
    drive: async ({ start, run, page, stored }) => {
      await start(`await a; await a.ready();`);
      await page.evaluate(
        `for (let n = 0; n < 5; n++) a.track("E" + n); location.href = "/next";`,
      );
      await page.waitForURL("**/next", { waitUntil: "commit" });
      await page.waitForFunction("window.SDK");
      await page.waitForLoadState("load");
      await run(`window.a = SDK.AnalyticsBrowser.load({ writeKey: "WK" });`);
      await stored(5);
    },
    events: 5,
    alone: true,
    stateless: true,
    better:
      "what was recorded is sent, whenever the page is left; Segment's client loses it",
    expect: ({ events }) =>
      assert.deepEqual(names(events), ["E0", "E1", "E2", "E3", "E4"]),
    sometimes: true,
  },
  {
    name: "five events of 40 KB survive the end of their page",
    options: batching(`{ size: 10, timeout: 10000 }`),
    drive: async ({ start, run, page, stored }) => {
      await start(`await a; await a.ready();
        await Promise.all([1, 2, 3, 4, 5].map((n) => a.track("E" + n, { x: "y".repeat(40000) })));`);
      await page.goto("https://shop.example.com/next");
      await run(`window.a = SDK.AnalyticsBrowser.load({ writeKey: "WK" });`);
      await stored(5);
    },
    events: 5,
    alone: true,
    stateless: true,
    better:
      "what a page cannot send while it is left, the next one sends; Segment's client loses four of five",
    expect: ({ events }) => assert.equal(events.length, 5),
  },
  {
    name: "retryQueue false gives an event up after one try",
    options: `{ retryQueue: false, integrations: { "Segment.io": { deliveryStrategy: { strategy: "standard" } } } }`,
    server: { api: (_seen, n) => (n === 0 ? { status: 500 } : undefined) },
    code: `await a.track("E"); await a.track("F");`,
    stateless: true,
  },
  ...[
    ["", ""],
    ["no Request", "delete globalThis.Request;"],
    ["a Request that throws", "Request = () => {};"],
    ["a Request of its own", "Request = function () {};"],
  ].map(([page, init]) => ({
    name: `headers of the strategy are sent${page && `, also by a page with ${page}`}`,
    init,
    options: `{ integrations: { "Segment.io": { deliveryStrategy: { strategy: "standard", config: { headers: { "X-Custom": "1", "3-Custom": "2" } } } } } }`,
    code: `await a.track("E");`,
    requests: true,
    stateless: true,
    better:
      "they are sent as by Segment's client, without the authorization, which is in the body",
    /** @param {import("../scenario.mjs").Outcome} outcome */
    expect: ({ requests = [] }) => {
      const posts = requests.filter(({ method }) => method === "POST");
      assert.deepEqual(
        posts.map(({ headers }) => [headers["x-custom"], headers["3-custom"]]),
        [["1", "2"]],
      );
      assert.ok(posts.every(({ headers }) => !headers.authorization));
    },
  })),
];
