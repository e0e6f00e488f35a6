// @ts-check
// Every scenario with both libraries.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { betterTable } from "./better-table.mjs";
import { allScenarios, runSuite } from "./suite.mjs";
import { topicTable } from "./topic-table.mjs";

const scenarios = await allScenarios();
const results = await runSuite(scenarios);
console.log(topicTable(results));

for (const { scenario, failures } of results) {
  test(`${scenario.topic}: ${scenario.name}`, () => {
    assert.equal(failures.join("\n"), "");
  });
}

test("BETTER.md lists the scenarios there are", async () => {
  const file = new URL("BETTER.md", import.meta.url);
  assert.equal(await readFile(file, "utf8"), betterTable(scenarios));
});
