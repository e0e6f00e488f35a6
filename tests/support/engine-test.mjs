// @ts-check
// The tests of suites that run in several engines. None is left out but by the table.
import { test as run } from "node:test";
import { ENGINE } from "./browser.mjs";
import { whyLeftOut } from "./left-out.mjs";

/**
 * As `node:test` has it.
 *
 * @param {string} name unlike the others'
 * @param {(context: import("node:test").TestContext) => Promise<void>} body
 */
export function test(name, body) {
  void run(name, { skip: whyLeftOut(ENGINE, name) ?? false }, body);
}
