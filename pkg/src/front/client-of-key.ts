import { AnalyticsBrowser } from "./analytics-browser";

const clients = { __proto__: null } as unknown as Record<
  string,
  AnalyticsBrowser | undefined
>;

/**
 * The page's only client of a write key, shared by React's provider and the browser service. The
 * first call registers `made`, or else a new client that is not loaded yet.
 */
export function clientOfKey(
  writeKey: string,
  made?: AnalyticsBrowser,
): AnalyticsBrowser {
  return (clients[writeKey] ??= made ?? new AnalyticsBrowser());
}
