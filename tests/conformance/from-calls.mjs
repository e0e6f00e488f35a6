// @ts-check
// Scenarios made from tables of calls: a name, and an expression in which `a` is the client.

/** @typedef {import("./scenario.mjs").Scenario} Scenario */

/**
 * Calls that make one event each.
 *
 * @param {Record<string, string>} calls
 * @returns {Scenario[]}
 */
export const sending = (calls) =>
  Object.entries(calls).map(([name, call]) => ({
    name,
    code: `await ${call};`,
  }));

/**
 * Calls with the callback `cb`, which must be called once, with the event.
 *
 * @param {Record<string, string>} calls
 * @returns {Scenario[]}
 */
export const callingBack = (calls) =>
  Object.entries(calls).map(([name, call]) => ({
    name,
    code: `const cb = (...given) => { log.push(given.length, given[0]); };
      await ${call};`,
  }));

/**
 * Calls that are refused and make no event.
 *
 * @param {Record<string, string>} calls
 * @returns {Scenario[]}
 */
export const refusing = (calls) =>
  Object.entries(calls).map(([name, call]) => ({
    name,
    code: `await ${call};`,
    events: 0,
  }));
