/** The page's global variable for the client, `analytics` unless it is named otherwise. */
import type { Analytics } from "./analytics";
import type { InitOptions } from "../model/load";

/** The client of the script-tag build, with what the snippet has put there. */
export interface AnalyticsStandalone extends Analytics {
  _loadOptions?: InitOptions;
  _writeKey?: string;
  _cdn?: string;
}

/** The snippet's global: the client, or the array that holds calls for it. */
export interface AnalyticsSnippet extends AnalyticsStandalone {
  load: (writeKey: string, options?: InitOptions) => void;
}

let globalKey = "analytics";

/** The client of the script-tag build, or the snippet's stub until it is there. */
export function getGlobalAnalytics(): AnalyticsSnippet | undefined {
  return (
    globalThis as unknown as Record<string, AnalyticsSnippet | undefined>
  )[globalKey];
}

/** Names the global variable, which is `analytics` otherwise. */
export function setGlobalAnalyticsKey(key: string): void {
  globalKey = key;
}

/** Puts `analytics` where the page looks for it. */
export function setGlobalAnalytics(analytics: unknown): void {
  (globalThis as unknown as Record<string, unknown>)[globalKey] = analytics;
}
