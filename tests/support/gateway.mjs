// @ts-check
// The real gateway as a child process, with a real file of its own.
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { eventually } from "./eventually.mjs";
import { gatewayConfig } from "./gateway-config.mjs";
import { gatewayProgram } from "./program.mjs";

/** The largest export of a test's events, in bytes. */
const EXPORT_MAX_BYTES = 256 * 1024 * 1024;

const run = promisify(execFile);

/**
 * @typedef {object} StoredEvent one line of `waymark-gateway export`
 * @property {string} source
 * @property {string} receivedAt ISO time
 * @property {string} type
 * @property {string} messageId
 * @property {string | null} userId
 * @property {string | null} anonymousId
 * @property {string} keyKind
 * @property {any} event the event as stored
 */

/**
 * @typedef {object} GatewayOptions
 * @property {import("./gateway-config.mjs").Source[]} [sources] default: one source `shop`, any
 *   origin, keys `demo-browser-key` and `demo-server-key`
 * @property {string} [staticDir] a built storefront to serve
 * @property {string[]} [trustedProxies] addresses whose `X-Forwarded-For` is believed
 * @property {string} [defaultSource] where plain requests without a key go
 * @property {string} [folder] keeps the database there (to start again on the same file); default
 *   a new folder, removed by `stop`
 * @property {string} [listen] `host:port`; default a free port
 * @property {string} [toml] more configuration, appended as it is
 * @property {string[]} [args] more command line
 * @property {NodeJS.ProcessEnv} [env] more environment
 */

/** @type {import("./gateway-config.mjs").Source[]} */
const DEFAULT_SOURCES = [
  {
    name: "shop",
    allowedOrigins: ["*"],
    keys: [
      { key: "demo-browser-key", kind: "browser" },
      { key: "demo-server-key", kind: "server" },
    ],
  },
];

/** A running gateway. */
export class Gateway {
  /** @type {import("node:child_process").ChildProcess} */
  #child;
  #removesFolder;
  /** @type {string[]} */
  #logs;

  /**
   * @param {{ child: import("node:child_process").ChildProcess, logs: string[], folder: string,
   *   removesFolder: boolean, database: string, ready: any }} parts
   */
  constructor(parts) {
    this.#child = parts.child;
    this.#logs = parts.logs;
    this.#removesFolder = parts.removesFolder;
    /** The folder of its configuration and database. */
    this.folder = parts.folder;
    /** The path of its SQLite file. */
    this.database = parts.database;
    /** `host:port` of the public listener. */
    this.host = parts.ready.listen;
    /** The public listener's address, without a slash at the end. */
    this.url = `http://${parts.ready.listen}`;
    /** The admin listener's address, without a slash at the end. */
    this.adminUrl = `http://${parts.ready.admin_listen}`;
  }

  /** Its process id. */
  get pid() {
    return this.#child.pid;
  }

  /** Its log so far, one JSON text a line. */
  get logs() {
    return this.#logs.join("\n");
  }

  /**
   * Every stored event, in the order of their commits.
   *
   * @param {string} [source] only this source's
   * @returns {Promise<StoredEvent[]>}
   */
  async exportEvents(source) {
    const args = ["export", "--database", this.database];
    if (source) args.push("--source", source);
    const { stdout } = await run(gatewayProgram(), args, {
      maxBuffer: EXPORT_MAX_BYTES,
    });
    return stdout
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line));
  }

  /**
   * Waits until at least `count` events are stored.
   *
   * @param {number} count
   * @param {string} [source] counts only this source's
   * @returns {Promise<StoredEvent[]>} all stored events
   */
  async waitForEvents(count, source) {
    let seen = 0;
    return eventually(
      async () => {
        const events = await this.exportEvents(source);
        seen = events.length;
        return seen >= count && events;
      },
      { what: () => `${count} stored events (there are ${seen})` },
    );
  }

  /**
   * Waits until a `track` of this name is stored.
   *
   * @param {string} name
   * @returns {Promise<any[]>} the events as they are stored, without that one
   */
  async eventsBefore(name) {
    return eventually(
      async () => {
        const events = (await this.exportEvents()).map(({ event }) => event);
        const others = events.filter(({ event }) => event !== name);
        return others.length < events.length && others;
      },
      { what: `the event ${name}` },
    );
  }

  /** Kills the process as a power cut would (SIGKILL) and waits for its end; the file stays. */
  async kill() {
    await this.#end("SIGKILL");
  }

  /**
   * Asks it to stop (SIGTERM), waits for its end and removes its folder if it made one.
   *
   * @returns {Promise<number | null>} its exit code
   */
  async stop() {
    await this.#end("SIGTERM");
    if (this.#removesFolder) {
      await rm(this.folder, { recursive: true, force: true });
    }
    return this.#child.exitCode;
  }

  /** @param {NodeJS.Signals} signal */
  async #end(signal) {
    const child = this.#child;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill(signal);
    await ended;
  }
}

/**
 * Starts a gateway on free ports and waits for its ready line.
 *
 * @param {GatewayOptions} [options]
 * @returns {Promise<Gateway>} stop it when done
 * @throws {Error} when it ends before it is ready, with its log
 */
export async function startGateway(options = {}) {
  const folder =
    options.folder ?? (await mkdtemp(join(tmpdir(), "waymark-gateway-")));
  const database = join(folder, "events.sqlite");
  const config = join(folder, "gateway.toml");
  const { staticDir, defaultSource, trustedProxies, toml } = options;
  const sources = options.sources ?? DEFAULT_SOURCES;
  await writeFile(
    config,
    gatewayConfig({
      ...{ database, staticDir, defaultSource, trustedProxies, toml, sources },
    }),
  );

  const child = spawn(
    gatewayProgram(),
    [
      ...["serve", "--config", config],
      ...["--listen", options.listen ?? "127.0.0.1:0"],
      ...["--admin-listen", "127.0.0.1:0"],
      ...(options.args ?? []),
    ],
    {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, ...options.env },
    },
  );
  /** @type {string[]} */
  const logs = [];
  createInterface({ input: child.stderr }).on("line", (line) => {
    logs.push(line);
  });
  const ready = await readyLine(child, logs);
  const removesFolder = options.folder === undefined;
  return new Gateway({ child, logs, folder, removesFolder, database, ready });
}

/**
 * @param {import("node:child_process").ChildProcessByStdio<null, import("node:stream").Readable,
 *   import("node:stream").Readable>} child
 * @param {string[]} logs
 * @returns {Promise<any>} the parsed ready line
 */
function readyLine(child, logs) {
  return new Promise((resolve, reject) => {
    const failed = (/** @type {unknown} */ why) =>
      reject(
        new Error(
          `the gateway did not start: ${String(why)}\n${logs.join("\n")}`,
        ),
      );
    child.once("error", failed);
    child.once("close", (code) => failed(`exit code ${code}`));
    createInterface({ input: child.stdout }).on("line", (line) => {
      if (!line.startsWith("{")) return;
      const said = JSON.parse(line);
      if (said.ready) resolve(said);
    });
  });
}
