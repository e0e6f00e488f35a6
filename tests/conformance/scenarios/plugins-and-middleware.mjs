// @ts-check
// Plugins of every type, and source middleware.
import assert from "node:assert/strict";

/** @param {string} name @param {string} type @param {string} hooks */
const plugin = (name, type, hooks) =>
  `({ name: ${JSON.stringify(name)}, type: ${JSON.stringify(type)}, version: "1.0.0",
     isLoaded: () => true, load: async () => { log.push(${JSON.stringify(`load ${name}`)}); }, ${hooks} })`;

/** A hook that notes the event and passes it on. */
const notes = (/** @type {string} */ name) =>
  `track: (ctx) => { log.push(${JSON.stringify(name)} + " " + ctx.event.event); return ctx; }`;

/** Calls of alias, and the previous id of a visitor known as `u1`. */
const ALIAS = {
  "an id": [`a.alias("new")`, "u1"],
  "both ids": [`a.alias("new", "old")`, "old"],
  "null for the old id": [`a.alias("new", null)`, "u1"],
};
const passing = plugin("e", "enrichment", `alias: (ctx) => ctx`);

/** @type {import("../scenario.mjs").Scenario[]} */
export const scenarios = [
  ...Object.entries(ALIAS).flatMap(([what, [call, previousId]]) => [
    {
      name: `alias with ${what} keeps its previous id through a plugin`,
      code: `await a.register(${passing});
        const ctx = await ${call};
        return ctx.event.previousId;`,
    },
    {
      name: `alias of a known user with ${what} keeps its previous id through a plugin`,
      code: `await a.identify("u1"); await a.register(${passing}); await ${call};`,
      events: 2,
      better:
        "`alias` sends the id it was given; Segment's client overwrites it with the stored one",
      /** @param {{ events: any[] }} seen */
      expect: ({ events }) => {
        assert.equal(events[1].userId, "new");
        assert.equal(events[1].previousId, previousId);
      },
    },
  ]),
  {
    name: "plugins run by type, then in the order of registration",
    code: `await a.register(
        ${plugin("after", "after", notes("after"))},
        ${plugin("dest", "destination", notes("dest"))},
        ${plugin("enrich", "enrichment", notes("enrich"))},
        ${plugin("before 1", "before", notes("before 1"))},
        ${plugin("before 2", "before", notes("before 2"))});
      await a.track("E");`,
  },
  {
    name: "a before plugin changes what is sent",
    code: `await a.register(${plugin(
      "b",
      "before",
      `track: (ctx) => { ctx.updateEvent("properties.added", 1); ctx.updateEvent("context.deep.er", 2); return ctx; }`,
    )});
      const ctx = await a.track("E", { p: 1 });
      return ctx.event.properties;`,
  },
  {
    name: "an enrichment plugin changes what is sent",
    code: `await a.register(${plugin(
      "e",
      "enrichment",
      `track: async (ctx) => { ctx.event.properties = { only: true }; return ctx; }`,
    )});
      await a.track("E", { p: 1 });`,
  },
  {
    name: "an enrichment plugin that throws is skipped",
    code: `await a.register(
        ${plugin("bad", "enrichment", `track: () => { throw new Error("bad"); }`)},
        ${plugin("good", "enrichment", `track: (ctx) => { ctx.updateEvent("properties.good", 1); return ctx; }`)});
      const ctx = await a.track("E");
      return ctx.failedDelivery();`,
  },
  {
    name: "a destination that throws does not keep the event from Segment",
    code: `await a.register(${plugin("bad", "destination", `track: () => { throw new Error("bad"); }`)});
      const ctx = await a.track("E");
      return ctx.failedDelivery();`,
  },
  {
    name: "each type of call has its own hook",
    code: `const hook = (ctx) => { log.push(ctx.event.type); return ctx; };
      await a.register(${plugin("all", "before", "track: hook, page: hook, screen: hook, identify: hook, group: hook, alias: hook")});
      await a.track("E"); await a.page("P"); await a.screen("S");
      await a.identify("u"); await a.group("g");`,
    events: 5,
  },
  {
    name: "integrations decide which destinations see an event",
    code: `const seen = (name) => (ctx) => { log.push(name + " " + ctx.event.event); return ctx; };
      await a.register(
        ${plugin("X", "destination", `track: seen("X")`)},
        ${plugin("Y", "destination", `track: seen("Y")`)});
      await a.track("none said");
      await a.track("all off", {}, { integrations: { All: false } });
      await a.track("X off", {}, { integrations: { X: false } });
      await a.track("only X", {}, { integrations: { All: false, X: true } });
      await a.track("X has options", {}, { integrations: { All: false, X: { k: 1 } } });
      return log.sort();`,
    events: 5,
  },
  {
    name: "an event with Segment switched off reaches other destinations only",
    code: `await a.register(${plugin("X", "destination", notes("X"))});
      await a.track("E", {}, { integrations: { "Segment.io": false } });
      await a.track("F");`,
  },
  {
    name: "updateEvent cannot switch on a destination that integrations switch off",
    code: `await a.register(${plugin(
      "b",
      "before",
      `track: (ctx) => { ctx.updateEvent("integrations.X.k", 1); ctx.updateEvent("integrations.Y.k", 1); return ctx; }`,
    )});
      await a.track("E", {}, { integrations: { X: false, Y: {} } });`,
  },
  {
    name: "a plugin whose load fails is removed",
    code: `const failing = ${plugin("failing", "before", notes("failing"))};
      failing.load = async () => { throw new Error("no"); };
      await a.register(failing);
      await a.track("E");
      const [analytics] = await a;
      return [analytics.queue.failedInitializations, analytics.queue.plugins.map((one) => one.name)];`,
    metadata: true,
  },
  {
    name: "a destination that is loading does not hold events back",
    code: `const slow = ${plugin("slow", "destination", "")};
      slow.load = () => new Promise(() => {});
      await a.register(slow);
      await a.track("E");`,
  },
  {
    name: "plugins are listed in the order of registration",
    code: `await a.register(${plugin("one", "utility", "")}, ${plugin("two", "after", "")});
      const [analytics] = await a;
      return analytics.queue.plugins.map((one) => [one.name, one.type]);`,
    events: 0,
  },
  {
    name: "a removed plugin sees no more events",
    code: `const gone = ${plugin("gone", "before", notes("gone"))};
      gone.unload = () => { log.push("unload"); };
      await a.register(gone);
      await a.track("E");
      await a.deregister("gone");
      await a.track("F");`,
    events: 2,
  },
  {
    name: "deregistering a name removes every plugin of that name",
    code: `const twin = () => { const one = ${plugin("twin", "before", notes("twin"))};
        one.unload = () => { log.push("unload"); }; return one; };
      await a.register(twin(), twin());
      await a.deregister("twin");
      await a.track("E");`,
  },
  {
    name: "deregistering a plugin that was never registered has no effect",
    code: `const ctx = await a.deregister("nobody"); await a.track("E"); return typeof ctx.id;`,
  },
  {
    name: "plugins given to load see held calls",
    settings: `{ plugins: [${plugin("early", "before", `track: (ctx) => { ctx.updateEvent("properties.early", 1); return ctx; }`).replaceAll("`", "\\`")}] }`,
    code: `await Promise.all([a.track("held"), a.track("later")]);`,
    events: 2,
  },
  {
    name: "plugins registered before load see held calls",
    code: `a.track("held");
      a.register(${plugin("early", "before", `track: (ctx) => { ctx.updateEvent("properties.early", 1); return ctx; }`)});
      await a.track("later");`,
    events: 2,
  },
  {
    name: "register resolves to a context of the system",
    code: `const ctx = await a.register(${plugin("x", "utility", "")});
      return [ctx.event, ctx.failedDelivery()];`,
    events: 0,
  },
  {
    name: "load gets a context and the client",
    code: `const own = ${plugin("x", "utility", "")};
      let same;
      own.load = async (ctx, analytics) => { log.push(typeof ctx.log, typeof analytics.track); };
      await a.register(own);`,
    events: 0,
  },
  {
    name: "source middleware changes the event it is given",
    code: `await a.addSourceMiddleware(({ payload, next }) => {
        payload.obj.properties.seen = true;
        payload.obj.context.extra = 1;
        next(payload);
      });
      await a.track("E", { p: 1 });`,
  },
  {
    name: "source middleware reads the event through the facade",
    code: `await a.addSourceMiddleware(({ payload, next }) => {
        if (payload.type() === "track") log.push(payload.type(), payload.event(), payload.properties().p, payload.userId());
        next(payload);
      });
      await a.identify("u");
      await a.track("E", { p: 1 });`,
    events: 2,
  },
  {
    name: "middleware runs in the order in which it was added, and may be asynchronous",
    code: `await a.addSourceMiddleware(async ({ payload, next }) => {
        await Promise.resolve(); payload.obj.properties.order = [1]; next(payload); });
      await a.addSourceMiddleware(({ payload, next }) => { payload.obj.properties.order.push(2); next(payload); });
      await a.track("E");`,
  },
  {
    name: "middleware may call next with another payload",
    code: `await a.addSourceMiddleware(({ payload, next }) => {
        next({ obj: { ...payload.obj, event: "Other" } });
      });
      await a.track("E");`,
    drain: false,
  },
  {
    name: "middleware that calls next with null lets the event pass",
    code: `await a.addSourceMiddleware(({ next }) => next(null)); await a.track("E");`,
  },
  {
    name: "middleware that does not call next stops the event",
    code: `await a.addSourceMiddleware(({ payload, next }) => { if (payload.event() !== "Stop") next(payload); });
      const stopped = await a.track("Stop");
      await a.track("Go");
      const { reason } = stopped.failedDelivery();
      return [reason.type, reason.reason, reason.retry];`,
  },
  {
    name: "middleware gets the destinations",
    code: `await a.addSourceMiddleware(({ payload, integrations, next }) => { log.push(integrations); next(payload); });
      await a.track("E");`,
  },
  {
    name: "middleware added before load sees held calls",
    code: `a.track("held");
      a.addSourceMiddleware(({ payload, next }) => { payload.obj.properties.seen = 1; next(payload); });
      await a.track("later");`,
    events: 2,
  },
  {
    name: "addSourceMiddleware resolves to the client",
    code: `const it = await a.addSourceMiddleware(({ payload, next }) => next(payload));
      const [analytics] = await a; return it === analytics;`,
    events: 0,
  },
  {
    name: "destination middleware does not affect Segment",
    code: `const it = await a.addDestinationMiddleware("Segment.io", () => { log.push("called"); });
      await a.track("E");
      const [analytics] = await a; return it === analytics;`,
  },
  {
    name: "middleware that throws does not lose the event",
    better:
      "Segment's client tries for minutes, then drops the event, and its promise never settles",
    code: `await a.addSourceMiddleware(() => { throw new Error("broken"); });
      return (await a.track("E")).failedDelivery();`,
    events: { peer: 0, waymark: 1 },
    drain: false,
    peerHangs: true,
    expect: ({ events, value }) => {
      assert.equal(events.length, 1);
      assert.equal(value, "<undefined>");
    },
  },
  {
    name: "a plugin that forgets to return its context does not lose the event",
    better: "Segment's client tries for minutes, then drops the event",
    code: `await a.register(${plugin("forgets", "before", "track: () => {}")});
      return (await a.track("E")).event.event;`,
    events: { peer: 0, waymark: 1 },
    drain: false,
    peerHangs: true,
    expect: ({ events, value }) => {
      assert.equal(events.length, 1);
      assert.equal(value, "E");
    },
  },
];
