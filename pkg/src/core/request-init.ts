import type { DeliveryConfig } from "../model/delivery";

/** Headers as the page gives them: by name, or made for each request. */
function headersOf(given: DeliveryConfig["headers"]): Record<string, string> {
  const headers = typeof given === "function" ? given() : (given ?? {});
  const entries = Object.entries(headers).map(([name, value]) => [
    name,
    typeof value === "function" ? value() : value,
  ]);
  return Object.fromEntries(entries) as Record<string, string>;
}

/**
 * What adds the page's own members to each request; nothing where it asks for none, as headers
 * cost a preflight.
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
      // The peer's own, which one of the page's may replace.
      init.headers = { "Content-Type": "text/plain", ...headersOf(headers) };
    }
  };
}
