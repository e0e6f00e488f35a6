// @ts-check
// The visitor's identity: identify, reset, alias and the user's own methods, on a loaded client.
import assert from "node:assert/strict";

/** @type {typeof assert.deepEqual} */
const same = assert.deepEqual;

/** @type {import("../scenario.mjs").Scenario[]} */
export const scenarios = [
  {
    name: "loading alone stores nothing",
    code: `await a; await a.ready(); return [document.cookie, Object.keys(localStorage)];`,
    events: 0,
  },
  {
    name: "traits of one user are merged, nested ones replaced",
    code: `await a.identify("u", { a: 1, b: { c: 1 } });
      await a.identify("u", { b: { d: 2 } });
      await a.identify({ z: 1 });`,
    events: 3,
  },
  {
    name: "another user gets a new anonymous id and new traits",
    code: `await a.identify("u1", { a: 1 });
      await a.identify("u2", { b: 1 });
      await a.track("E");`,
    events: 3,
  },
  {
    name: "an anonymous visitor who logs in keeps id and traits",
    code: `await a.track("E");
      await a.identify({ a: 1 });
      await a.identify("u2", { b: 1 });
      await a.track("F");`,
    events: 4,
  },
  {
    name: "identifying the same user again keeps the anonymous id",
    code: `await a.identify("u"); await a.identify("u"); await a.track("E");`,
    events: 3,
  },
  {
    name: "an undefined trait is dropped and null is kept",
    code: `await a.identify("u", { t: 1, k: 1 });
      await a.identify("u", { t: null, k: undefined });`,
    events: 2,
  },
  {
    name: "the user's methods read and write",
    code: `const user = await a.user();
      const before = [user.id(), user.traits()];
      const written = [user.id("v"), user.traits({ t: 2 }), user.anonymousId("AA")];
      await a.track("E");
      return [before, written, user.id(), user.traits(), user.anonymousId()];`,
  },
  {
    name: "traits of null clear the traits",
    code: `await a.identify("u", { t: 1 });
      const user = await a.user();
      const cleared = user.traits(null);
      await a.track("E");
      return [cleared, user.traits(), user.id()];`,
    events: 2,
  },
  {
    name: "an id of null clears the id and keeps the anonymous one",
    code: `await a.identify("u", { t: 1 });
      const user = await a.user();
      const cleared = user.id(null);
      await a.track("E");
      return [cleared, user.id(), user.traits()];`,
    events: 2,
  },
  {
    name: "setting traits replaces them, identify merges into them",
    code: `const user = await a.user();
      user.traits({ a: 1 });
      user.traits({ b: 1 });
      await a.identify({ c: 1 });
      return user.traits();`,
  },
  {
    name: "the user's own identify stores and sends nothing",
    code: `const user = await a.user();
      user.identify("u", { t: 1 });
      const seen = [user.id(), user.traits()];
      await a.track("E");
      return seen;`,
  },
  {
    name: "logout forgets ids and traits",
    code: `await a.identify("u", { t: 1 });
      const user = await a.user();
      user.logout();
      const seen = [user.id(), user.traits()];
      await a.track("E");
      return seen;`,
    events: 2,
  },
  {
    name: "the user's reset removes what was stored",
    code: `await a.identify("u", { t: 1 });
      (await a.user()).reset();
      return [document.cookie, Object.keys(localStorage).filter((key) => key.startsWith("ajs_"))];`,
  },
  {
    name: "the user has save, load and options",
    code: `const user = await a.user();
      const loaded = user.load();
      return [user.save(), typeof loaded.id, typeof user.options];`,
    events: 0,
  },
  {
    name: "setAnonymousId returns the id and stores it",
    code: `const set = await a.setAnonymousId("AA");
      const got = await a.setAnonymousId();
      await a.track("E");
      return [set, got];`,
  },
  {
    name: "setAnonymousId of null clears it, and the next event has a new one",
    code: `await a.track("E");
      const cleared = await a.setAnonymousId(null);
      await a.track("F");
      return cleared;`,
    events: 2,
  },
  {
    name: "setAnonymousId before load applies to every event",
    load: false,
    code: `const a = (window.a = new SDK.AnalyticsBrowser());
      const sent = a.track("E");
      a.setAnonymousId("PRE");
      a.load({ writeKey: "WK" });
      await sent;`,
  },
  {
    name: "an anonymous id among the options is stored",
    code: `await a.track("E", {}, { anonymousId: "OA" }); await a.track("F");`,
    events: 2,
  },
  {
    name: "a user id among the options applies to one event",
    code: `await a.track("E", {}, { userId: "OU" }); await a.track("F");`,
    events: 2,
  },
  {
    name: "a user id among the options yields to the user's own",
    code: `await a.identify("u"); await a.track("E", {}, { userId: "OU" });`,
    events: 2,
  },
  {
    name: "reset removes five keys and leaves the rest",
    code: `localStorage.setItem("mine", "1");
      document.cookie = "mine=1";
      await a.identify("u", { t: 1 });
      await a.group("g", { n: 1 });
      await a.reset();
      return [document.cookie, Object.keys(localStorage).filter((key) => !/queue|waymark/.test(key)).sort()];`,
    events: 2,
  },
  {
    name: "after reset the visitor is new",
    code: `await a.identify("u", { t: 1 });
      await a.group("g", { n: 1 });
      await a.reset();
      await a.track("E");
      return [(await a.user()).traits(), (await a.group()).id(), (await a.group()).traits()];`,
    events: 3,
  },
  {
    name: "reset calls its listeners",
    code: `await a; a.on("reset", (...args) => log.push(["reset", ...args])); await a.reset();`,
    events: 0,
  },
  {
    name: "calls around a reset keep their own visitor",
    code: `await a;
      await a.identify("u");
      await Promise.all([a.track("A"), a.reset(), a.track("B")]);`,
    events: 3,
    stateless: true,
    better:
      "a track followed at once by `reset` has the user at its call; Segment's client reads the user when it sends",
    expect: ({ events }) => {
      const ids = events.map(({ event, userId }) => [
        event ?? "identify",
        userId,
      ]);
      same(ids, [
        ["identify", "u"],
        ["A", "u"],
        ["B", null],
      ]);
      assert.notEqual(events[1].anonymousId, events[2].anonymousId);
    },
    sometimes: true,
  },
  {
    name: "the group's methods read and write",
    code: `const group = await a.group();
      const before = [group.id(), group.traits()];
      await a.group("g", { n: 1 });
      return [before, group.id(), group.traits(), group.traits({ m: 1 }), group.id()];`,
  },
  {
    name: "reading the group stores its null id",
    code: `const group = await a.group();
      return [group.id(), group.traits()];`,
    events: 0,
  },
  {
    name: "traits of one group are merged",
    code: `await a.group("g", { a: 1 }); await a.group("g", { b: 1 }); await a.group({ c: 1 });`,
    events: 3,
  },
  {
    name: "another group has traits of its own",
    code: `await a.track("E"); await a.group("g1", { a: 1 }); await a.group("g2", { b: 1 });`,
    events: 3,
  },
  {
    name: "switching the group leaves the visitor's anonymous id alone",
    code: `await a.track("E");
      (await a.group()).id("g1");
      (await a.group()).id("g2");
      return document.cookie.includes("ajs_anonymous_id=");`,
    better:
      "another group is not another visitor; Segment's client forgets the anonymous id",
    expect: ({ value }) => assert.equal(value, true),
  },
  {
    name: "alias of a known user names the new id",
    code: `await a.identify("u"); await a.alias("new");`,
    events: 2,
    better:
      "`alias` sends the id it was given; Segment's client overwrites it with the stored one",
    expect: ({ events }) => {
      assert.equal(events[1].userId, "new");
      assert.equal(events[1].previousId, "u");
    },
  },
  {
    name: "alias stores nothing",
    code: `await a.alias("new", "old"); await a.track("E"); return (await a.user()).id();`,
    events: 2,
  },
];
