// @ts-check
// Plugins: what they see and change, and how failing ones are treated.
import assert from "node:assert/strict";
import { plugin } from "../plugin-code.mjs";

const TYPES = ["before", "enrichment", "destination", "after", "utility"];

/** Per-event integrations, under which a destination named Dest is called or not. */
const GATES = {
  "of nothing": `{}`,
  "of everything off": `{ All: false }`,
  "of itself off": `{ Dest: false }`,
  "of itself on and the rest off": `{ All: false, Dest: true }`,
  "of settings for itself": `{ All: false, Dest: { k: 1 } }`,
};

/** Other ends of a plugin's method than returning the context. */
const FAILURES = {
  throws: `throw new Error("broken")`,
  "returns nothing": `return undefined`,
  cancels: `ctx.cancel(new SDK.ContextCancelation({ retry: false, reason: "not today", type: "mine" }))`,
};

/** @type {import("../scenario.mjs").Scenario[]} */
export const scenarios = [
  {
    name: "plugins run by type, and within a type in the order of registration",
    code: `await a.register(
        ${plugin("after", "P1", `log.push("after")`)},
        ${plugin("destination", "P2", `log.push("destination")`)},
        ${plugin("enrichment", "P3", `log.push("enrichment 1")`)},
        ${plugin("before", "P4", `log.push("before")`)},
        ${plugin("enrichment", "P5", `log.push("enrichment 2")`)});
      await a.track("E");`,
  },
  ...TYPES.map((type) => ({
    name: `a plugin of type ${type} sees every kind of event`,
    code: `await a.register(${plugin(type, "Mine", `log.push(ctx.event.type)`)});
      await a.track("E"); await a.page("N"); await a.screen("S"); await a.alias("new", "old");
      await a.group("g"); await a.identify("u");`,
    events: 6,
    stateless: true,
  })),
  ...TYPES.map((type) => ({
    name: `a plugin of type ${type} changes the event`,
    code: `await a.register(${plugin(type, "Mine", `ctx.updateEvent("properties.added.deep", 1); ctx.event.context.direct = true`)});
      const ctx = await a.track("E", { p: 1 });
      return ctx.event.properties;`,
  })),
  ...["enrichment", "destination", "after"].flatMap((type) =>
    Object.entries(FAILURES).map(([what, body]) => ({
      name: `a plugin of type ${type} that ${what}`,
      code: `await a.register(${plugin(type, "Mine", body)});
        const ctx = await a.track("E");
        return ctx.event.event;`,
    })),
  ),
  {
    name: "a before plugin that cancels drops the event",
    code: `await a.register(${plugin("before", "Mine", FAILURES.cancels)});
      const ctx = await a.track("E");
      const { reason } = ctx.failedDelivery();
      return [reason.type, reason.reason];`,
    events: 0,
    drain: false,
  },
  {
    name: "a before plugin that throws does not hold the event forever",
    code: `let tries = 0;
      await a.register(${plugin("before", "Mine", `if (tries++ < 50) throw new Error("broken")`)});
      return a.track("E").then(() => "settled", () => "settled");`,
    events: 0,
    drain: false,
    peerHangs: true,
    better:
      "a call's promise settles within seconds, whatever a plugin does; Segment's client retries ten times over minutes",
    expect: ({ value }) => assert.equal(value, "settled"),
  },
  {
    name: "a before plugin that fails once is called again",
    code: `let tries = 0;
      await a.register(${plugin("before", "Mine", `if (tries++ < 1) throw new Error("broken")`)});
      await a.track("E");
      return tries;`,
  },
  ...Object.entries(GATES).map(([what, integrations]) => ({
    name: `a destination with integrations ${what}`,
    code: `await a.register(${plugin("destination", "Dest", `log.push("called")`)});
      await a.track("E", {}, { integrations: ${integrations} });`,
    stateless: true,
  })),
  {
    name: "a plugin switched off at load",
    options: `{ integrations: { Dest: false } }`,
    code: `await a.register(${plugin("destination", "Dest", `log.push("called")`)});
      await a.track("E");`,
  },
  {
    name: "plugins of load are registered before the first event",
    settings: `{ plugins: [${plugin("enrichment", "Mine", `ctx.updateEvent("properties.mine", 1)`)}] }`,
    code: `await a.track("E");`,
  },
  {
    name: "a plugin is loaded with a context and the client",
    code: `const mine = ${plugin("enrichment", "Mine")};
      mine.load = async (ctx, client) => { log.push(typeof ctx.id, typeof client.track, (await a)[0] === client); };
      await a;
      await a.register(mine);`,
    events: 0,
  },
  {
    name: "a plugin that cannot load is left out and reported",
    code: `const mine = ${plugin("enrichment", "Broken", `log.push("called")`)};
      mine.load = async () => { throw new Error("cannot load"); };
      await a.register(mine);
      await a.track("E");
      return (await a)[0].queue.plugins.map(({ name }) => name).includes("Broken");`,
    metadata: false,
  },
  {
    name: "a plugin that never loads does not hold the events",
    code: `const mine = ${plugin("enrichment", "Hanging")};
      mine.load = () => new Promise(() => {});
      a.register(mine);
      return a.track("E").then(() => "settled");`,
    events: { peer: 0, waymark: 1 },
    drain: false,
    peerHangs: true,
    better: "events wait a few seconds for plugins to load, not forever",
    expect: ({ value, events }) => {
      assert.equal(value, "settled");
      assert.equal(events.length, 1);
    },
  },
  {
    name: "a plugin is deregistered and unloaded",
    code: `await a.register(${plugin("enrichment", "Mine", `log.push("called")`, `unload: () => { log.push("unloaded"); },`)});
      await a.track("E");
      await a.deregister("Mine");
      await a.track("F");`,
    events: 2,
  },
  {
    name: "deregistering an unknown plugin does nothing",
    code: `await a.deregister("Nobody"); await a.track("E");`,
  },
  {
    name: "two plugins of one name are both called, and both deregistered",
    code: `await a.register(${plugin("enrichment", "Mine", `log.push("one")`)}, ${plugin("enrichment", "Mine", `log.push("two")`)});
      await a.track("E");
      await a.deregister("Mine");
      await a.track("F");`,
    events: 2,
  },
  {
    name: "without the plugin Segment.io nothing is sent",
    code: `await a.deregister("Segment.io"); await a.track("E");`,
    events: 0,
    drain: false,
  },
  {
    name: "updateEvent leaves switched-off destinations alone",
    code: `await a.register(${plugin("before", "Mine", `ctx.updateEvent("integrations.Off.x", 1); ctx.updateEvent("integrations.On.x", 1)`)});
      await a.track("E", {}, { integrations: { Off: false, On: {} } });`,
  },
  {
    name: "register resolves with a context",
    code: `const ctx = await a.register(${plugin("utility", "Mine")});
      return [typeof ctx.id, typeof ctx.logs, ctx.event];`,
    events: 0,
  },
  {
    name: "an enrichment may replace the event's members",
    code: `await a.register(${plugin("enrichment", "Mine", `ctx.event.event = "Renamed"; ctx.event.properties = { only: 1 }; ctx.event.userId = "set"`)});
      await a.track("E", { p: 1 });`,
  },
  {
    name: "a plugin that returns another context",
    code: `await a.register({ ...${plugin("enrichment", "Mine")}, track: (ctx) => new SDK.Context({ ...ctx.event, event: "Other" }) });
      await a.track("E");`,
    stateless: true,
  },
  {
    name: "a plugin is ready when it says so",
    code: `let noteAsked;
      const asked = new Promise((resolve) => { noteAsked = resolve; });
      await a.register(${plugin("destination", "Slow", "", `ready: () => new Promise((resolve) => { log.push("asked"); noteAsked(resolve); }),`)});
      const ready = a.ready(() => log.push("called back")).then(() => log.push("resolved"));
      const set = await asked;
      log.push("set"); set(); await ready;`,
    events: 0,
  },
  {
    name: "a plugin that fails to load does not block ready",
    code: `await a.register(${plugin("destination", "Failing", "", `ready: () => Promise.reject(new Error("never")),`)});
      await a.ready(() => log.push("called back")).catch(() => log.push("rejected"));`,
    events: 0,
    better: "a failing destination does not keep `ready` from calling back",
    expect: ({ log }) => assert.ok(log.includes("called back")),
  },
];
