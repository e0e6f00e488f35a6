// @ts-check
// Every way to call identify, group and alias.
import assert from "node:assert/strict";
import { callingBack, sending } from "../from-calls.mjs";

/** Arguments that make one event, with identify and with group. */
const BOTH = {
  "an id": `"x1"`,
  "an id and traits": `"x1", { t: 1 }`,
  "an id, traits and options": `"x1", { t: 1 }, { foo: 1 }`,
  "an id, null and options": `"x1", null, { foo: 1 }`,
  "an id, undefined and options": `"x1", undefined, { foo: 1 }`,
  "traits alone": `{ t: 1 }`,
  "traits and options alone": `{ t: 1 }, { foo: 1 }`,
  "null and traits": `null, { t: 1 }`,
  "null, traits and options": `null, { t: 1 }, { foo: 1 }`,
  "undefined and traits": `undefined, { t: 1 }`,
  "a number": `123`,
  zero: `0`,
  "a fraction": `1.5`,
  "an empty id": `"", { t: 1 }`,
  "an array of traits": `"x1", [1]`,
  "a string of traits": `"x1", "t"`,
  "an instance of traits": `"x1", new (class { t = 1 })()`,
  "true as id": `true, { t: 1 }`,
  "a null trait and an undefined one": `"x1", { t: null, k: undefined }`,
  "nested traits": `"x1", { a: { b: [1, { c: 2 }] } }`,
  "an id of any letters": `" ü;,=\\"x\\"&:/@+% "`,
};

/** Arguments with a callback. */
const WITH_CALLBACK = {
  "a callback after an id": `"x1", cb`,
  "a callback after traits": `"x1", { t: 1 }, cb`,
  "a callback after everything": `"x1", { t: 1 }, { foo: 1 }, cb`,
  "a callback after traits alone": `{ t: 1 }, cb`,
};

const ALIAS = {
  "alias takes an id": `a.alias("new")`,
  "alias takes both ids": `a.alias("new", "old")`,
  "alias takes both ids and options": `a.alias("new", "old", { foo: 1 })`,
  "alias takes an id and options": `a.alias("new", { foo: 1 })`,
  "alias takes numbers": `a.alias(1, 2)`,
  "alias takes the second id after null": `a.alias(null, "x")`,
  "alias takes nothing": `a.alias()`,
  "alias takes null for the old id": `a.alias("new", null, { foo: 1 })`,
  "alias takes empty ids": `a.alias("", "")`,
};

/** @param {string} method @param {Record<string, string>} table */
const calls = (method, table) =>
  Object.fromEntries(
    Object.entries(table).map(([what, args]) => [
      `${method} takes ${what}`,
      `a.${method}(${args})`,
    ]),
  );

/** @type {import("../scenario.mjs").Scenario[]} */
export const scenarios = [
  ...["identify", "group"].flatMap((method) => [
    ...sending(calls(method, BOTH)),
    ...callingBack(calls(method, WITH_CALLBACK)),
  ]),
  ...sending(calls("identify", { "no arguments": `` })),
  ...sending(ALIAS),
  {
    name: "alias takes an object as first argument",
    code: `await a.alias({ foo: 1 });`,
    better: "Segment's client sends the object itself as the user's id",
    expect: ({ events }) => assert.equal(events[0].userId, null),
  },
  ...callingBack({
    "alias calls back after one id": `a.alias("new", cb)`,
    "alias calls back after both": `a.alias("new", "old", cb)`,
    "alias calls back after options": `a.alias("new", "old", { foo: 1 }, cb)`,
  }),
];
