// @ts-check
// Runs the ten faults over Waymark and its peers, and writes the table.
// Usage: node bench/faults-peers.mjs [--libraries a,b] [--rows 0,3] [--print]
import { parseArgs } from "node:util";
import { ROWS } from "./faults/rows.mjs";
import { Stage } from "./faults/stage.mjs";
import { chosen, pageFiles } from "./libraries.mjs";
import {
  circumstances,
  table,
  writeDocument,
  writeSection,
} from "./section.mjs";

/** Stages at the same time: nothing here is timed, and most of it is waiting. */
const AT_ONCE = 5;

const { values } = parseArgs({
  options: {
    libraries: { type: "string", default: "" },
    rows: { type: "string", default: "" },
    print: { type: "boolean", default: false },
  },
});
const listed = (/** @type {string} */ text) => text.split(",").filter(Boolean);
const libraries = chosen(listed(values.libraries)).filter(
  ({ name, hasGateway }) => name !== "floor" && !hasGateway,
);
const picked = listed(values.rows).map(Number);
const rows = ROWS.filter((_, n) => picked.length === 0 || picked.includes(n));

/**
 * @param {string} library
 * @param {Map<string, Buffer>} files
 * @param {(typeof ROWS)[number][1]} fault
 */
async function outcome(library, files, fault) {
  const stage = new Stage(library, files);
  await stage.begin();
  try {
    const { recorded, lost, doubled, sentAgain } = await stage.count(
      await fault(stage),
    );
    return `${lost}, ${doubled} of ${recorded}${sentAgain > 0 ? ` (${sentAgain})` : ""}`;
  } catch (error) {
    return /** @type {Error} */ (error).message.split("\n")[0] ?? "failed";
  } finally {
    await stage.end();
  }
}

/** @type {string[][]} */
const cells = rows.map(([what]) => [what]);
/** @type {(() => Promise<void>)[]} */
const jobs = [];
for (const [column, library] of libraries.entries()) {
  const files = await pageFiles(library);
  for (const [row, [what, fault]] of rows.entries()) {
    jobs.push(async () => {
      const cell = await outcome(library.name, files, fault);
      /** @type {string[]} */ (cells[row])[column + 1] = cell;
      console.log(`${library.label}: ${what}: ${cell}`);
    });
  }
}
const worker = async () => {
  for (let job = jobs.shift(); job; job = jobs.shift()) await job();
};
await Promise.all(Array.from({ length: AT_ONCE }, worker));

const labels = libraries.map(({ label }) => label);
const where = await circumstances(libraries);
// A run that failed counts as a loss: it must not look harmless.
const lossy = labels.map((label, column) => {
  const lost = cells.filter(
    (row) => Number.parseInt(row[column + 1] ?? "", 10) !== 0,
  );
  return `${label} ${lost.length}`;
});
const short = `Faults with losses: ${lossy.join(", ")}.`;
const text = `${table(["fault", ...labels], cells)}

A cell is: events lost, events doubled, of the events recorded; in brackets how often the server was sent an event it already had. An event is doubled if it is there twice after the server has removed repeats. For Waymark the gateway's export shows that; for the others we assume that their servers always recognise a repeated id. Where the page is left, or the row says so, the visitor comes back once, to a page that records an event of its own. In the other rows nothing is recorded after the fault, and events may arrive for 50 s.

${where}`;
console.log(`\n${text}`);
if (!values.print) {
  await writeDocument(
    "bench/PEERS.md",
    `# Ten faults\n\nWritten by \`make faults-peers\`.\n\n${text}\n`,
  );
  await writeSection("docs/performance.md", "faults-peers", text);
  await writeSection("README.md", "faults-peers", `${short}\n\n${where}`);
}
process.exit();
