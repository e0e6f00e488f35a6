import type { Load, Watched } from "../development/watched";
import { isLocalPage } from "../page/page";
import { isSimulated } from "../page/simulated";

/** Bundlers replace `process.env.NODE_ENV`; without a bundler a page has no `process`. */
declare const process: { env: { NODE_ENV?: string } };

function fetchHelp(client: Watched, load?: Load, mode?: string): void {
  // A server has neither, whatever its own globals are.
  const { location, navigator } = globalThis;
  if (!location || !navigator || isSimulated()) return;
  if (!mode && !isLocalPage()) return;
  void import("../development/development").then(
    ({ help }) => help(client, load),
    () => {},
  );
}

/**
 * Has development's warnings given, by a file that is fetched then only. As in `isDevelopment`, the
 * bundler's mode decides, else the page's host. In this form bundlers leave all of it out of what
 * they build for production.
 */
export function inDevelopment(client: Watched, load?: Load): void {
  try {
    if (process.env.NODE_ENV !== "production") {
      fetchHelp(client, load, process.env.NODE_ENV);
    }
  } catch {
    fetchHelp(client, load);
  }
}
