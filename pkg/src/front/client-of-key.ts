import { AnalyticsBrowser } from "./analytics-browser";

const clients = new Map<string, AnalyticsBrowser>();

/**
 * The page's one client of a write key, which is not loaded yet when it is new: React's
 * provider and the browser service share it. `made` becomes that client where there is none.
 */
export function clientOfKey(
  writeKey: string,
  made?: AnalyticsBrowser,
): AnalyticsBrowser {
  const known = clients.get(writeKey);
  if (known) return known;
  const client = made ?? new AnalyticsBrowser();
  clients.set(writeKey, client);
  return client;
}
