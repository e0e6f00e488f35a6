// @ts-check
// How values are written at the moment of a call, held to JSON.stringify in Node.js and Chromium.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { runInThisContext } from "node:vm";
import { build } from "esbuild";
import { launchChromium } from "../support/chromium.mjs";
import { ROOT } from "../support/program.mjs";
import { sourceModule } from "../support/source-module.mjs";
import "../support/watchdog.mjs";

const { snapshot } = await sourceModule("base/snapshot.ts");

/** @type {import("playwright-core").Browser} */
let browser;
/** @type {import("playwright-core").Page} */
let page;
before(async () => {
  browser = await launchChromium();
  page = await browser.newPage();
  const { outputFiles } = await build({
    bundle: true,
    entryPoints: [join(ROOT, "pkg", "src", "base", "snapshot.ts")],
    format: "iife",
    globalName: "values",
    write: false,
  });
  await page.addScriptTag({ content: outputFiles[0]?.text ?? "" });
});
after(() => browser?.close());

/**
 * Writes random values, and gives the first whose text is not that of `JSON.stringify`.
 *
 * @param {(value: unknown) => string} snapshot
 * @param {number} seed
 */
function firstDifference(snapshot, seed) {
  const random = (/** @type {number} */ below) => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return Math.floor((seed / 2 ** 32) * below);
  };
  const CHARS = `ab "\\/\u0000\b\t\n\v\f\r\u001f\u007f\u2028ü€\ud800\udc00\ud83d\ude00\uffff`;
  const text = () =>
    Array.from({ length: random(8) }, () => CHARS[random(CHARS.length)]).join(
      "",
    );
  class Point {
    x = 1;
    #y = 2;
    get y() {
      return this.#y;
    }
  }
  class Stamped {
    toJSON(/** @type {string} */ key) {
      return { key, at: new Date(7) };
    }
  }
  const shared = { shared: [1] };
  const make = [
    text,
    () => random(1000) - 500,
    () => (random(1000) - 500) / 7,
    () => [NaN, Infinity, -0, 1e21, 5e-324][random(5)],
    () => [true, false, null, undefined, () => 1, Symbol("s")][random(6)],
    () =>
      new Date(
        [NaN, random(2 ** 31), random(2) * 864e13, -random(1e9) * 1e6][
          random(4)
        ] ?? 0,
      ),
    () =>
      [Object(1), Object("s"), Object(false), Object(Symbol("s"))][random(4)],
    () =>
      [new Point(), new Stamped(), shared, /x/, new Uint8Array([1, 2])][
        random(5)
      ],
    () => [new URL("https://x.example/?a=1"), new ArrayBuffer(2)][random(2)],
    () =>
      ["2020-01-02", Object.freeze([1, , 2]), new Proxy({ a: [1] }, {})][
        random(3)
      ],
    () => Object.assign(Object.create(null), { a: value(4) }),
  ];
  /** @param {number} depth @returns {unknown} */
  function value(depth) {
    const kind = random(depth > 4 ? make.length : make.length + 4);
    if (kind < make.length) return make[kind]?.();
    const members = Array.from({ length: random(6) }, () => value(depth + 1));
    if (kind % 2) return members;
    return Object.fromEntries(
      members.map((member) => [random(20) ? text() : "__proto__", member]),
    );
  }
  for (let count = 0; count < 5000; count++) {
    const given = [value(0)];
    const expected = JSON.stringify(given);
    const written = snapshot(given);
    if (written !== expected) return { expected, written };
  }
  return null;
}

for (const seed of [1, 2, 3]) {
  test(`5000 values are written as JSON.stringify writes them, seed ${seed}`, async () => {
    assert.equal(firstDifference(snapshot, seed), null);
    const difference = await page.evaluate(
      `(${String(firstDifference)})(values.snapshot, ${seed})`,
    );
    assert.equal(difference, null);
  });
}

/** Values that JSON has not, and their texts, by what they are. */
const CASES = /** @type {Record<string, [string, unknown]>} */ ({
  "what is there twice beside a BigInt": [
    `(() => { const p = { id: 1 }; return { n: 1n, at: new Date(0), url: new URL("http://a.example/x"),
      m: { toJSON: () => ({ mm: 1 }) }, first: p, products: [p, p] }; })()`,
    {
      n: "1",
      at: "1970-01-01T00:00:00.000Z",
      url: "http://a.example/x",
      m: { mm: 1 },
      first: { id: 1 },
      products: [{ id: 1 }, { id: 1 }],
    },
  ],
  cycles: [
    `(() => { const o = { a: 1 }; o.self = o; o.list = [o, { o }]; return o; })()`,
    { a: 1, list: [null, {}] },
  ],
  errors: [
    `Object.assign(new RangeError("far", { cause: new Error("near") }), { code: 7 })`,
    {
      name: "RangeError",
      message: "far",
      cause: { name: "Error", message: "near" },
      code: 7,
    },
  ],
  "maps and sets": [
    `new Map([["a", new Set([1, new Map()])], [2, 3n]])`,
    { 2: "3", a: [1, {}] },
  ],
  "lists of BigInts, boxed and typed": [
    `[Object(1n), new BigInt64Array([2n])]`,
    ["1", { 0: "2" }],
  ],
  "what throws": [
    `({ get a() { throw 1; }, b: 1, c: { toJSON() { throw 1; } },
      d: new Proxy({}, { ownKeys() { throw 1; } }),
      e: (() => { const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); return proxy; })() })`,
    { b: 1 },
  ],
});

for (const [what, [code, expected]] of Object.entries(CASES)) {
  test(`${what} are written alike here and in Chromium`, async () => {
    const here = snapshot(runInThisContext(`(${code})`));
    assert.deepEqual(JSON.parse(here), expected);
    assert.equal(await page.evaluate(`values.snapshot(${code})`), here);
  });
}

test("a deep, a wide, an endless and a shared value are cut in bounded time", () => {
  let deep = {};
  for (let n = 0; n < 100_000; n++) deep = { deep };
  assert.ok(snapshot(deep).length < 1000);
  /** @type {unknown[]} */
  let wide = [1];
  for (let n = 0; n < 60; n++) wide = [wide, wide];
  const endless = { toJSON: () => [endless, endless] };
  for (const large of [
    wide,
    endless,
    new Array(2 ** 32 - 1),
    new Uint8Array(2 ** 26),
  ]) {
    assert.ok(snapshot({ large }).length < 200_000);
  }
});

/** Things of a page, as expressions over the document `d` and the window `w` of a realm. */
const OF_PAGE = {
  "a node": "d.body",
  "a form with members of its own names": `Object.assign(d.createElement("form"),
    { innerHTML: '<input name="nodeType"><input name="getRootNode"><input name="window">' })`,
  "a text": `d.createTextNode("t")`,
  "the document": "d",
  "a window": "w",
  "a list of nodes": `d.querySelectorAll("*")`,
  "a collection": "d.body.children",
  "an event": `new w.MouseEvent("click")`,
  "an event of one's own": `new w.CustomEvent("x", { detail: { secret: 1 } })`,
  "a node of React": `Object.assign(d.createElement("b"), { __reactProps$x: { token: "secret" } })`,
  "a fiber": `new (class { memoizedProps = { token: "secret" }; })()`,
  "an event of React": `new (class { nativeEvent = { secret: 1 }; preventDefault() {} })()`,
  "an element of React": `({ $$typeof: Symbol.for("react.element"), props: { token: "secret" } })`,
};

for (const [what, code] of Object.entries(OF_PAGE)) {
  test(`${what} is left out, of this realm or a frame's`, async () => {
    const texts = await page.evaluate(`(() => {
      const frame = document.createElement("iframe");
      document.body.append(frame);
      return [window, frame.contentWindow].map((w) => {
        const d = w.document;
        const it = ${code};
        return [values.snapshot({ id: 7, it, deep: { it } }), values.snapshot(it)];
      });
    })()`);
    const text = `{"id":7,"deep":{}}`;
    assert.deepEqual(texts, [
      [text, "null"],
      [text, "null"],
    ]);
  });
}

test("a copy of a node is without React's members, and a window of another origin is left out", async () => {
  const texts = await page.evaluate(`(async () => {
    const frame = document.createElement("iframe");
    frame.sandbox = "";
    frame.srcdoc = "<p>other";
    const loaded = new Promise((done) => (frame.onload = done));
    document.body.append(frame);
    await loaded;
    const node = Object.assign(document.createElement("b"), {
      __reactFiber$x: { a: 1 }, __reactProps$x: { token: 1 }, own: 1 });
    return [values.snapshot({ ...node }), values.snapshot({ a: 1, w: frame.contentWindow })];
  })()`);
  assert.deepEqual(texts, [`{"own":1}`, `{"a":1}`]);
});
