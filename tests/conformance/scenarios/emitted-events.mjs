// @ts-check
// Listeners, callbacks, contexts, and the client's own members.
import assert from "node:assert/strict";

/** @type {import("../scenario.mjs").Scenario[]} */
export const scenarios = [
  {
    name: "listeners get each call with its parts",
    code: `for (const name of ["track", "page", "screen", "identify", "group", "alias", "reset"]) {
        a.on(name, (...args) => log.push([name, ...args]));
      }
      await a.alias("new", "old");
      await a.track("E", { p: 1 }, { foo: 1 });
      await a.page("C", "N", { p: 1 });
      await a.screen("S");
      await a.identify("u", { t: 1 });
      await a.group("g", { n: 1 });
      await a.reset();`,
    events: 6,
  },
  {
    name: "listeners get a page without a name with null",
    code: `a.on("page", (...args) => log.push(args.slice(0, 2))); await a.page();`,
  },
  {
    name: "listeners get an alias with one id without the other",
    code: `a.on("alias", (...args) => log.push(args)); await a.alias("new");`,
  },
  {
    name: "a listener set with once is called for one event",
    code: `await a; a.once("track", (name) => log.push(name)); await a.track("1"); await a.track("2");`,
    events: 2,
  },
  {
    name: "a removed listener is not called again",
    code: `await a; const hear = (name) => log.push(name);
      a.on("track", hear); await a.track("1"); a.off("track", hear); await a.track("2");`,
    events: 2,
  },
  {
    name: "listeners are called in the order of their registration",
    code: `await a; a.on("track", () => log.push("first")); a.on("track", () => log.push("second")); await a.track("E");`,
  },
  {
    name: "on, once and off return the object they were called on",
    code: `const hear = () => {};
      const early = [a.on("track", hear) === a, a.once("track", hear) === a, a.off("track", hear) === a];
      const [analytics] = await a;
      return [early, analytics.on("x", hear) === analytics, analytics.off("x", hear) === analytics];`,
    events: 0,
  },
  {
    name: "a listener set before load is called when the client has loaded",
    code: `a.on("initialize", (settings, options) => log.push([settings.writeKey, typeof options])); await a;`,
    events: 0,
  },
  {
    name: "dispatch_start comes with the context before the call's own event",
    code: `await a; a.on("dispatch_start", (ctx) => log.push("start " + ctx.event.event));
      a.on("track", (name) => log.push("track " + name)); await a.track("E");`,
  },
  {
    name: "a listener may emit an event of its own",
    code: `const [analytics] = await a; analytics.on("mine", (...args) => log.push(args)); analytics.emit("mine", 1, { b: 2 });`,
    events: 0,
  },
  {
    name: "a listener that throws does not fail a track",
    better:
      "Segment's client rejects the promise of a call whose event it has sent",
    code: `await a; a.on("track", () => { throw new Error("listener"); });
      try { await a.track("E"); return "resolved"; } catch { return "rejected"; }`,
    expect: ({ value, events }) => {
      assert.equal(value, "resolved");
      assert.equal(events.length, 1);
    },
  },
  {
    name: "a callback is called with the context, not before the timeout",
    code: `await a; setTimeout(() => log.push("timer"), 280);
      const ctx = await new Promise((called) => a.track("E", { p: 1 }, called));
      log.push("callback"); return ctx.event.event;`,
  },
  {
    name: "timeout sets how long a callback waits",
    code: `const [analytics] = await a; analytics.timeout(0);
      await a.track("E", () => log.push("called")); return [...log];`,
  },
  {
    name: "the promise of a call with a callback resolves after the callback",
    code: `const [analytics] = await a; analytics.timeout(50);
      await a.track("E", () => { log.push("callback"); }); log.push("resolved");`,
  },
  {
    name: "a callback that throws leaves the call alone",
    code: `const [analytics] = await a; analytics.timeout(0);
      const ctx = await a.track("E", () => { throw new Error("callback"); });
      return ctx.event.event;`,
  },
  {
    name: "a callback that never ends is cut off",
    code: `const [analytics] = await a; analytics.timeout(0);
      const ctx = await a.track("E", () => new Promise(() => {}));
      return ctx.event.event;`,
  },
  {
    name: "every form of call takes a callback",
    code: `const [analytics] = await a; analytics.timeout(0);
      const note = (ctx) => { log.push(ctx.event.type); };
      await a.alias("n", "o", {}, note);
      await a.page("N", note); await a.screen("S", note); await a.identify("u", note);
      await a.group("g", note);`,
    events: 5,
  },
  {
    name: "a call without a name is rejected and changes nothing",
    code: `const [analytics] = await a;
      const why = await analytics.track("").catch((error) => [error.name, error.message]);
      return [why, document.cookie];`,
    events: 0,
  },
  {
    name: "a context shows its event and no failure",
    code: `const ctx = await a.track("E", { p: 1 });
      return [ctx.event.type, ctx.event.event, ctx.event.properties, ctx.failedDelivery(),
        typeof ctx.id, typeof ctx.attempts, Object.keys(ctx.toJSON()).sort(), Array.isArray(ctx.logs())];`,
  },
  {
    name: "a context can be written to",
    code: `const ctx = await a.track("E", { p: 1 });
      ctx.updateEvent("properties.q.r", 2);
      ctx.updateEvent("event", "F");
      return [ctx.event.properties, ctx.event.event];`,
  },
  {
    name: "a context logs and forgets",
    code: `await a; const ctx = new SDK.Context({ type: "track", event: "E" });
      ctx.log("warn", "hello", { a: 1 });
      const [{ level, message, extras }] = ctx.logs();
      return [level, message, extras, ctx.isSame(ctx), ctx.event];`,
    events: 0,
  },
  {
    name: "cancel throws its argument, or a cancelation",
    code: `await a; const ctx = new SDK.Context({ type: "track", event: "E" });
      const thrown = (run) => { try { run(); } catch (error) { return error; } };
      const own = new Error("own");
      const cancelation = thrown(() => ctx.cancel());
      return [thrown(() => ctx.cancel(own)) === own, cancelation instanceof SDK.ContextCancelation,
        cancelation.retry, cancelation.type, cancelation.reason];`,
    events: 0,
  },
  {
    name: "ready calls back with a result for each plugin",
    code: `const own = { name: "own", type: "utility", version: "1", isLoaded: () => true,
        load: async () => {}, ready: async () => "own answer" };
      await a.register(own);
      const answers = await a.ready((seen) => log.push(seen));
      return answers;`,
    events: 0,
  },
  {
    name: "the client is a promise of the loaded client and a context",
    code: `const loaded = await a;
      return [loaded.length, a.instance === loaded[0], a.ctx === loaded[1], typeof loaded[0].track,
        await a.then(([it]) => it === loaded[0]), await a.finally(() => log.push("finally")) === undefined];`,
    events: 0,
  },
  {
    name: "a second load is ignored",
    code: `a.load({ writeKey: "OTHER" }); await a.track("E");`,
  },
  {
    name: "methods work without their object",
    code: `const [analytics] = await a; const { track, identify } = analytics; const { page } = a;
      await identify("u"); await track("E"); await page("P");`,
    events: 3,
  },
  {
    name: "push makes the call that an array names",
    code: `const [analytics] = await a;
      analytics.push(["track", "Pushed", { p: 1 }]); analytics.push(["nothing", 1]);`,
  },
  {
    name: "use hands the client to a function",
    code: `const [analytics] = await a; const it = analytics.use((given) => log.push(given === analytics)); return it === analytics;`,
    events: 0,
  },
  {
    name: "pageview makes a page event of that path",
    code: `const [analytics] = await a; const it = await analytics.pageview("/here"); return it === analytics;`,
  },
  {
    name: "the loaded client shows its settings and options",
    options: `{ integrations: { All: true, X: false }, flag: 1 }`,
    code: `const [analytics] = await a;
      return [analytics.settings.writeKey, analytics.settings.timeout, analytics.options.flag,
        analytics.integrations.X, analytics.initialized, typeof analytics.VERSION];`,
    events: 0,
  },
  {
    name: "setAnonymousId of the loaded client returns at once",
    code: `const [analytics] = await a;
      const answers = [analytics.setAnonymousId("AA"), analytics.setAnonymousId()];
      await a.track("E"); return answers;`,
  },
  {
    name: "user and group of the loaded client return at once",
    code: `const [analytics] = await a; await a.identify("u", { t: 1 }); await a.group("g", { n: 1 });
      return [analytics.user().id(), analytics.user().traits(), analytics.group().id(), analytics.group().traits(),
        analytics.user() === analytics.user()];`,
    events: 2,
  },
  {
    name: "a disabled client resolves and sends nothing",
    better:
      "Segment's client never settles the promises of calls made before load",
    load: false,
    code: `const a = new SDK.AnalyticsBrowser();
      a.track("held").then(() => log.push("held"));
      a.load({ writeKey: "WK" }, { disable: true });
      await a; await a.track("E"); log.push("E");
      return [document.cookie, Object.keys(localStorage)];`,
    events: 0,
    drain: false,
    expect: ({ value, log, events }) => {
      assert.deepEqual(log, ["held", "E"]);
      assert.deepEqual(value, ["", []]);
      assert.equal(events.length, 0);
    },
  },
];
