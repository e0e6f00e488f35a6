// @ts-check
// The engines that tests run in beside Chromium: stock Firefox and WebKit, each with its driver.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { eventually } from "../support/eventually.mjs";
import { listen, shut } from "../support/local-server.mjs";
import { ROOT } from "../support/program.mjs";
import { Browser } from "./webdriver.mjs";

/** @typedef {import("node:child_process").ChildProcess} ChildProcess */
/**
 * @typedef {object} Engine
 * @property {string} name
 * @property {(capabilities?: object) => Promise<Browser>} launch takes more of WebDriver's
 *   capabilities
 */

const OWN_GECKODRIVER = join(ROOT, ".tools", "bin", "geckodriver");
const FIREFOX = ["/usr/bin/firefox-esr", "/usr/bin/firefox"];
const WEBKIT_DRIVER = "/usr/bin/WebKitWebDriver";
/** The browser that comes with the WebKit library, as its folder is named for each machine. */
const WEBKIT = ["x86_64", "aarch64"].map(
  (machine) => `/usr/lib/${machine}-linux-gnu/webkit2gtk-4.1/MiniBrowser`,
);

/** A free port of this machine. */
async function freePort() {
  const server = createServer();
  const host = await listen(server);
  await shut(server);
  return host.split(":").pop() ?? "";
}

/** @param {ChildProcess} child */
async function ended(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const closed = once(child, "exit");
  child.kill("SIGTERM");
  await closed;
}

/**
 * Starts a driver that listens at the port it is given.
 *
 * @param {string} program
 * @param {(port: string) => string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 */
async function startDriver(program, args, env) {
  const port = await freePort();
  const child = spawn(program, args(port), {
    stdio: "ignore",
    env: { ...process.env, ...env },
  });
  const base = `http://127.0.0.1:${port}`;
  const listens = async () => (await fetch(`${base}/status`)).ok;
  await eventually(listens, { what: `${program} to listen` }).catch((error) => {
    child.kill();
    throw error;
  });
  return { base, child };
}

/** Stock Firefox. @type {Engine["launch"]} */
async function launchFirefox(capabilities) {
  const own = existsSync(OWN_GECKODRIVER);
  const program = own ? OWN_GECKODRIVER : "geckodriver";
  const { base, child } = await startDriver(program, (port) => [
    "--port",
    port,
  ]);
  const binary = FIREFOX.find((path) => existsSync(path));
  return Browser.open(base, () => ended(child), {
    ...capabilities,
    "moz:firefoxOptions": { args: ["-headless"], binary },
  });
}

/**
 * WebKit's GTK port, on a screen that nobody sees: it has no mode without one.
 *
 * @type {Engine["launch"]}
 */
async function launchWebKit(capabilities) {
  const screen = spawn("Xvfb", ["-displayfd", "1", "-nolisten", "tcp"], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  const [number] = await once(screen.stdout, "data");
  const { base, child } = await startDriver(
    WEBKIT_DRIVER,
    (port) => [`--port=${port}`],
    { DISPLAY: `:${String(number).trim()}` },
  ).catch((error) => {
    screen.kill();
    throw error;
  });
  const end = async () => {
    await ended(child);
    await ended(screen);
  };
  const binary = WEBKIT.find((path) => existsSync(path));
  return Browser.open(base, end, {
    ...capabilities,
    "webkitgtk:browserOptions": { binary, args: ["--automation"] },
  });
}

/** @type {(Engine & { isHere: boolean })[]} */
const ALL = [
  {
    name: "Firefox",
    launch: launchFirefox,
    isHere: FIREFOX.some((path) => existsSync(path)),
  },
  {
    name: "WebKit",
    launch: launchWebKit,
    isHere: existsSync(WEBKIT_DRIVER),
  },
];

/**
 * The engines to test in: those that `ENGINES` names, separated by commas, or all that are here.
 *
 * @returns {Engine[]}
 */
export function enginesHere() {
  const named = process.env.ENGINES?.split(",");
  return ALL.filter(({ name, isHere }) => named?.includes(name) ?? isHere);
}
