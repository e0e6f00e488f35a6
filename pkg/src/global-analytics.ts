import type { AnalyticsSnippet } from "./types";

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
