// @ts-check
// The tests of suites that run in several engines. None is left out but by the table.
import { appendFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import { test as run } from "node:test";
import { ENGINE } from "./browser.mjs";
import { whyLeftOut } from "./left-out.mjs";

/** The folder of the file that this process runs. */
const suite = basename(dirname(process.argv[1] ?? ""));

/**
 * As `node:test` has it. Adds the test's suite, a line of JSON, to the file that `WAYMARK_SUITES`
 * names: a reporter takes this file here for the test's own.
 *
 * @param {string} name unlike the others'
 * @param {(context: import("node:test").TestContext) => Promise<void>} body
 */
export function test(name, body) {
  const list = process.env.WAYMARK_SUITES;
  if (list) appendFileSync(list, `${JSON.stringify({ name, suite })}\n`);
  void run(name, { skip: whyLeftOut(ENGINE, name) ?? false }, body);
}
