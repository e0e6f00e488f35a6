// @ts-check
// Every way to call track, and its outcome.
import { callingBack, refusing, sending } from "../from-calls.mjs";

/** Calls that make one event. */
const SENT = {
  "track takes a name": `a.track("E")`,
  "track takes properties": `a.track("E", { p: 1 })`,
  "track takes options": `a.track("E", { p: 1 }, { foo: 2, context: { bar: 3 } })`,
  "track takes null for properties and options after it": `a.track("E", null, { integrations: { All: false } })`,
  "track takes undefined for properties and options after it": `a.track("E", undefined, { foo: 1 })`,
  "track makes an array of properties an empty object": `a.track("E", [1, 2])`,
  "track makes a string of properties an empty object": `a.track("E", "x")`,
  "track makes a number of properties an empty object": `a.track("E", 7)`,
  "track makes a date of properties an empty object": `a.track("E", new Date(0))`,
  "track makes a map of properties an empty object": `a.track("E", new Map([["a", 1]]))`,
  "track takes own fields of an instance": `a.track("E", new (class { a = 1; get b() { return 2; } })())`,
  "track takes an object without a prototype": `a.track("E", Object.assign(Object.create(null), { p: 1 }))`,
  "track takes an event object": `a.track({ event: "E", properties: { p: 1 } })`,
  "track takes an event object and options": `a.track({ event: "E", properties: { p: 1 } }, { foo: 2 })`,
  "track takes an event object without properties": `a.track({ event: "E" })`,
  "track leaves other members of an event object": `a.track({ event: "E", userId: "z", timestamp: "2019-01-01", context: { q: 1 } })`,
  "track leaves properties beside an event object's": `a.track({ event: "E", properties: { p: 1 } }, { foo: 1 }, { bar: 1 })`,
  "track takes a name with spaces and signs": `a.track("  Ünï <b> \\"q\\" \\u2028 ")`,
  "track leaves options that are an array": `a.track("E", {}, [1])`,
  "track leaves options that are a string": `a.track("E", {}, "x")`,
};

/** Calls with a callback: it is called once, with the event. */
const CALLED_BACK = {
  "track calls back after properties and options": `a.track("E", { p: 1 }, { foo: 1 }, cb)`,
  "track calls back in place of options": `a.track("E", { p: 1 }, cb)`,
  "track calls back in place of properties": `a.track("E", cb)`,
  "track calls back after null": `a.track("E", null, null, cb)`,
  "track calls back after an event object": `a.track({ event: "E", properties: { p: 1 } }, cb)`,
  "track calls back after an event object and options": `a.track({ event: "E" }, { foo: 1 }, cb)`,
};

/** Calls that are refused. */
const REFUSED = {
  "track refuses an empty name": `a.track("")`,
  "track refuses no name": `a.track()`,
  "track refuses a number as name": `a.track(5)`,
  "track refuses null": `a.track(null)`,
  "track refuses an array": `a.track(["E"])`,
  "track refuses a function as name": `a.track(() => {})`,
  "track refuses an event object without event": `a.track({ properties: {} })`,
  "track refuses an event object whose event is a number": `a.track({ event: 5 })`,
};

/** @type {import("../scenario.mjs").Scenario[]} */
export const scenarios = [
  ...sending(SENT),
  ...callingBack(CALLED_BACK),
  ...refusing(REFUSED),
];
