/** Detects development, as some warnings are for developers only. */

import { isLocalPage } from "../page/page";

/** Bundlers replace `process.env.NODE_ENV`; without a bundler a page has no `process`. */
declare const process: { env: { NODE_ENV?: string } };

/**
 * Whether this is development: `NODE_ENV` decides. Without it, a page on localhost and a server
 * count as development.
 */
export function isDevelopment(): boolean {
  try {
    const mode = process.env.NODE_ENV;
    if (mode) return mode !== "production";
  } catch {
    // `process` is missing: neither a bundler nor Node.js.
  }
  return !globalThis.location || isLocalPage();
}
