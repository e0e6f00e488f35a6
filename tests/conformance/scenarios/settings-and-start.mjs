// @ts-check
// How a client starts: with and without settings, and where storage or network are denied.
import assert from "node:assert/strict";

/** @typedef {import("../scenario.mjs").Outcome} Outcome */

/** Invalid answers of the settings server. @type {Record<string, import("../server.mjs").Answer>} */
const NO_SETTINGS = {
  "answers 404": { status: 404, json: {} },
  "answers 500": { status: 500, body: "oops" },
  "answers with something other than JSON": { body: "<html>" },
  "answers with an empty object": { json: {} },
  "cuts the connection": { destroy: true },
  "never answers": { hang: true },
};

/** Denied features; the code runs before the library. */
const DENIED = {
  "localStorage throws on every access": `Object.defineProperty(window, "localStorage", { get() { throw new DOMException("denied", "SecurityError"); } });`,
  "localStorage is full": `Storage.prototype.setItem = () => { throw new DOMException("full", "QuotaExceededError"); };`,
  "cookies cannot be read or written": `Object.defineProperty(Document.prototype, "cookie", { get() { throw new DOMException("denied", "SecurityError"); }, set() { throw new DOMException("denied", "SecurityError"); } });`,
};

/** Missing features with which Segment's client copes too. */
const WITHOUT = {
  "cookies are swallowed": `Object.defineProperty(Document.prototype, "cookie", { get: () => "", set() {} });`,
  "there is no crypto.randomUUID": `delete Crypto.prototype.randomUUID;`,
  "there is no sendBeacon": `delete Navigator.prototype.sendBeacon;`,
  "there are no locks": `delete Navigator.prototype.locks;`,
  "there is no IndexedDB": `Object.defineProperty(window, "indexedDB", { value: undefined });`,
  "a page adds to Array.prototype": `Array.prototype.extra = function () {};`,
};

/** @param {Outcome} outcome */
const sentBoth = ({ value, events }) => {
  assert.equal(value, "settled");
  assert.deepEqual(
    events.map(({ event }) => event),
    ["E", "F"],
  );
};

const BOTH = `await Promise.all([a.track("E"), a.track("F")]); return "settled";`;

/** @type {import("../scenario.mjs").Scenario[]} */
export const scenarios = [
  ...Object.entries(NO_SETTINGS).map(([what, answer]) => ({
    name: `the default settings server ${what}`,
    server: { settings: answer },
    code: BOTH,
    peerHangs: true,
    events: 0,
    stateless: true,
    better:
      "no event waits for a settings server; with Segment's client all are lost and their promises never settle",
    expect: sentBoth,
  })),
  ...Object.entries(NO_SETTINGS).map(([what, answer]) => ({
    name: `the settings server that load names ${what}`,
    settings: `{ cdnURL: "https://cdn.segment.com" }`,
    server: { settings: answer },
    code: BOTH,
    peerHangs: true,
    events: 0,
    stateless: true,
    better:
      "a failing settings server delays sending by a second at most; with Segment's client all events are lost",
    expect: sentBoth,
  })),
  {
    name: "settings come from the server that load names",
    settings: `{ cdnURL: "https://cdn.example.com" }`,
    server: {
      settings: {
        json: {
          integrations: { "Segment.io": { apiKey: "WK" } },
          metrics: { sampleRate: 0 },
        },
      },
    },
    code: `await a.track("E");`,
  },
  {
    name: "settings of the page need no server",
    settings: `{ cdnSettings: { integrations: { "Segment.io": { apiKey: "WK" } }, metrics: { sampleRate: 0 } } }`,
    server: { settings: { status: 500, json: {} } },
    code: `await a.track("E"); await a.identify("u");`,
    events: 2,
  },
  {
    name: "settings of the page may name another API",
    settings: `{ cdnSettings: { integrations: { "Segment.io": { apiKey: "WK", apiHost: "events.example.com/v1" } }, metrics: { sampleRate: 0 } } }`,
    server: { apiHosts: ["events.example.com"] },
    code: `await a.track("E");`,
  },
  {
    name: "options of load may name another API",
    options: `{ integrations: { "Segment.io": { apiHost: "events.example.com/api" } } }`,
    server: { apiHosts: ["events.example.com"] },
    code: `await a.track("E");`,
  },
  {
    name: "options of load may name a protocol",
    url: "http://localhost/cart",
    options: `{ integrations: { "Segment.io": { apiHost: "events.example.com/v1", protocol: "http" } } }`,
    server: { apiHosts: ["events.example.com"] },
    code: `await a.track("E");`,
  },
  {
    name: "a tracking plan blocks an event",
    settings: `{ cdnSettings: { integrations: { "Segment.io": { apiKey: "WK" } }, metrics: { sampleRate: 0 } } }`,
    options: `{ plan: { track: { Blocked: { enabled: false, integrations: { All: false } }, __default: { enabled: true } } } }`,
    code: `await a.track("Blocked"); await a.track("Open"); await a.page();`,
    events: 2,
    unordered: true,
  },
  {
    name: "a tracking plan switches a destination off for an event",
    settings: `{ cdnSettings: { integrations: { "Segment.io": { apiKey: "WK" } }, metrics: { sampleRate: 0 } } }`,
    options: `{ plan: { track: { E: { enabled: true, integrations: { X: false } }, __default: { enabled: true } } } }`,
    code: `await a.track("E"); await a.track("F");`,
    events: 2,
  },
  {
    name: "updateCDNSettings may change the settings",
    settings: `{ cdnSettings: { integrations: { "Segment.io": { apiKey: "WK" } }, metrics: { sampleRate: 0 } } }`,
    options: `{ updateCDNSettings: (settings) => { settings.integrations["Segment.io"].apiHost = "events.example.com/v1"; return settings; } }`,
    server: { apiHosts: ["events.example.com"] },
    code: `await a.track("E");`,
  },
  {
    name: "a disabled client sends and stores nothing",
    options: `{ disable: true }`,
    code: `const [client] = await a;
      await client.track("E"); await client.identify("u");
      return [localStorage.length, document.cookie];`,
    events: 0,
    requests: true,
  },
  {
    name: "a client disabled by a function sends and stores nothing",
    options: `{ disable: () => true }`,
    code: `const [client] = await a; await client.track("E"); return [localStorage.length, document.cookie];`,
    events: 0,
    requests: true,
  },
  {
    name: "a function may leave the client on",
    options: `{ disable: () => false }`,
    code: `await a.track("E");`,
  },
  {
    name: "early calls of a disabled client settle",
    options: `{ disable: true }`,
    code: `Promise.all([a.track("E"), a.identify("u")]).then(() => log.push("early"));
      const [client] = await a; await client.track("F"); log.push("later");`,
    events: 0,
    drain: false,
    better:
      "early calls settle even if the client is disabled; with Segment's client they never do",
    expect: ({ log, events }) => {
      assert.deepEqual(log, ["early", "later"]);
      assert.deepEqual(events, []);
    },
  },
  {
    name: "load without arguments rejects",
    load: false,
    code: `const a = SDK.AnalyticsBrowser.load();
      return Promise.resolve(a.then(() => "loaded", (error) => error instanceof Error));`,
    events: 0,
  },
  {
    name: "globalAnalyticsKey names the global client",
    options: `{ globalAnalyticsKey: "mine" }`,
    code: `window.mine = a; await a.track("E"); return SDK.getGlobalAnalytics() === window.mine;`,
  },
  ...Object.entries(DENIED).map(([what, init]) => ({
    name: `a page where ${what}`,
    init,
    code: BOTH,
    peerHangs: true,
    events: { peer: 0, waymark: 2 },
    stateless: true,
    drain: false,
    better:
      "events are sent whatever the page is denied; Segment's client does not start, or retries for minutes",
    expect: sentBoth,
    sometimes: true,
  })),
  ...Object.entries(WITHOUT).map(([what, init]) => ({
    name: `a page where ${what}`,
    init,
    code: `await a.track("E", { list: [1] }); await a.identify("u");`,
    events: 2,
  })),
];
