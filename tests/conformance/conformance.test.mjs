// @ts-check
// Every scenario with both libraries: a test for each topic, with a subtest for each scenario.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { betterTable } from "./better-table.mjs";
import { allScenarios, runSuite } from "./suite.mjs";
import { topicTable } from "./topic-table.mjs";

const scenarios = await allScenarios();
const results = await runSuite(scenarios);
console.log(topicTable(results));

for (const topic of new Set(scenarios.map((one) => one.topic))) {
  test(`${topic}: same as Segment's client, or better`, async (context) => {
    for (const { scenario, failures } of results) {
      if (scenario.topic !== topic) continue;
      await context.test(scenario.name, () => assert.deepEqual(failures, []));
    }
  });
}

test("BETTER.md is up to date", async () => {
  const file = new URL("BETTER.md", import.meta.url);
  assert.equal(await readFile(file, "utf8"), betterTable(scenarios));
});
