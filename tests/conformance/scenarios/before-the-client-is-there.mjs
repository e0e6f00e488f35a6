// @ts-check
// Calls made while the client is still loading.
import assert from "node:assert/strict";

const names = (/** @type {any[]} */ events) =>
  events.map(({ event, type }) => event ?? type);

/** @type {import("../scenario.mjs").Scenario[]} */
export const scenarios = [
  {
    name: "early calls of one method keep their order",
    code: `await Promise.all(["1", "2", "3"].map((name) => a.track(name)));`,
    events: 3,
  },
  {
    name: "an early call resolves with its event",
    code: `return (await a.track("E", { p: 1 })).event.properties;`,
  },
  {
    name: "an early call that is refused rejects its promise",
    code: `await a.track("");`,
    events: 0,
  },
  {
    name: "calls before load are kept until it is called",
    load: false,
    code: `const a = (window.a = new SDK.AnalyticsBrowser());
      const sent = [a.track("E"), a.identify("u"), a.page("N")];
      log.push(localStorage.length, document.cookie);
      a.load({ writeKey: "WK" });
      await Promise.all(sent);`,
    events: 3,
    unordered: true,
    stateless: true,
    better:
      "early calls are recorded in their order; Segment's client replays them method by method, with the ids known at the end",
    expect: ({ events }) => {
      assert.equal(events.find(({ event }) => event === "E").userId, null);
      assert.equal(events.find(({ type }) => type === "page").userId, "u");
    },
  },
  {
    name: "early calls of several methods keep their order and their user",
    code: `await Promise.all([a.track("1"), a.page("2"), a.track("3"), a.identify("4"), a.track("5")]);`,
    events: 5,
    better:
      "early calls are recorded in their order; Segment's client replays them method by method",
    expect: ({ events }) => {
      assert.deepEqual(names(events), ["1", "page", "3", "identify", "5"]);
      assert.deepEqual(
        events.map(({ userId }) => userId),
        [null, null, null, "4", "4"],
      );
    },
  },
  {
    name: "an early reset separates the calls before it from those after",
    code: `await Promise.all([a.track("before"), a.identify("u1"), a.track("after"), a.reset(), a.track("anonymous again")]);`,
    events: 4,
    better:
      "an early `reset` is replayed in its place; Segment's client replays it before or after all tracks",
    expect: ({ events }) => {
      assert.deepEqual(
        events.map(({ userId }) => userId),
        [null, "u1", "u1", null],
      );
      assert.notEqual(events[3].anonymousId, events[0].anonymousId);
    },
  },
  {
    name: "an early event has the time of its call",
    code: `const before = Date.now();
      const sent = a.track("E");
      const after = Date.now();
      const { event } = await sent;
      const at = new Date(event.timestamp).getTime();
      return at >= before && at <= after;`,
    server: { settings: { delayMs: 150 } },
    better:
      "an event has the time of its call; with Segment's client it has that of the replay",
    expect: ({ value }) => assert.equal(value, true),
  },
  {
    name: "early user and group resolve to the objects",
    code: `const [user, group] = await Promise.all([a.user(), a.group()]);
      return [user.id(), group.id()];`,
    events: 0,
  },
  {
    name: "early setAnonymousId applies to early events",
    code: `await Promise.all([a.track("E"), a.setAnonymousId("PRE")]);`,
  },
  {
    name: "early listeners hear of every event",
    code: `a.on("track", (...args) => log.push(args));
      a.on("identify", (...args) => log.push(args));
      a.on("initialize", () => log.push("initialize"));
      await a.track("E", { p: 1 });
      await a.identify("u", { t: 1 });`,
    events: 2,
  },
  {
    name: "an early once hears of one event",
    code: `a.once("track", (name) => log.push(name));
      await a.track("E");
      await a.track("F");`,
    events: 2,
  },
  {
    name: "an early off removes a listener",
    code: `const heard = (name) => log.push(name);
      a.on("track", heard); a.off("track", heard);
      await a.track("E");`,
  },
  {
    name: "an early middleware is applied to early events",
    code: `a.addSourceMiddleware(({ payload, next }) => { payload.obj.context.seen = true; next(payload); });
      await a.track("E");`,
  },
  {
    name: "an early plugin sees early events",
    code: `a.register({ name: "early", type: "before", version: "1", isLoaded: () => true, load: async () => {},
        track: (ctx) => { ctx.updateEvent("properties.seen", true); return ctx; } });
      await a.track("E");`,
  },
  {
    name: "early ready calls back",
    code: `await new Promise((ready) => a.ready(ready)); log.push("ready");`,
    events: 0,
  },
  {
    name: "a second load changes nothing",
    code: `a.load({ writeKey: "OTHER" }); await a.track("E");`,
  },
  {
    name: "early debug, on and off return the client",
    code: `const seen = [a.debug(false) === a, a.on("x", () => {}) === a, a.off("x", () => {}) === a, a.once("y", () => {}) === a];
      await a;
      return seen;`,
    events: 0,
  },
];
