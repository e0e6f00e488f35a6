import type { Analytics } from "./analytics";
import { getGlobalAnalytics, setGlobalAnalyticsKey } from "./global-analytics";
import type { InitOptions } from "../model/load";

type Call = [method: string, ...args: unknown[]];

type Method = (...args: unknown[]) => unknown;

/** Calls that come before every event, as the client has it for its own held calls. */
const FIRST = new Set([
  "addSourceMiddleware",
  "on",
  "register",
  "setAnonymousId",
]);

/**
 * Takes over the calls that the snippet's stub holds, as the peer does from npm, too; the script-tag
 * build has taken them already. Makes those that come first, and gives what makes the rest.
 */
export function takeSnippetCalls(
  analytics: Analytics,
  { globalAnalyticsKey }: InitOptions,
): () => void {
  if (globalAnalyticsKey) setGlobalAnalyticsKey(globalAnalyticsKey);
  const stub: unknown = getGlobalAnalytics();
  if (!Array.isArray(stub)) return () => {};
  const methods = analytics as unknown as Record<string, Method | undefined>;
  const perform = ([method, ...args]: Call) => {
    const called = (async () => methods[method]?.(...args))();
    called.catch((error: unknown) => console.warn("waymark:", error));
  };
  const calls = stub.splice(0).filter((one) => Array.isArray(one)) as Call[];
  calls.filter(([method]) => FIRST.has(method)).forEach(perform);
  return () => calls.filter(([method]) => !FIRST.has(method)).forEach(perform);
}
