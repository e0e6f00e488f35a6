// @ts-check
// Next.js apps, built and served: the example, and others that share its packages.
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { cp, rm } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { ROOT } from "../support/program.mjs";

const run = promisify(execFile);
/** The example's folder. */
export const EXAMPLE = join(ROOT, "www", "examples", "next");
const NEXT = join(EXAMPLE, "node_modules", "next", "dist", "bin", "next");

/** Installs the locked packages, once, and the package as it is built now. */
async function install() {
  if (!existsSync(NEXT)) await run("npm", ["ci"], { cwd: EXAMPLE });
  const installed = join(EXAMPLE, "node_modules", "waymark");
  await rm(installed, { recursive: true, force: true });
  for (const part of ["package.json", "dist"]) {
    const from = join(ROOT, "pkg", part);
    await cp(from, join(installed, part), { recursive: true });
  }
}

/**
 * Copies an app to where it finds the example's packages.
 *
 * @param {string} from its folder
 */
export async function besideExample(from) {
  const folder = join(EXAMPLE, ".pages-app");
  await rm(folder, { recursive: true, force: true });
  await cp(from, folder, { recursive: true });
  return folder;
}

/**
 * Builds an app for a gateway and serves it.
 *
 * @param {string} folder the app's
 * @param {string} gateway its `host:port`
 * @returns {Promise<{ origin: string, logs: string[], stop: () => Promise<void> }>}
 */
export async function serveApp(folder, gateway) {
  await install();
  // Its build cache does not notice that the package has changed.
  await rm(join(folder, ".next"), { recursive: true, force: true });
  const env = {
    ...process.env,
    NEXT_PUBLIC_GATEWAY: gateway,
    NEXT_TELEMETRY_DISABLED: "1",
  };
  await run(process.execPath, [NEXT, "build"], { cwd: folder, env });
  const child = spawn(
    process.execPath,
    [NEXT, "start", "--port", "0", "--hostname", "127.0.0.1"],
    { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"] },
  );
  /** @type {string[]} */
  const logs = [];
  createInterface({ input: child.stderr }).on("line", (line) => {
    logs.push(line);
  });
  const origin = await new Promise((resolve, reject) => {
    child.once("close", (code) =>
      reject(new Error(`next ended with ${code}\n${logs.join("\n")}`)),
    );
    createInterface({ input: child.stdout }).on("line", (line) => {
      const [found] = /http:\/\/127\.0\.0\.1:\d+/.exec(line) ?? [];
      if (found) resolve(found);
    });
  });
  return {
    origin,
    logs,
    stop: async () => {
      const ended = once(child, "close");
      child.kill("SIGTERM");
      await ended;
    },
  };
}
