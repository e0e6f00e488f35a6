import { AnalyticsBrowser } from "./analytics-browser";

const clients = new Map<string, AnalyticsBrowser>();

/**
 * The page's only client of a write key, shared by React's provider and the browser service. The
 * first call registers `made`, or else a new client that is not loaded yet.
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
