// @ts-check
// Prints what of each suite ran in an engine, and fails where a test is left out that the list does
// not name, or the list names one that is not there. Usage: table.mjs FOLDER ENGINE..., with what
// `in_engine` of scripts/test-slow leaves in the folder.
import { readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { isAbout, rowsFor } from "../support/left-out.mjs";

/** @typedef {import("./results.mjs").Result & { suite: string }} Result */

/** The objects of a file, one a line. @param {string} path @returns {any[]} */
const read = (path) =>
  readFileSync(path, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));

/** @param {string} folder @param {string} engine @returns {Result[]} */
function resultsOf(folder, engine) {
  const suites = new Map(
    read(join(folder, `suites-${engine}.jsonl`)).map((one) => [
      one.name,
      one.suite,
    ]),
  );
  return read(join(folder, `engine-${engine}.jsonl`)).map((one) => ({
    ...one,
    suite: suites.get(one.name) ?? basename(dirname(one.file)),
  }));
}

/** What is wrong with the list. @param {string} engine @param {Result[]} results */
function faultsOf(engine, results) {
  const rows = rowsFor(engine);
  const isListed = (/** @type {Result} */ { name, reason }) =>
    rows.some((row) => isAbout(row.test, name) && row.reason === reason);
  return [
    ...results
      .filter((one) => one.result === "left out" && !isListed(one))
      .map(({ name }) => `left out, but not listed: ${name}`),
    ...rows
      .filter(({ test }) => !results.some(({ name }) => isAbout(test, name)))
      .map(({ test }) => `listed, but not there: ${test}`),
  ];
}

/** The results by what `key` gives. @param {Result[]} results @param {(one: Result) => string} key */
function grouped(results, key) {
  /** @type {Map<string, Result[]>} */
  const groups = new Map();
  for (const one of results) {
    groups.set(key(one), [...(groups.get(key(one)) ?? []), one]);
  }
  return [...groups];
}

/** @param {Result[]} results @param {Result["result"]} result */
const count = (results, result) =>
  results.filter((one) => one.result === result).length;

const line = (/** @type {(string | number)[]} */ cells) =>
  cells.map((cell) => String(cell).padEnd(11)).join("");

console.log(line(["engine", "suite", "passed", "failed", "left out"]));
let isRight = true;
const [folder = "", ...engines] = process.argv.slice(2);
for (const engine of engines) {
  const results = resultsOf(folder, engine);
  for (const [suite, of] of grouped(results, ({ suite }) => suite)) {
    const left = of.filter(({ result }) => result === "left out");
    const counts = [count(of, "passed"), count(of, "failed"), left.length];
    console.log(line([engine, suite, ...counts]));
    for (const [reason, all] of grouped(left, ({ reason }) => `${reason}`)) {
      console.log(`  ${all.length} left out: ${reason}`);
    }
  }
  for (const fault of faultsOf(engine, results)) {
    console.log(`${engine}: ${fault}`);
    isRight = false;
  }
}
console.log("Chromium leaves out none: `make test` runs them all.");
if (!isRight) process.exitCode = 1;
