// @ts-check
// The engines that tests run in beside Chromium: stock Firefox and WebKit, each with its driver.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { eventually } from "../support/eventually.mjs";
import { freePort } from "../support/local-server.mjs";
import { ROOT } from "../support/program.mjs";
import { Browser } from "./webdriver.mjs";

/** @typedef {import("node:child_process").ChildProcess} ChildProcess */
/**
 * @typedef {object} Engine
 * @property {string} name
 * @property {(capabilities?: object, profile?: string) => Promise<Browser>} launch takes more of
 *   WebDriver's capabilities, and a folder that keeps what pages store; without one, the browser
 *   has an empty profile
 */

const OWN_GECKODRIVER = join(ROOT, ".tools", "bin", "geckodriver");
const FIREFOX = ["/usr/bin/firefox-esr", "/usr/bin/firefox"];
const WEBKIT_DRIVER = "/usr/bin/WebKitWebDriver";
/** The browser that comes with the WebKit library, as its folder is named for each machine. */
const WEBKIT = ["x86_64", "aarch64"].map(
  (machine) => `/usr/lib/${machine}-linux-gnu/webkit2gtk-4.1/MiniBrowser`,
);
const FIREFOX_THAT_STAYS = fileURLToPath(
  new URL("firefox-that-stays", import.meta.url),
);
/** WebKit with a folder that keeps what pages store. */
export const WEBKIT_WITH_PROFILE = fileURLToPath(
  new URL("webkit-with-profile.py", import.meta.url),
);

/** Ends a process, and waits for its end. @param {ChildProcess} child */
export async function ended(child) {
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
  const port = String(await freePort());
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
async function launchFirefox(capabilities, profile) {
  const own = existsSync(OWN_GECKODRIVER);
  const program = own ? OWN_GECKODRIVER : "geckodriver";
  const binary = FIREFOX.find((path) => existsSync(path));
  const { base, child } = await startDriver(
    program,
    (port) => ["--port", port],
    { FIREFOX: binary },
  );
  const args = ["-headless", ...(profile ? ["-profile", profile] : [])];
  const browser = await Browser.open(base, () => ended(child), {
    ...capabilities,
    "moz:firefoxOptions": {
      args,
      binary: profile ? FIREFOX_THAT_STAYS : binary,
    },
  });
  browser.driverPid = child.pid;
  return browser;
}

/** Starts a screen that nobody sees. */
export async function startScreen() {
  const screen = spawn("Xvfb", ["-displayfd", "1", "-nolisten", "tcp"], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  const [number] = await once(screen.stdout, "data");
  return {
    display: `:${String(number).trim()}`,
    end: () => ended(screen),
  };
}

/**
 * WebKit's GTK port, on a screen that nobody sees: it has no mode without one.
 *
 * @type {Engine["launch"]}
 */
async function launchWebKit(capabilities, profile) {
  const screen = await startScreen();
  const { base, child } = await startDriver(
    WEBKIT_DRIVER,
    (port) => [`--port=${port}`],
    { DISPLAY: screen.display },
  ).catch(async (error) => {
    await screen.end();
    throw error;
  });
  const end = async () => {
    await ended(child);
    await screen.end();
  };
  // The browser that comes with the library keeps nothing while a driver has it.
  const browserOptions = profile
    ? { binary: WEBKIT_WITH_PROFILE, args: [`--profile=${profile}`] }
    : {
        binary: WEBKIT.find((path) => existsSync(path)),
        args: ["--automation"],
      };
  const browser = await Browser.open(base, end, {
    ...capabilities,
    "webkitgtk:browserOptions": browserOptions,
  });
  browser.driverPid = child.pid;
  return browser;
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
