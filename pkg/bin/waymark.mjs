#!/usr/bin/env node
// @ts-check
// The command `waymark`.
import { readFile, writeFile } from "node:fs/promises";
import { generateTypes } from "../dist/plan/types.js";

const USAGE = `Usage: waymark types PLAN.json [--out FILE.d.ts] [--check]

Writes TypeScript types of a tracking plan, to standard output where no file is given.
--check writes nothing, and fails where the file is not what would be written.
`;

/** Ends with one line on standard error. @param {string} why @returns {never} */
function fail(why) {
  process.stderr.write(`waymark: ${why}\n`);
  process.exit(1);
}

const [command, ...args] = process.argv.slice(2);
/** @type {{ plan?: string, out?: string, check: boolean }} */
const given = { check: false };
for (let at = 0; at < args.length; at++) {
  if (args[at] === "--out") given.out = args[++at];
  else if (args[at] === "--check") given.check = true;
  else given.plan = args[at];
}
if (command !== "types" || !given.plan || (given.check && !given.out)) {
  process.stderr.write(USAGE);
  process.exit(command === "--help" ? 0 : 2);
}

let types = "";
try {
  types = generateTypes(JSON.parse(await readFile(given.plan, "utf8")));
} catch (error) {
  fail(`${given.plan}: ${/** @type {Error} */ (error).message}`);
}
if (!given.out) process.stdout.write(types);
else if (!given.check) await writeFile(given.out, types);
else if ((await readFile(given.out, "utf8").catch(() => "")) !== types) {
  fail(`${given.out} is not what ${given.plan} makes; run it without --check`);
}
