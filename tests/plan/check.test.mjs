// @ts-check
// Plans allow and refuse events, through the entry that shops import.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { Context, ContextCancelation } from "waymark";
import { enforcePlan } from "waymark/plan";
import { generateTypes } from "waymark/plan/types";

/** @type {any} */
const PLAN = JSON.parse(
  readFileSync(join(import.meta.dirname, "plan.json"), "utf8"),
);

const { warn } = console;
/** @type {string[]} */
let warnings = [];

beforeEach(() => {
  warnings = [];
  console.warn = (...said) => void warnings.push(said.join(" "));
  process.env.NODE_ENV = "development";
});

afterEach(() => {
  console.warn = warn;
});

/**
 * A client whose events a plan checks, as its plugin, and the events that it let through.
 *
 * @param {any} plan
 * @param {import("waymark/plan").PlanOptions} [options]
 */
async function planned(plan, options) {
  /** @type {import("waymark").Plugin[]} */
  const plugins = [];
  const registering = {
    register: async (/** @type {import("waymark").Plugin[]} */ ...added) => {
      plugins.push(...added);
    },
  };
  const report = enforcePlan(registering, plan, options);
  const system = Context.system();
  for (const plugin of plugins) {
    await plugin.load(system, /** @type {any} */ (registering));
  }
  /** @type {string[]} */
  const arrived = [];
  const track = async (/** @type {string} */ event, properties = {}) => {
    const context = new Context({ type: "track", event, properties });
    try {
      for (const plugin of plugins) await plugin.track?.(context);
      arrived.push(event);
    } catch (error) {
      assert.ok(error instanceof ContextCancelation);
    }
  };
  return { client: { track }, report, arrived };
}

/** The problems of one event. @param {string} event @param {any} properties @param {any} [plan] */
async function problems(event, properties, plan = PLAN) {
  /** @type {string[]} */
  let told = [];
  const { client } = await planned(plan, {
    mode: "allow",
    onProblem: (_, found) => {
      told = found.map(({ path, message }) => `${path} ${message}`.trim());
    },
  });
  await client.track(event, properties);
  assert.deepEqual(warnings, []);
  return told;
}

const CART = { cart_id: "c", products: [{ product_id: "p", price: 1 }] };

test("an event that follows the plan raises no problem", async () => {
  assert.deepEqual(await problems("Cart Viewed", CART), []);
  const more = { ...CART, value: 0, count: null };
  assert.deepEqual(await problems("Cart Viewed", more), []);
  assert.deepEqual(await problems("Signed Out", undefined), []);
  assert.deepEqual(await problems("Anything", { other: [1] }), []);
});

test("every problem is reported with its path", async () => {
  const wrong = {
    products: [
      { product_id: "", price: -1, size: "XL" },
      { price: "1", color: "red" },
      7,
      { product_id: "p", price: NaN },
    ],
    count: 1.5,
  };
  assert.deepEqual(await problems("Cart Viewed", wrong), [
    "cart_id is missing",
    "products has 4 items, at most 3 are allowed",
    "products[0].product_id has 0 characters, at least 1 are needed",
    "products[0].price is -1, less than 0",
    'products[0].size is "XL", not one of "S", "M", null',
    "products[1].product_id is missing",
    'products[1].price is "1", not number',
    "products[1].color is not in the plan",
    "products[2] is 7, not object",
    "products[3].price is null, not number",
    "count is 1.5, not integer or null",
  ]);
  assert.deepEqual(await problems("Cart Opened", {}), ["is not in the plan"]);
  const names = ["__proto__", "constructor", "toString"];
  for (const name of names) {
    assert.deepEqual(await problems(name, {}), ["is not in the plan"], name);
    const own = JSON.parse(`{"${name}":1}`);
    const found = await problems("Signed Out", own);
    assert.deepEqual(found, [`${name} is not in the plan`]);
  }
});

test("each mode does what it says, and counts problems", async () => {
  for (const [mode, warned, arrives] of /** @type {const} */ ([
    ["allow", 0, 1],
    ["count", 0, 1],
    ["warn", 1, 1],
    ["block", 1, 0],
  ])) {
    warnings = [];
    const { client, report, arrived } = await planned(PLAN, { mode });
    await client.track("Signed Out", { reason: "bored" });
    const said = warnings.filter((text) => text.includes("tracking plan"));
    assert.equal(said.length, warned, mode);
    if (warned) assert.match(said[0] ?? "", /Signed Out: reason is not in/);
    assert.equal(arrived.length, arrives, mode);
    assert.deepEqual(report.counts(), { "Signed Out": 1 }, mode);
  }
});

test("production checks the configured share of pages, and fetches nothing on others", async () => {
  process.env.NODE_ENV = "production";
  let fetched = 0;
  const source = async () => {
    fetched += 1;
    return { default: PLAN };
  };
  const off = await planned(source);
  await off.client.track("No Such Event");
  assert.deepEqual([off.report.checks, fetched], [false, 0]);
  const on = await planned(source, { production: 1, mode: "count" });
  await on.client.track("No Such Event");
  assert.deepEqual([on.report.checks, fetched], [true, 1]);
  assert.deepEqual(on.report.counts(), { "No Such Event": 1 });
});

test("an unusable plan is reported in one line, and events are still sent", async () => {
  const { client, arrived } = await planned({ events: { A: { oneOf: [] } } });
  await client.track("A");
  assert.deepEqual(arrived, ["A"]);
  assert.deepEqual(warnings, [
    'waymark: tracking plan: events["A"].oneOf: a keyword that plans do not have',
  ]);
});

/** @type {any} */
let deep = {};
for (let level = 0; level < 40; level++) deep = { items: deep };

test("each hostile schema is refused in one line", () => {
  const cycle = { $defs: { a: { items: { $ref: "#/$defs/a" } } } };
  for (const [plan, why] of /** @type {[any, RegExp][]} */ ([
    [null, /the file: not an object/],
    [{ event: {} }, /event: a keyword/],
    [{ events: [] }, /events: not an object/],
    [{ events: { A: { pattern: "(a+)+$" } } }, /pattern: a keyword/],
    [{ events: { A: { type: "text" } } }, /not a type of JSON Schema/],
    [{ events: { A: { type: "array" } } }, /properties are an object/],
    [{ events: { A: { required: "x" } } }, /not a list of names/],
    [{ events: { A: { enum: [{}] } } }, /not made of texts/],
    [{ events: { A: { minimum: "1" } } }, /not a number/],
    [{ events: { A: { additionalProperties: {} } } }, /neither true nor false/],
    [{ events: { A: { $ref: "http://evil.example" } } }, /is not there/],
    [{ events: { A: { $ref: "#/$defs/__proto__" } } }, /is not there/],
    [{ ...cycle, events: { A: { $ref: "#/$defs/a" } } }, /refers to itself/],
    [{ events: { A: { properties: { x: deep } } } }, /deeper than 32 levels/],
  ])) {
    assert.throws(() => generateTypes(plan), why);
  }
});

test("a chain of references is read once, and a large event is not checked", async () => {
  /** @type {any} */
  const $defs = { d0: { type: "string" } };
  for (let at = 1; at < 14; at++) {
    const items = { $ref: `#/$defs/d${at - 1}` };
    $defs[`d${at}`] = { properties: { a: items, b: items, c: items } };
  }
  const events = {
    A: { properties: { list: { items: { $ref: "#/$defs/d13" } } } },
  };
  const many = Array.from({ length: 50_000 }, () => ({}));
  const found = await problems("A", { list: many }, { $defs, events });
  assert.deepEqual(
    found.map((one) => one.replace(/\d+/, "n")),
    ["list[n] too much to check"],
  );
});
