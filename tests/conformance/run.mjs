// @ts-check
// Runs the scenarios and prints a table. See README.md for the flags.
import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { betterTable } from "./better-table.mjs";
import { allScenarios, runSuite } from "./suite.mjs";
import { topicTable } from "./topic-table.mjs";

const { values } = parseArgs({
  options: {
    only: { type: "string" },
    self: { type: "boolean" },
    show: { type: "boolean" },
    "failures-to": { type: "string" },
    "write-better": { type: "boolean" },
  },
});

const all = await allScenarios();
if (values["write-better"]) {
  await writeFile(new URL("BETTER.md", import.meta.url), betterTable(all));
} else {
  const wanted = new RegExp(values.only ?? "", "i");
  const chosen = all.filter(({ name, topic }) =>
    wanted.test(`${topic}: ${name}`),
  );
  const self = values.self ?? process.env.CONFORMANCE_SELF === "1";
  const results = await runSuite(chosen, {
    self,
    done: ({ scenario, failures, ...outcomes }) => {
      if (values.show && values.only) {
        console.log(JSON.stringify(outcomes, null, 2));
      }
      if (failures.length === 0) return;
      const shown = values.show ? failures : failures.slice(0, 3);
      console.log(`${scenario.topic}: ${scenario.name}`);
      for (const failure of shown) console.log(`    ${failure}`);
    },
  });
  console.log(topicTable(results));
  const failed = results.filter(({ failures }) => failures.length > 0);
  if (values["failures-to"]) {
    const lines = failed.map(
      ({ scenario: { topic, name, better }, failures }) =>
        `${topic}: ${name} [${better ? "better" : "same"}]\n${failures
          .slice(0, 12)
          .map((failure) => `    ${failure}`)
          .join("\n")}\n`,
    );
    await writeFile(
      values["failures-to"],
      `${failed.length} of ${results.length} scenarios fail (difference: Segment's client -> Waymark)\n\n${lines.join("\n")}`,
    );
  }
  process.exitCode = failed.length > 0 ? 1 : 0;
}
