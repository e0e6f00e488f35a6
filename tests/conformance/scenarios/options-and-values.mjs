// @ts-check
// Options of a call and of load, and values that JSON cannot express.
import assert from "node:assert/strict";

/** Options of a track call. */
const OPTIONS = {
  "dotted keys expand": `{ "a.b.c": 1 }`,
  "dotted keys expand beside their parent": `{ a: { x: 1 }, "a.b": 2 }`,
  "undefined is dropped and null kept": `{ u: undefined, n: null }`,
  "a context of null": `{ context: null }`,
  "a context of undefined": `{ context: undefined }`,
  "traits become part of the context": `{ traits: { t: 1 } }`,
  "a context with members and others beside it": `{ context: { a: 1 }, b: 2 }`,
  "the same member in the context and beside it": `{ context: { a: { x: 1 } }, a: { y: 2 } }`,
  "integrations off": `{ integrations: { All: false } }`,
  "integrations with settings": `{ integrations: { X: { y: 1 }, Y: true, Z: false } }`,
  "integrations of null": `{ integrations: null }`,
  "a timestamp as a day": `{ timestamp: "2019-01-01" }`,
  "a timestamp that is junk": `{ timestamp: "junk" }`,
  "a timestamp that is a number": `{ timestamp: 1500000000 }`,
  "a timestamp of null": `{ timestamp: null }`,
  "a timestamp that is a date": `{ timestamp: new Date(86400000) }`,
  "a timestamp with an offset": `{ timestamp: "2019-01-01T10:00:00+02:00" }`,
  "a message id": `{ messageId: "mine-1" }`,
  "an anonymous id that is a number": `{ anonymousId: 5 }`,
  "functions among them": `{ f: () => 1, context: { g() {} } }`,
  "a date among them": `{ at: new Date(86400000) }`,
  "an empty key": `{ "": 1 }`,
  "a user id of null": `{ userId: null }`,
};

/** Properties of a track call. */
const VALUES = {
  "numbers that JSON cannot express": `{ nan: NaN, inf: Infinity, minus: -Infinity, zero: -0, tiny: 5e-324, big: 1e300 }`,
  "undefined, functions and symbols": `{ u: undefined, f() {}, s: Symbol("s"), list: [undefined, () => 1, Symbol("s")] }`,
  "dates and URLs": `{ at: new Date(86400000), to: new URL("https://x.example/?a=1") }`,
  "an own toJSON": `{ x: { toJSON: () => "own" } }`,
  patterns: `{ r: /x/g }`,
  "typed arrays": `{ t: new Uint8Array([1, 2]) }`,
  "texts of every kind": `{ nul: "\\u0000", emoji: "\\ud83d\\ude00", line: "\\u2028", quote: "\\"\\\\\\/" }`,
  "a text that looks like a time": `{ at: "2020-01-02", exact: "2020-01-02T03:04:05.678Z" }`,
  "nested lists and objects": `{ a: [[1, [2, { b: [3] }]], []], o: { p: { q: {} } } }`,
  "an invalid date": `{ at: new Date(NaN) }`,
  "keys of any kind": `{ "": 1, "a.b": 2, "$c": 3, "ü": 4, 5: 6 }`,
  "a deep object": `JSON.parse('{"a":'.repeat(60) + "1" + "}".repeat(60))`,
  "a property of 200 KB": `{ x: "y".repeat(200000) }`,
  "names that the event itself has": `{ userId: "p", anonymousId: "p", type: "p", messageId: "p", timestamp: "p" }`,
  "an instance inside": `{ p: new (class Point { x = 1; get y() { return 2; } })() }`,
  "an element": `{ el: document.body.dataset }`,
  "a list with holes": `{ l: [1, , 3] }`,
};

/** Values of `integrations` at load; each with how many of two events are sent. */
const INTEGRATIONS = /** @type {[string, string, number][]} */ ([
  [
    "everything off but Segment",
    `{ All: false, "Segment.io": true, Amplitude: { key: 1 }, Off: false }`,
    2,
  ],
  ["everything off", `{ All: false }`, 0],
  ["Segment off", `{ "Segment.io": false }`, 0],
  ["settings for a destination", `{ Amplitude: { sessionId: 7 } }`, 2],
  ["nothing", `{}`, 2],
]);

/** @type {import("../scenario.mjs").Scenario[]} */
export const scenarios = [
  ...Object.entries(OPTIONS).map(([what, options]) => ({
    name: `options of a call: ${what}`,
    code: `await a.track("E", { p: 1 }, ${options});`,
  })),
  ...Object.entries(VALUES).map(([what, properties]) => ({
    name: `properties with ${what}`,
    code: `await a.track("E", ${properties});`,
  })),
  ...Object.entries(VALUES)
    .slice(0, 8)
    .map(([what, traits]) => ({
      name: `traits with ${what}`,
      code: `await a.identify("u", ${traits}); return (await a.user()).traits();`,
    })),
  ...INTEGRATIONS.map(([what, integrations, events]) => ({
    name: `integrations at load: ${what}`,
    options: `{ integrations: ${integrations} }`,
    code: `await a.track("E");
      await a.track("F", {}, { integrations: { Mixpanel: true, Amplitude: { deviceId: 1 } } });`,
    events,
  })),
  {
    name: "an event for which Segment is switched off is not sent",
    code: `const ctx = await a.track("E", {}, { integrations: { "Segment.io": false } });
      await a.track("F");
      return ctx.event.event;`,
  },
  {
    name: "metadata names the bundled destinations",
    code: `await a.track("E");`,
    metadata: true,
    stateless: true,
  },
  {
    name: "an options object may be used for several calls",
    code: `const options = { integrations: { X: true }, context: { a: 1 } };
      await a.track("E", {}, options); await a.page("N", {}, options); await a.identify("u", {}, options);`,
    events: 3,
    stateless: true,
  },
  {
    name: "properties are as they were when the call was made",
    code: `const properties = { n: 1, deep: { m: 1 } };
      const sent = a.track("E", properties);
      properties.n = 2;
      properties.deep.m = 2;
      await sent;`,
    better:
      "an event has the values at its call; Segment's client reads the objects when it sends",
    expect: ({ events }) =>
      assert.deepEqual(events[0].properties, { n: 1, deep: { m: 1 } }),
  },
  {
    name: "traits are as they were when the call was made",
    code: `const traits = { deep: { m: 1 } };
      const sent = a.identify("u", traits);
      traits.deep.m = 2;
      await sent;`,
    better:
      "an event has the values at its call; Segment's client reads the objects when it sends",
    expect: ({ events }) =>
      assert.deepEqual(events[0].traits, { deep: { m: 1 } }),
  },
  {
    name: "a cycle among the properties",
    code: `const p = { n: 1 }; p.self = p;
      await a.track("E", p); await a.track("F");`,
    events: 2,
    better:
      "what JSON cannot express is left out and the event is sent; Segment's client loses it silently",
    expect: ({ events, errors }) => {
      assert.deepEqual(
        events.map(({ event }) => event),
        ["E", "F"],
      );
      assert.equal(events[0].properties.n, 1);
      assert.deepEqual(errors, []);
    },
  },
  {
    name: "maps, sets and errors among the properties",
    code: `await a.track("E", { m: new Map([[1, 2]]), s: new Set([1]), e: new Error("e") });`,
    better:
      "a map is written as an object, a set as a list, an error with its name and message; Segment's client sends empty objects",
    expect: ({ events }) =>
      assert.deepEqual(events[0].properties, {
        m: { 1: 2 },
        s: [1],
        e: { name: "Error", message: "e" },
      }),
  },
  {
    name: "a node and an event among the properties",
    code: `const node = Object.assign(document.createElement("b"), { __reactProps$x: { token: "secret" } });
      await a.track("E", { id: 7, node, event: new MouseEvent("click") });`,
    better:
      "what is the page's and no value is left out; Segment's client sends what frameworks keep on it, another component's properties among them",
    expect: ({ events }) => assert.deepEqual(events[0].properties, { id: 7 }),
  },
  {
    name: "boxed primitives among the properties",
    code: `await a.track("E", { n: new Number(1), s: new String("s"), b: new Boolean(false) });`,
    better:
      "they are written as JSON writes them; Segment's client loses the event silently",
    expect: ({ events }) =>
      assert.deepEqual(events[0]?.properties, { n: 1, s: "s", b: false }),
  },
  {
    name: "a bigint among the properties",
    code: `await a.track("E", { n: 1, big: 12n }); await a.track("F");`,
    events: 2,
    better:
      "what JSON cannot express is written as text and the event is sent; Segment's client loses it silently",
    expect: ({ events }) => {
      assert.deepEqual(
        events.map(({ event }) => event),
        ["E", "F"],
      );
      assert.equal(events[0].properties.n, 1);
      assert.equal(String(events[0].properties.big), "12");
    },
  },
  {
    name: "a thousand message ids share no common part",
    code: `const ids = new Set();
      for (let n = 0; n < 100; n++) {
        const calls = Array.from({ length: 10 }, () => a.track("E"));
        for (const ctx of await Promise.all(calls)) ids.add(ctx.event.messageId.split("-").slice(3).join("-").slice(0, -4));
      }
      return ids.size;`,
    options: `{ integrations: { All: false } }`,
    events: 0,
    drain: false,
    stateless: true,
    better:
      "ids are drawn from the browser's cryptographic source; with Segment's client consecutive ids share all bytes but one",
    expect: ({ value }) => assert.equal(value, 1000),
    sometimes: true,
  },
];
