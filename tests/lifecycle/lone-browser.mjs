// @ts-check
// Chromium without a debugger, under which it would not prerender. Pages drive themselves, and
// report to the test by requests.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CHROMIUM_FLAGS, chromiumPath } from "../support/chromium.mjs";

/**
 * Opens an address in a browser of its own.
 *
 * @param {string} url
 * @returns {Promise<{ close: () => Promise<void> }>}
 */
export async function openAlone(url) {
  const profile = await mkdtemp(join(tmpdir(), "waymark-chromium-"));
  const child = spawn(
    chromiumPath(),
    ["--headless=new", ...CHROMIUM_FLAGS, `--user-data-dir=${profile}`, url],
    { stdio: "ignore", detached: true },
  );
  await once(child, "spawn");
  return {
    close: async () => {
      const ended = once(child, "exit");
      // The whole process group, renderers included.
      if (child.exitCode === null && child.pid) {
        process.kill(-child.pid, "SIGKILL");
        await ended;
      }
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
