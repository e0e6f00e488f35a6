import type { DeliveryConfig } from "../model/delivery";

/** The page's headers; functions among them are called for each request. */
function headersOf(given: DeliveryConfig["headers"]): Record<string, string> {
  const headers = typeof given === "function" ? given() : (given ?? {});
  const entries = Object.entries(headers).map(([name, value]) => [
    name,
    typeof value === "function" ? value() : value,
  ]);
  return Object.fromEntries(entries) as Record<string, string>;
}

/**
 * A function that adds the page's own members to each request; undefined if the page has none, as
 * headers cost a preflight.
 */
export function requestInit(
  config: DeliveryConfig | undefined,
): ((init: RequestInit) => void) | undefined {
  const { credentials, headers, keepalive, priority } = config ?? {};
  if (!credentials && !headers && !keepalive && !priority) return undefined;
  return (init) => {
    if (credentials) init.credentials = credentials;
    if (priority) init.priority = priority;
    if (keepalive) init.keepalive = true;
    if (headers) {
      // The type that Segment's client sends; the page's headers may replace it.
      init.headers = { "Content-Type": "text/plain", ...headersOf(headers) };
    }
  };
}
