/**
 * The script-tag build. It takes over from Segment's snippet, whose stub holds calls in the global
 * `analytics` until this script runs. Without the snippet, it sets the global to an
 * `AnalyticsBrowser`, whose `load` the page calls itself.
 */
import { isOfPage } from "./base/snapshot";
import { AnalyticsBrowser } from "./front/analytics-browser";
import { currentScript } from "./page/current-script";
import {
  getGlobalAnalytics,
  setGlobalAnalytics,
  setGlobalAnalyticsKey,
} from "./client/global-analytics";
import { STAYS } from "./front/waiting-methods";
import type { InitOptions } from "./model/load";

type Call = [method: string, ...args: unknown[]];

/** The snippet's stub: an array of calls, with the same method names as the client. */
interface Stub extends Array<Call> {
  _writeKey?: string;
  _cdn?: string;
  _loadOptions?: InitOptions;
}

/** The names in `AnalyticsBrowser` of methods that `Analytics` names differently. */
const NAMES: Record<string, string> = {
  pageview: "pageView",
  trackForm: "trackSubmit",
};

/** Matches the write key in a script address of Segment's form. */
const KEY_IN_ADDRESS = /\/analytics\.js\/v1\/([^/]+)\//;

function perform(client: AnalyticsBrowser, [method, ...args]: Call): void {
  const name = (NAMES[method] ?? method) as "track";
  if (typeof client[name] !== "function") {
    console.warn(`waymark: there is no analytics.${method}`);
    return;
  }
  void client[name](...(args as [string]));
}

function takeOver(stub: Stub, writeKey: string): void {
  const options = stub._loadOptions ?? {};
  if (options.globalAnalyticsKey) {
    setGlobalAnalyticsKey(options.globalAnalyticsKey);
  }
  const client = new AnalyticsBrowser();
  // Before the page's calls, so that their callbacks find the client instead of the stub.
  void client.whenLoaded(setGlobalAnalytics, STAYS);
  client.load({ writeKey, ...(stub._cdn && { cdnURL: stub._cdn }) }, options);
  stub.splice(0).forEach((call) => perform(client, call));
  stub.push = (...calls: Call[]) => {
    calls.forEach((call) => perform(client, call));
    return 0;
  };
}

/** Whether an element or a frame of that name stands in for the global. */
function isStandIn(found: object): boolean {
  try {
    return isOfPage(Object(found) as object);
  } catch {
    return true; // A frame of another origin.
  }
}

function start(): void {
  const script = globalThis.document && currentScript();
  const key = script?.getAttribute("data-global-segment-analytics-key");
  if (key) setGlobalAnalyticsKey(key);
  const stub = getGlobalAnalytics() as unknown as Stub | undefined;
  if (!stub || isStandIn(stub))
    return setGlobalAnalytics(new AnalyticsBrowser());
  if (!Array.isArray(stub)) return;
  const inAddress = KEY_IN_ADDRESS.exec(script?.src ?? "")?.[1];
  const writeKey = stub._writeKey ?? inAddress;
  if (writeKey) takeOver(stub, writeKey);
  else console.error("waymark: the snippet gives no write key");
}

start();
