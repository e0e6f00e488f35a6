// @ts-check
// Measures Waymark, its peers and the floor side by side in one run of Chromium.
// Usage: node bench/run.mjs [--only load,call,operations,scale] [--libraries a,b] [--runs N]
// A run of all parts and libraries also writes bench/RESULTS.md, the plot, and the sections of
// README.md and docs/performance.md.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { launchChromium } from "../tests/support/chromium.mjs";
import { ROOT } from "../tests/support/program.mjs";
import { chosen } from "./libraries.mjs";
import { measure, PARTS } from "./measure.mjs";
import { plot } from "./plot.mjs";
import { PLOTTED, report, summary } from "./report.mjs";
import { circumstances, writeDocument, writeSection } from "./section.mjs";

/** Rounds by default. */
const RUNS = 3;

const { values } = parseArgs({
  options: {
    only: { type: "string", default: "" },
    libraries: { type: "string", default: "" },
    runs: { type: "string", default: String(RUNS) },
  },
});
const listed = (/** @type {string} */ text) => text.split(",").filter(Boolean);
const parts = values.only ? listed(values.only) : PARTS;
const unknown = parts.find((part) => !PARTS.includes(part));
if (unknown)
  throw new Error(`no part named ${unknown}; there are ${PARTS.join(", ")}`);
const libraries = chosen(listed(values.libraries));
const whole = values.only === "" && values.libraries === "";

const begun = performance.now();
const browser = await launchChromium();
const all = await measure(browser, libraries, parts, Number(values.runs));
await browser.close();

const minutes = ((performance.now() - begun) / 60_000).toFixed(0);
const where = `${await circumstances(libraries)} ${values.runs} rounds took ${minutes} minutes.`;
const tables = report(all);
console.log(`\n${tables}\n\n${where}`);
if (whole) {
  const folder = join(ROOT, "test-results");
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "bench.json"), JSON.stringify(all));
  const drawn = all.filter(({ call }) => call);
  const panels = PLOTTED.map(([title, unit, of]) => ({
    title,
    unit,
    values: drawn.map(of),
  }));
  const names = drawn.map(({ label }) => label);
  const svg = plot(names, "Waymark", panels);
  await writeFile(join(ROOT, "docs", "results.svg"), svg);
  await writeDocument(
    "bench/RESULTS.md",
    `# Waymark, its peers and the floor\n\nWritten by \`make bench\`. The floor is a page with no library that batches \`JSON.stringify\` through fetch; in brackets the ratio to it.\n\n${where}\n\n${tables}\n`,
  );
  const short = `${summary(all)}\n\n${where}`;
  await writeSection("README.md", "bench", short);
  await writeSection(
    "docs/performance.md",
    "bench",
    `![Size, time to the first event and main-thread time](results.svg)\n\n${short}`,
  );
}
process.exit();
