// @ts-check
// Every way to call page and screen: both take two strings and two objects in almost any place.
import { callingBack, sending } from "../from-calls.mjs";

/** Arguments that make one event, with page and with screen. */
const BOTH = {
  nothing: ``,
  "a name": `"N"`,
  "a category and a name": `"C", "N"`,
  "category, name and properties": `"C", "N", { p: 1 }`,
  "category, name, properties and options": `"C", "N", { p: 1 }, { foo: 1 }`,
  "category, null and properties": `"C", null, { p: 1 }`,
  "a name and properties": `"N", { p: 1 }`,
  "a name, properties and options": `"N", { p: 1 }, { foo: 1 }`,
  "a name, null and properties": `"N", null, { p: 1 }`,
  "options in fourth place as options": `"N", null, null, { foo: 1 }`,
  "null, a name and properties": `null, "N", { p: 1 }`,
  "null twice and properties": `null, null, { p: 1 }`,
  "properties alone": `{ p: 1 }`,
  "properties and options alone": `{ p: 1 }, { foo: 1 }`,
  "numbers without a name": `1, 2, { p: 1 }`,
  "empty strings": `"", ""`,
  "one empty string": `""`,
  "three strings": `"A", "B", "C"`,
  "three objects": `{ p: 1 }, { foo: 1 }, { bar: 1 }`,
  "undefined everywhere": `undefined, undefined, undefined, undefined`,
  "an array of properties": `"N", [1]`,
  "name and category as properties": `{ name: "pn", category: "pc", url: "u" }`,
  "a name beside a name in the properties": `"N", { name: "other" }`,
  "a category beside a category in the properties": `"C", "N", { category: "other" }`,
};

/** Arguments with a callback. */
const WITH_CALLBACK = {
  "a callback alone": `cb`,
  "a callback after a name": `"N", cb`,
  "a callback after category and name": `"C", "N", cb`,
  "a callback after the properties": `"C", "N", { p: 1 }, cb`,
  "a callback after everything": `"C", "N", { p: 1 }, { foo: 1 }, cb`,
  "a callback after properties alone": `{ p: 1 }, cb`,
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
export const scenarios = ["page", "screen"].flatMap((method) => [
  ...sending(calls(method, BOTH)),
  ...callingBack(calls(method, WITH_CALLBACK)),
]);
