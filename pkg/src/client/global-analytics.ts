/** The page's global variable for the client, named `analytics` by default. */
import type { Analytics } from "./analytics";
import type { InitOptions } from "../model/load";

/** The client of the script-tag build, with the members that the snippet sets. */
export interface AnalyticsStandalone extends Analytics {
  /** The options of `load`. */
  _loadOptions?: InitOptions;
  /** The source's write key. */
  _writeKey?: string;
  /** The address of the CDN. */
  _cdn?: string;
}

/** The snippet's global: the client, or the array that holds calls for it. */
export interface AnalyticsSnippet extends AnalyticsStandalone {
  /** Loads the client. */
  load: (writeKey: string, options?: InitOptions) => void;
}

let globalKey = "analytics";

/** The client of the script-tag build, or the snippet's stub until the client is loaded. */
export function getGlobalAnalytics(): AnalyticsSnippet | undefined {
  return (
    globalThis as unknown as Record<string, AnalyticsSnippet | undefined>
  )[globalKey];
}

/** Renames the global variable from `analytics` to `key`. */
export function setGlobalAnalyticsKey(key: string): void {
  globalKey = key;
}

/** Sets the global variable. */
export function setGlobalAnalytics(analytics: unknown): void {
  (globalThis as unknown as Record<string, unknown>)[globalKey] = analytics;
}
