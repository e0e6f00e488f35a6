// @ts-check
// WebKit without its driver, which ends where a process of the browser is killed.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { ended, startScreen, WEBKIT_WITH_PROFILE } from "./engines.mjs";

/** The longest that a page's load, or a script in it, may take, in milliseconds. */
const ANSWER_MAX_MS = 30_000;

/**
 * Starts WebKit with a folder that keeps what pages store.
 *
 * @param {string} profile
 */
export async function startWebKitByLines(profile) {
  const screen = await startScreen();
  const child = spawn(
    WEBKIT_WITH_PROFILE,
    [`--profile=${profile}`, "--lines"],
    {
      stdio: ["pipe", "pipe", "ignore"],
      env: { ...process.env, DISPLAY: screen.display },
    },
  );
  const lines = createInterface({ input: child.stdout });

  /** @param {object} asked @returns {Promise<any>} */
  async function ask(asked) {
    const signal = AbortSignal.timeout(ANSWER_MAX_MS);
    const answered = once(lines, "line", { signal });
    child.stdin.write(`${JSON.stringify(asked)}\n`);
    const line = await answered.catch(() => {
      throw new Error(`no answer to ${JSON.stringify(asked)}`);
    });
    const { value, error } = JSON.parse(String(line));
    if (error) throw new Error(error);
    return value;
  }

  return {
    driverPid: child.pid,
    /** @param {string} url */
    goto: (url) => ask({ url }),
    /** Runs the body of a function in the page. @param {string} script */
    evaluate: (script) => ask({ script }),
    async close() {
      await ended(child);
      await screen.end();
    },
  };
}
