// @ts-check
// The gateway under load on this machine: events a second, answer times, memory and file size.
// Usage: node bench/gateway/run.mjs [--seconds 120] [--batch 100] [--connections 8]
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { startGateway } from "../../tests/support/gateway.mjs";
import { gatewayProgram } from "../../tests/support/program.mjs";
import { sendLoad } from "./load.mjs";

const WRITE_KEY = "bench-key";
/** Seconds at the start and at the end of a run whose rates are compared. */
const WINDOW_S = 30;
/** Requests a second that no run reaches: the rate limit is not what is measured. */
const NO_LIMIT = 1_000_000;
/** How often memory is read, in milliseconds. */
const MEMORY_EVERY_MS = 5000;

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "120" },
    batch: { type: "string", default: "100" },
    connections: { type: "string", default: "8" },
  },
});
const seconds = Number(values.seconds);
const batchSize = Number(values.batch);
const connections = Number(values.connections);

/** @param {number | undefined} pid @returns {Promise<number>} resident memory in MB */
async function memoryMb(pid) {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
}

/** @param {number[]} values @param {number} share */
function quantile(values, share) {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

/** @param {number[]} rates */
const mean = (rates) =>
  rates.reduce((sum, rate) => sum + rate, 0) / Math.max(1, rates.length);

/** @param {string} folder @returns {Promise<number>} of the database and the files beside it */
async function folderBytes(folder) {
  const names = await readdir(folder);
  const stats = names.map((name) => stat(join(folder, name)));
  return (await Promise.all(stats)).reduce((sum, { size }) => sum + size, 0);
}

/** @param {string} database @returns {Promise<number>} events stored */
async function countStored(database) {
  const child = spawn(gatewayProgram(), ["export", "--database", database], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let count = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    if (line !== "") count += 1;
  }
  return count;
}

const gateway = await startGateway({
  sources: [{ name: "bench", keys: [{ key: WRITE_KEY, kind: "server" }] }],
  toml: `[limits]
requests_per_second_per_key = ${NO_LIMIT}
requests_per_second_per_address = ${NO_LIMIT}
`,
});
const memory = /** @type {number[]} */ ([await memoryMb(gateway.pid)]);
const watch = setInterval(async () => {
  memory.push(await memoryMb(gateway.pid));
}, MEMORY_EVERY_MS);
const plan = { url: gateway.url, writeKey: WRITE_KEY };
const load = await sendLoad({ ...plan, seconds, batchSize, connections });
clearInterval(watch);
const bytes = await folderBytes(gateway.folder);
const stored = await countStored(gateway.database);
await gateway.stop();

const { acknowledged, refused, latenciesMs, perSecond } = load;
const first = mean(perSecond.slice(0, WINDOW_S));
const last = mean(perSecond.slice(-WINDOW_S));
const rounded = (/** @type {number} */ value) => Math.round(value);
console.log(
  `batches of ${batchSize}, ${connections} connections, ${seconds} s`,
);
console.log(`events/s           ${rounded(acknowledged / seconds)}`);
console.log(`first ${WINDOW_S} s, events/s ${rounded(first)}`);
console.log(
  `last ${WINDOW_S} s, events/s  ${rounded(last)} (${((100 * last) / first - 100).toFixed(1)} %)`,
);
console.log(`p50 of a batch     ${quantile(latenciesMs, 0.5).toFixed(1)} ms`);
console.log(`p99 of a batch     ${quantile(latenciesMs, 0.99).toFixed(1)} ms`);
console.log(
  `memory             ${memory.map((mb) => mb.toFixed(0)).join(" ")} MB`,
);
console.log(
  `file               ${(bytes / 1e6).toFixed(0)} MB, ${rounded(bytes / stored)} bytes an event`,
);
console.log(`acknowledged       ${acknowledged}`);
console.log(`stored             ${stored}`);
for (const [status, count] of refused)
  console.log(`answered ${status}: ${count} batches`);
process.exitCode = stored === acknowledged && refused.size === 0 ? 0 : 1;
