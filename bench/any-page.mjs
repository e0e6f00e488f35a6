// @ts-check
// Opens the pages of tests/any-page/rows with Waymark and its peers, and writes the table of whose
// events arrive. Usage: node bench/any-page.mjs [--libraries a,b] [--rows TEXT] [--print]
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { CALLS } from "../tests/any-page/row.mjs";
import { launchChromium } from "../tests/support/chromium.mjs";
import { startGateway } from "../tests/support/gateway.mjs";
import { ROOT } from "../tests/support/program.mjs";
import { startCollector } from "./collector.mjs";
import { chosen, pageFiles } from "./libraries.mjs";
import {
  circumstances,
  table,
  writeDocument,
  writeSection,
} from "./section.mjs";
import { startSite } from "./site.mjs";

/** @typedef {import("../tests/any-page/row.mjs").Row} Row */
/** @typedef {import("./libraries.mjs").Library} Library */

/** Pages at the same time: most of the time is waiting. */
const AT_ONCE = 6;
/** Longest wait for a page's events, in milliseconds: RudderStack sends every 10 s. */
const PATIENCE_MS = 20_000;
const LOOK_EVERY_MS = 200;
/** What {@link CALLS} records. */
const RECORDED = ["Product Viewed", "Order Completed"];

/** The kind of the page on which a library's events must arrive, or its column says nothing. */
const CLEAN = "clean";

const { values } = parseArgs({
  options: {
    libraries: { type: "string", default: "" },
    rows: { type: "string", default: "" },
    print: { type: "boolean", default: false },
  },
});
const libraries = chosen(values.libraries.split(",").filter(Boolean)).filter(
  ({ name, hasGateway }) => name !== "floor" && !hasGateway,
);

/** The rows that every library can have: those whose calls and options are not Waymark's own. */
async function commonRows() {
  const folder = join(ROOT, "tests", "any-page", "rows");
  /** @type {{ kind: string, row: Row }[]} */
  const all = [{ kind: CLEAN, row: { name: "a clean page" } }];
  for (const file of (await readdir(folder)).sort()) {
    const { rows } = await import(join(folder, file));
    const kind = file.replace(".mjs", "");
    for (const row of /** @type {Row[]} */ (rows)) all.push({ kind, row });
  }
  return all.filter(
    ({ kind, row }) =>
      !row.calls &&
      !row.options &&
      !row.headers &&
      `${kind}: ${row.name}`.includes(values.rows),
  );
}

const browser = await launchChromium();

/**
 * Whether the events of a row's page arrive; for Waymark, in the gateway's file.
 *
 * @param {Library} library
 * @param {Map<string, Buffer>} files
 * @param {Row} row
 */
async function arrives({ name }, files, row) {
  const gateway = name === "waymark" ? await startGateway() : undefined;
  const collector = await startCollector(gateway?.host);
  const head = row.head ? `<script>${row.head}</script>` : "";
  // The markup comes after the script, whose own address a `base` would change; it runs later.
  const page = String(files.get("/page.html")).replace(
    /<script type="module".*?<\/script>/,
    (script) => `${head}${script}${row.html ?? ""}`,
  );
  const changed = new Map(files).set("/page.html", Buffer.from(page));
  const site = await startSite(changed, collector.host);
  site.started = CALLS;
  const context = await browser.newContext();
  const taken = async () =>
    gateway
      ? (await gateway.exportEvents()).map(({ event }) => event.event)
      : collector.taken.map((event) => event.name);
  try {
    const opened = await context.newPage();
    await opened.goto(site.url("/"));
    const end = performance.now() + PATIENCE_MS;
    for (;;) {
      const there = new Set(await taken());
      if (RECORDED.every((one) => there.has(one))) return true;
      if (performance.now() > end) return false;
      await pause(LOOK_EVERY_MS);
    }
  } finally {
    await context.close();
    await site.close();
    await collector.close();
    await gateway?.stop();
  }
}

const rows = await commonRows();
/** @type {boolean[][]} by row and library */
const outcomes = rows.map(() => []);
/** @type {(() => Promise<void>)[]} */
const jobs = [];
for (const [column, library] of libraries.entries()) {
  const files = await pageFiles(library, false);
  for (const [at, { kind, row }] of rows.entries()) {
    jobs.push(async () => {
      const arrived = await arrives(library, files, row);
      /** @type {boolean[]} */ (outcomes[at])[column] = arrived;
      if (!arrived) console.log(`${library.label}: ${kind}: ${row.name}: lost`);
    });
  }
}
const worker = async () => {
  for (let job = jobs.shift(); job; job = jobs.shift()) await job();
};
await Promise.all(Array.from({ length: AT_ONCE }, worker));

const labels = libraries.map(({ label }) => label);
/** The share of the rows of some kinds whose events arrive, for each library. @param {string[]} only */
const shares = (...only) =>
  labels.map((_, column) => {
    const of = outcomes.filter((_row, at) =>
      only.includes(rows[at]?.kind ?? ""),
    );
    const arrived = of.filter((outcome) => outcome[column]).length;
    return `${arrived} of ${of.length}`;
  });
const kinds = [...new Set(rows.map(({ kind }) => kind))].filter(
  (kind) => kind !== CLEAN,
);
const summary = table(
  ["pages", ...labels],
  [
    ...kinds.map((kind) => [kind, ...shares(kind)]),
    ["all", ...shares(...kinds)],
  ],
);
const each = table(
  ["page", ...labels],
  rows.map(({ kind, row }, at) => [
    `${kind}: ${row.name}`,
    ...labels.map((_, column) => (outcomes[at]?.[column] ? "yes" : "lost")),
  ]),
);
const text = `Of pages that are not clean, those whose two events arrive within ${PATIENCE_MS / 1000} s: _clobbered_, where elements or scripts have taken names of the document or the window; _core_, where randomness, JSON, storage or cookies are missing or other than the browser makes them; _ways_, where the ways of sending are.

${summary}

${await circumstances(libraries)}`;
console.log(`\n${text}\n\n${each}`);
if (!values.print) {
  await writeDocument(
    "bench/ANY-PAGE.md",
    `# Pages that are not clean\n\nWritten by \`make any-page\`.\n\n${text}\n\n## Each page\n\n${each}\n`,
  );
  await writeSection("docs/performance.md", "any-page", text);
}
await browser.close();
process.exit();
