// @ts-check
// The other exports of Segment's client beside ours, over random arguments.
import assert from "node:assert/strict";
import { test } from "node:test";
import * as peer from "@segment/analytics-next";
import * as waymark from "waymark";

/** Random argument lists per function: enough for every pair of kinds in every two places. */
const LISTS = 5000;

/** A seeded generator of numbers below `limit`. @param {number} seed */
function random(seed) {
  let state = seed;
  return (/** @type {number} */ limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

class Own {
  own = 1;
}
const callback = () => {};
const other = () => {};
/** A value of every kind that an argument may have. */
const KINDS = [
  ...[undefined, null, "", "a", "b", 0, 7, NaN, true, Symbol.iterator],
  ...[{}, { a: 1 }, { b: 2 }, new Own(), Object.create(null), [1], new Date(0)],
  ...[new Map(), callback, other, { event: "E" }, { event: "" }, { event: 5 }],
  ...[
    { event: "E", properties: { p: 1 } },
    { event: "E", properties: null },
  ],
];

/** A function's result or error. @param {() => unknown} run */
function outcome(run) {
  try {
    return { given: run() };
  } catch (error) {
    return { thrown: String(error) };
  }
}

test("every name that Segment's client exports is exported", () => {
  const names = Object.keys(peer).filter(
    (name) => name !== "default" && !name.startsWith("__"),
  );
  assert.ok(names.length > 10);
  for (const name of names) assert.ok(name in waymark, name);
});

for (const name of /** @type {const} */ ([
  "resolveArguments",
  "resolvePageArguments",
  "resolveAliasArguments",
])) {
  test(`${name} reads any arguments as Segment's client does`, () => {
    const draw = random(name.length);
    for (let list = 0; list < LISTS; list++) {
      const args = Array.from(
        { length: draw(6) },
        () => KINDS[draw(KINDS.length)],
      );
      const [ours, theirs] = [waymark, peer].map((sdk) =>
        outcome(() => /** @type {any} */ (sdk[name])(...args)),
      );
      assert.deepEqual(ours, theirs, `list ${list}`);
    }
  });
}

test("resolveUserArguments reads any arguments as Segment's client does", () => {
  const draw = random(3);
  const user = { id: () => "stored" };
  for (let list = 0; list < LISTS; list++) {
    const args = /** @type {any} */ (
      Array.from({ length: draw(6) }, () => KINDS[draw(KINDS.length)])
    );
    const ours = outcome(() => waymark.resolveUserArguments(user)(...args));
    const theirs = outcome(() => peer.resolveUserArguments(user)(...args));
    assert.deepEqual(ours, theirs);
  }
});

test("EventFactory makes the same events as that of Segment's client", () => {
  const page = {
    path: "/p",
    referrer: "r",
    search: "?s",
    title: "t",
    url: "u",
  };
  const options = [
    undefined,
    { integrations: { A: { x: 1 }, B: false }, own: 1, "deep.er": 2 },
    { context: { page: { title: "own" } }, timestamp: "2026", userId: "o" },
    { anonymousId: "given", messageId: "m", absent: undefined, ip: null },
  ];
  const integrations = [undefined, { A: true, B: { y: 1 }, C: false }];
  const calls = /** @type {[string, unknown[]][]} */ ([
    ["track", ["E", { p: 1 }]],
    ["track", ["E", undefined]],
    ["track", [5, {}]],
    ["track", ["E", [1]]],
    ["page", [null, null, { own: 1 }]],
    ["page", ["C", "N", { title: "said", url: "said", name: "x" }]],
    ["screen", ["C", "N", { own: 1 }]],
    ["identify", ["u", { t: 1 }]],
    ["identify", [null, "no object"]],
    ["group", ["g", { t: 1 }]],
    ["alias", ["to", "from"]],
    ["alias", ["to", null]],
  ]);
  for (const id of [null, "stored"]) {
    for (const [method, args] of calls) {
      for (const option of options) {
        for (const offered of integrations) {
          const [ours, theirs] = [waymark, peer].map((sdk) => {
            let anonymousId = "drawn";
            const user = {
              id: () => id,
              anonymousId: (/** @type {string} */ given) =>
                (anonymousId = given ?? anonymousId),
            };
            const factory = /** @type {any} */ (
              new sdk.EventFactory(/** @type {any} */ (user))
            );
            const copy = structuredClone(option);
            const result = outcome(() =>
              factory[method](...args, copy, offered, page),
            );
            const event = /** @type {any} */ (result.given);
            if (!event) return "refused";
            assert.match(event.messageId, /^(ajs-next-\d{13}-[\da-f-]{36}|m)$/);
            delete event.messageId;
            if (event.timestamp instanceof Date) delete event.timestamp;
            return JSON.parse(JSON.stringify(event));
          });
          assert.deepEqual(ours, theirs, `${method} ${JSON.stringify(args)}`);
        }
      }
    }
  }
});

test("UniversalStorage reads and writes its stores as that of Segment's client", () => {
  /** @param {boolean} broken */
  const store = (broken) => {
    const kept = new Map();
    return {
      kept,
      get: (/** @type {string} */ key) => {
        if (broken) throw new Error("broken");
        return kept.get(key) ?? null;
      },
      set: (/** @type {string} */ key, /** @type {unknown} */ value) => {
        if (broken) throw new Error("broken");
        kept.set(key, value);
      },
      remove: (/** @type {string} */ key) => void kept.delete(key),
    };
  };
  const { warn } = console;
  console.warn = () => {};
  const [ours, theirs] = [waymark, peer].map((sdk) => {
    const draw = random(11);
    const stores = [store(true), store(false), store(false)];
    const storage = /** @type {any} */ (
      new sdk.UniversalStorage(/** @type {any} */ (stores))
    );
    const seen = [];
    for (let step = 0; step < 400; step++) {
      const key = ["a", "b"][draw(2)];
      const value = ["x", "", 7, null, { o: 1 }][draw(5)];
      const method = ["get", "set", "clear", "getAndSync", "getConsistent"][
        draw(5)
      ];
      if (draw(3) === 0) stores[1 + draw(2)]?.set(key ?? "", value);
      seen.push(storage[method ?? "get"](key, value) ?? null);
      seen.push(stores.map(({ kept }) => [...kept].sort()));
    }
    return seen;
  });
  console.warn = warn;
  assert.deepEqual(ours, theirs);
});

test("without load a client records nothing, and its plugins see its events", async () => {
  const make = [
    () => new waymark.NullAnalytics(),
    () => new waymark.Analytics({ writeKey: "k" }),
  ];
  for (const analytics of make.map((one) => one())) {
    /** @type {unknown[]} */
    const seen = [];
    await analytics.register({
      name: "own",
      type: "destination",
      version: "1",
      isLoaded: () => true,
      load: async () => {},
      track: (/** @type {any} */ ctx) => {
        seen.push(ctx.event.event);
        return ctx;
      },
    });
    const ctx = await analytics.track("E");
    assert.equal(ctx.event.event, "E");
    assert.deepEqual(seen, ["E"]);
    assert.equal(analytics.user().id() ?? null, null);
  }
});

test("an export that is only a name throws an error that says so", async () => {
  await assert.rejects(waymark.AnalyticsNode.load({ writeKey: "k" }));
  const destination = { type: "destination", addMiddleware: () => {} };
  for (const plugin of [
    destination,
    { type: "destination" },
    { ...destination, type: "before" },
  ]) {
    assert.equal(
      waymark.isDestinationPluginWithAddMiddleware(/** @type {any} */ (plugin)),
      peer.isDestinationPluginWithAddMiddleware(/** @type {any} */ (plugin)),
    );
  }
});
