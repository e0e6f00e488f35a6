// @ts-check
// The arguments of listeners and callbacks, and the results of promises.
import assert from "node:assert/strict";

/** Calls and the event name under which listeners are called. */
const HEARD = {
  "a track": ["track", `a.track("E", { p: 1 }, { foo: 1 })`],
  "a track without properties": ["track", `a.track("E")`],
  "a page": ["page", `a.page("C", "N", { p: 1 })`],
  "a page without arguments": ["page", `a.page()`],
  "a screen": ["screen", `a.screen("C", "N", { p: 1 })`],
  "an identify": ["identify", `a.identify("u", { t: 1 })`],
  "an identify without an id": ["identify", `a.identify({ t: 1 })`],
  "a group": ["group", `a.group("g", { n: 1 })`],
  "an alias": ["alias", `a.alias("new", "old")`],
  "an alias of one id": ["alias", `a.alias("new")`],
};

/**
 * Code that logs a timer and a callback in the order in which they come. The timer is set first and
 * is due earlier, so it comes first however busy the machine is.
 *
 * @param {number} ms
 */
const callbackAfter = (ms) => `setTimeout(() => log.push("timer"), ${ms});
      await new Promise((called) => a.track("E", called));
      log.push("callback");`;

/** @type {import("../scenario.mjs").Scenario[]} */
export const scenarios = [
  ...Object.entries(HEARD).map(([what, [name, call]]) => ({
    name: `a listener is called for ${what}`,
    code: `await a;
      a.on("${name}", (...args) => log.push(args));
      await ${call};`,
    stateless: true,
  })),
  {
    name: "dispatch_start is emitted before, track after",
    code: `await a;
      a.on("track", () => log.push("track"));
      a.on("dispatch_start", (ctx) => log.push(["dispatch_start", ctx.event.event]));
      await a.track("E");`,
  },
  {
    name: "initialize is emitted with settings and options",
    settings: `{ }`,
    options: `{ user: { persist: true } }`,
    load: false,
    code: `const a = (window.a = new SDK.AnalyticsBrowser());
      a.on("initialize", (settings, options) => log.push(Object.keys(settings), options.user));
      a.load({ writeKey: "WK" }, { user: { persist: true } });
      await a;`,
    events: 0,
  },
  {
    name: "once fires once, off removes, and listeners are called in the order of on",
    code: `await a;
      const third = () => log.push("third");
      a.on("track", () => log.push("first"));
      a.once("track", () => log.push("second"));
      a.on("track", third);
      await a.track("E");
      a.off("track", third);
      await a.track("F");`,
    events: 2,
  },
  {
    name: "emit calls the listeners",
    code: `const [client] = await a;
      a.on("mine", (...args) => log.push(args));
      client.emit("mine", 1, { b: 2 });`,
    events: 0,
  },
  {
    name: "a listener that throws does not fail the call",
    code: `await a;
      a.on("track", () => { throw new Error("listener"); });
      a.on("track", () => log.push("second"));
      return (await a.track("E")).event.event;`,
    better:
      "a listener's error does not touch the call; with Segment's client the call rejects though its event was sent",
    expect: ({ value, log, events }) => {
      assert.equal(value, "E");
      assert.deepEqual(log, ["second"]);
      assert.equal(events.length, 1);
    },
  },
  {
    name: "a callback comes after some 300 ms by default",
    code: `await a;
      ${callbackAfter(150)}`,
  },
  {
    name: "timeout sets when a callback comes",
    code: `const [client] = await a;
      client.timeout(700);
      log.push(client.settings.timeout);
      ${callbackAfter(500)}`,
  },
  {
    name: "a callback is called once, with the context",
    code: `await a.track("E", { p: 1 }, (...given) => log.push(given.length, given[0].event.event, typeof given[0].logs));`,
  },
  {
    name: "a callback that throws does not fail the call",
    code: `const ctx = await a.track("E", () => { throw new Error("callback"); }); return ctx.event.event;`,
  },
  {
    name: "a callback that rejects does not fail the call",
    code: `const ctx = await a.track("E", () => Promise.reject(new Error("callback"))); return ctx.event.event;`,
  },
  {
    name: "a callback that never resolves delays the promise by a second",
    code: `const ctx = await a.track("E", () => new Promise(() => {})); return ctx.event.event;`,
  },
  {
    name: "a context has the members that Segment's has",
    code: `const ctx = await a.track("E", { p: 1 });
      return [Object.keys(ctx.toJSON()).sort(), typeof ctx.id, ctx.failedDelivery(), Array.isArray(ctx.logs()),
        typeof ctx.updateEvent, typeof ctx.cancel, typeof ctx.log, typeof ctx.flush, ctx instanceof SDK.Context,
        ctx.isSame(ctx), typeof ctx.stats, typeof ctx.logger];`,
  },
  {
    name: "the event of a context",
    code: `const ctx = await a.track("E", { p: 1 }, { foo: 1, integrations: { X: true } }); return ctx;`,
  },
  {
    name: "the event of an identify's context",
    code: `return a.identify("u", { t: 1 });`,
  },
  {
    name: "the event of a page's context",
    code: `return a.page("C", "N", { p: 1 });`,
  },
  {
    name: "a context has an id of its own and keeps its log",
    code: `const [one, two] = await Promise.all([a.track("E"), a.track("F")]);
      one.log("info", "mine", { k: 1 });
      const entry = one.logs().find(({ message }) => message === "mine");
      return [one.id !== two.id, one.isSame(two), entry.level, entry.extras];`,
    events: 2,
  },
  {
    name: "the client resolves to the loaded one and a context",
    code: `const [client, ctx] = await a;
      return [client === a.instance, ctx === a.ctx, client instanceof SDK.Analytics, ctx instanceof SDK.Context, ctx.event];`,
    events: 0,
  },
  {
    name: "then, catch and finally of the client",
    code: `const seen = [];
      await a.finally(() => seen.push("finally"));
      await a.catch(() => seen.push("catch"));
      return [seen, await a.then(([client]) => typeof client.track)];`,
    events: 0,
  },
  {
    name: "ready resolves with a list and calls back with it",
    code: `const resolved = await a.ready((...given) => log.push(given.length, Array.isArray(given[0])));
      return Array.isArray(resolved);`,
    events: 0,
  },
  {
    name: "a refused call that is not awaited raises no unhandled rejection",
    code: `a.track(""); a.track(5); a.track(); await a.track("E");`,
    better:
      "a refused call rejects for code that awaits it; with Segment's client each is an unhandled rejection in the page",
    expect: ({ errors, events }) => {
      assert.deepEqual(errors, []);
      assert.equal(events.length, 1);
    },
  },
  {
    name: "calls of the loaded client",
    code: `const [client] = await a;
      await client.track("E", { p: 1 });
      await client.identify("u", { t: 1 });
      client.group("g", { n: 1 });
      return [client.user().id(), client.user().traits(), typeof client.group().id, client.setAnonymousId("AA")];`,
    events: 3,
    unordered: true,
    stateless: true,
  },
  {
    name: "push calls a method by its name",
    code: `const [client] = await a; await client.push(["track", "E", { p: 1 }]); client.push(["nobody", 1]);`,
  },
  {
    name: "the loaded client shows its settings",
    options: `{ integrations: { X: true }, useQueryString: true }`,
    code: `const [client] = await a;
      return [client.settings.writeKey, client.settings.timeout, client.options.integrations, client.integrations,
        client.initialized, typeof client.VERSION, typeof client.storage.get, typeof client.queue];`,
    events: 0,
  },
  {
    name: "the client's storage stores values",
    code: `const [client] = await a;
      client.storage.set("mine", { k: 1 });
      const got = client.storage.get("mine");
      client.storage.clear("mine");
      return [got, client.storage.get("mine")];`,
    events: 0,
    stateless: true,
  },
  {
    name: "all exports of Segment's client exist",
    load: false,
    code: `const names = ["AnalyticsBrowser", "Analytics", "NullAnalytics", "AnalyticsNode", "Context", "ContextCancelation",
        "EventFactory", "User", "Group", "UniversalStorage", "segmentio", "isDestinationPluginWithAddMiddleware",
        "resolveArguments", "resolvePageArguments", "resolveUserArguments", "resolveAliasArguments", "getGlobalAnalytics"];
      return names.filter((name) => typeof SDK[name] !== "function");`,
    events: 0,
  },
  {
    name: "the methods of the client before it is loaded",
    load: false,
    code: `const a = new SDK.AnalyticsBrowser();
      return ["track", "page", "screen", "identify", "group", "alias", "reset", "ready", "user", "setAnonymousId", "register",
        "deregister", "addSourceMiddleware", "addDestinationMiddleware", "trackLink", "trackClick", "trackSubmit", "pageView",
        "on", "once", "off", "debug", "load", "then", "catch", "finally"].filter((name) => typeof a[name] !== "function");`,
    events: 0,
  },
  {
    name: "making a client touches nothing",
    load: false,
    code: `new SDK.AnalyticsBrowser(); return [localStorage.length, document.cookie];`,
    events: 0,
    requests: true,
  },
];
