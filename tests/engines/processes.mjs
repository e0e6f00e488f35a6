// @ts-check
// The processes of a browser under test, and their end without a word.
import { readdir, readFile } from "node:fs/promises";
import { eventually } from "../support/eventually.mjs";

/** @typedef {import("./webdriver.mjs").Browser} Browser */
/** @typedef {{ pid: number, parent: number, name: string }} Process */

/** @returns {Promise<Process[]>} */
async function allProcesses() {
  const pids = (await readdir("/proc")).map(Number).filter(Boolean);
  const read = pids.map(async (pid) => {
    const stat = await readFile(`/proc/${pid}/stat`, "utf8");
    const [, name = "", state, parent] =
      /\((.*)\) (\S) (\d+)/s.exec(stat) ?? [];
    return { pid, name, parent: state === "Z" ? 0 : Number(parent) };
  });
  const settled = await Promise.allSettled(read);
  return settled.flatMap((it) => (it.status === "fulfilled" ? it.value : []));
}

/** The processes of a browser. @param {Pick<Browser, "driverPid">} browser */
export async function processesOf({ driverPid }) {
  const all = await allProcesses();
  /** @type {(pid: number | undefined) => Process[]} */
  const below = (pid) =>
    all
      .filter(({ parent }) => parent === pid)
      .flatMap((one) => [one, ...below(one.pid)]);
  return below(driverPid);
}

/** Kills the processes at once (SIGKILL). @param {readonly Process[]} processes */
async function kill(processes) {
  // Stopped first, so that none sees another end.
  for (const signal of ["SIGSTOP", "SIGKILL"]) {
    for (const { pid } of processes) {
      try {
        process.kill(pid, signal);
      } catch {
        // It has ended.
      }
    }
  }
  const pids = processes.map(({ pid }) => pid);
  await eventually(
    async () =>
      !(await allProcesses()).some(
        ({ pid, parent }) => parent > 0 && pids.includes(pid),
      ),
    { what: "the end of the killed processes" },
  );
}

/** Kills the whole browser, and ends its driver. @param {Browser} browser */
export async function killBrowser(browser) {
  await kill(await processesOf(browser));
  await browser.close().catch(() => {});
}

/**
 * Kills the browser's processes of this name.
 *
 * @param {Pick<Browser, "driverPid">} browser
 * @param {string} name as the kernel has it, of at most 15 characters
 */
export async function killProcess(browser, name) {
  const found = (await processesOf(browser)).filter((one) => one.name === name);
  if (found.length === 0) throw new Error(`no process ${name}`);
  await kill(found);
}
