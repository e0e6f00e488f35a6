// @ts-check
// The table `make conformance` prints.

/** @param {import("./suite.mjs").Result[]} results */
export function topicTable(results) {
  /** @type {Map<string, { same: number, better: number, failed: number }>} */
  const topics = new Map();
  const total = { same: 0, better: 0, failed: 0 };
  for (const { scenario, failures } of results) {
    const topic = scenario.topic ?? "";
    const row = topics.get(topic) ?? { same: 0, better: 0, failed: 0 };
    topics.set(topic, row);
    for (const counts of [row, total]) {
      counts[scenario.better ? "better" : "same"]++;
      if (failures.length > 0) counts.failed++;
    }
  }
  const line = (/** @type {string} */ name, /** @type {any[]} */ cells) =>
    name.padEnd(28) + cells.map((cell) => String(cell).padStart(8)).join("");
  const row = (
    /** @type {string} */ name,
    /** @type {typeof total} */ { same, better, failed },
  ) => line(name, [same, better, same + better - failed, failed]);
  return [
    line("topic", ["same", "better", "passed", "failed"]),
    ...[...topics].map(([name, counts]) => row(name, counts)),
    row("total", total),
  ].join("\n");
}
