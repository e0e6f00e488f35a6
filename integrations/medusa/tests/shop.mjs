// @ts-check
// The shop of the tests: a real Medusa with the packed plugin, in a process of its own.
import { execFile, fork } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const PLUGIN = join(import.meta.dirname, "..");
const SHOP = join(import.meta.dirname, "shop");

/** Packs the plugin as npm would publish it, and puts it where the shop looks for packages. */
export async function installPlugin() {
  const modules = join(SHOP, "node_modules");
  await mkdir(modules, { recursive: true });
  const folder = await mkdtemp(join(modules, ".packed-"));
  try {
    const args = ["pack", "--json", "--pack-destination", folder];
    // The build, which npm runs before, writes to the same output.
    await run("npm", ["run", "build"], { cwd: PLUGIN });
    const pack = [...args, "--ignore-scripts"];
    const { stdout } = await run("npm", pack, { cwd: PLUGIN });
    const [{ filename }] = JSON.parse(stdout);
    await run("tar", ["-xzf", filename], { cwd: folder });
    const target = join(modules, "medusa-plugin-waymark");
    await rm(target, { recursive: true, force: true });
    await rename(join(folder, "package"), target);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Makes the tables of Medusa and the plugin. @param {string} databaseUrl */
export async function migrate(databaseUrl) {
  const code =
    'require("@medusajs/medusa/commands/db/migrate").default' +
    "({ directory: process.cwd(), executeAllLinks: true, skipScripts: true })";
  await run(process.execPath, ["--eval", code], {
    cwd: SHOP,
    env: environment(databaseUrl, "http://127.0.0.1:9"),
    maxBuffer: 64 * 1024 * 1024,
  });
}

/**
 * @param {string} databaseUrl
 * @param {string} host the gateway's address
 */
const environment = (databaseUrl, host) => ({
  ...process.env,
  DATABASE_URL: databaseUrl,
  FLUSH_INTERVAL_MS: "200",
  MEDUSA_DISABLE_TELEMETRY: "1",
  NODE_ENV: "production",
  LOG_LEVEL: "info",
  WAYMARK_HOST: host,
});

/** A running shop. */
export class Shop {
  #child;
  #last = 0;
  /** @type {Map<number, { resolve: (value: any) => void, reject: (error: Error) => void }>} */
  #waiting = new Map();
  /** @type {string[]} What it has logged. */
  logs = [];
  /** The address of its store API. */
  url = "";

  /** @param {import("node:child_process").ChildProcess} child */
  constructor(child) {
    this.#child = child;
    for (const output of [child.stdout, child.stderr]) {
      output?.on("data", (chunk) => this.logs.push(String(chunk)));
    }
  }

  /**
   * Starts a shop.
   *
   * @param {string} databaseUrl
   * @param {string} host the gateway's address
   * @returns {Promise<Shop>}
   */
  static async start(databaseUrl, host) {
    const child = fork(join(SHOP, "main.cjs"), {
      env: environment(databaseUrl, host),
      silent: true,
    });
    const shop = new Shop(child);
    await shop.#ready();
    return shop;
  }

  /** @returns {Promise<void>} */
  #ready() {
    return new Promise((resolve, reject) => {
      this.#child.on("message", (/** @type {any} */ message) => {
        if (message.ready) {
          this.url = `http://127.0.0.1:${message.ready}`;
          resolve();
          return;
        }
        const waiting = this.#waiting.get(message.number);
        this.#waiting.delete(message.number);
        if (message.error) waiting?.reject(new Error(message.error));
        else waiting?.resolve(message.result);
      });
      this.#child.once("exit", (code) => {
        const error = new Error(
          `the shop ended (${code}): ${this.logs.join("")}`,
        );
        for (const { reject: end } of this.#waiting.values()) end(error);
        reject(error);
      });
    });
  }

  /**
   * Has it do a step of `shop/steps.cjs`.
   *
   * @param {string} step
   * @param {unknown} [argument]
   * @returns {Promise<any>}
   */
  do(step, argument) {
    const number = ++this.#last;
    return new Promise((resolve, reject) => {
      this.#waiting.set(number, { resolve, reject });
      this.#child.send([number, step, argument]);
    });
  }

  /** Kills it, as a power cut would. */
  async kill() {
    await this.#end("SIGKILL");
  }

  /** Ends it as a host does, and resolves to its exit code. */
  async stop() {
    await this.#end("SIGTERM");
    return this.#child.exitCode;
  }

  /** @param {NodeJS.Signals} signal */
  async #end(signal) {
    if (this.#child.exitCode !== null || this.#child.signalCode) return;
    const ended = once(this.#child, "exit");
    this.#child.kill(signal);
    await ended;
  }
}
