/** Whether a page is being developed: what warns then, and only then. */

import { isLocalPage } from "../page/page";

/** What bundlers put in place; a page without one has no `process`. */
declare const process: { env: { NODE_ENV?: string } };

/**
 * Whether this is a development build: as `NODE_ENV` says, else a page of this machine, else a
 * server, where a missing `NODE_ENV` means development too.
 */
export function isDevelopment(): boolean {
  try {
    const mode = process.env.NODE_ENV;
    if (mode) return mode !== "production";
  } catch {
    // No bundler, no Node.js.
  }
  return !globalThis.location || isLocalPage();
}
