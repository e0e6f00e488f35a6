import { warn } from "../base/platform";
import type { Analytics } from "./analytics";
import { getGlobalAnalytics, setGlobalAnalyticsKey } from "./global-analytics";
import type { InitOptions } from "../model/load";

type Call = [method: string, ...args: unknown[]];

type Method = (...args: unknown[]) => unknown;

/** Calls made before all others, like the client's own held calls that are `first`. */
const FIRST = ["addSourceMiddleware", "on", "register", "setAnonymousId"];

/**
 * Takes over the calls that the snippet's stub holds, as Segment's client from npm does; the
 * script-tag build has taken them already. Makes the calls that come first, and returns a function
 * that makes the rest.
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
    called.catch((error: unknown) => warn(error));
  };
  const calls = stub.splice(0).filter((one) => Array.isArray(one)) as Call[];
  const isFirst = ([method]: Call) => FIRST.indexOf(method) >= 0;
  calls.filter(isFirst).forEach(perform);
  return () => calls.filter((call) => !isFirst(call)).forEach(perform);
}
