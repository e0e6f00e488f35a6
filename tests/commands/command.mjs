// @ts-check
// Runs the package's command as a shop does, against a gateway that flags or the environment name.
import { execFile } from "node:child_process";
import { join } from "node:path";
import { ROOT } from "../support/program.mjs";

/** The program behind `npx waymark`. */
export const COMMAND = join(ROOT, "pkg", "bin", "waymark.mjs");

/** The environment without the variables that name a gateway. */
const { WAYMARK_HOST, WAYMARK_WRITE_KEY, SEGMENT_WRITE_KEY, ...BARE } =
  process.env;

/**
 * @param {string[]} args
 * @param {Record<string, string>} [env] what the environment says besides
 * @returns {Promise<{ code: number, out: string, error: string }>}
 */
export const waymark = (args, env = {}) =>
  new Promise((resolve) => {
    const options = { env: { ...BARE, ...env } };
    const all = [COMMAND, ...args];
    execFile(process.execPath, all, options, (error, out, err) => {
      resolve({ code: error ? Number(error.code) : 0, out, error: err });
    });
  });
