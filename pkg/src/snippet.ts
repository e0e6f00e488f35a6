/**
 * The script-tag build: takes over from Segment's snippet, whose stub holds calls in the global
 * `analytics` until this script is there. Without the snippet the global is an
 * `AnalyticsBrowser`, which the page loads itself.
 */
import { AnalyticsBrowser } from "./front/analytics-browser";
import {
  getGlobalAnalytics,
  setGlobalAnalytics,
  setGlobalAnalyticsKey,
} from "./client/global-analytics";
import { STAYS } from "./front/waiting-methods";
import type { InitOptions } from "./model/load";

type Call = [method: string, ...args: unknown[]];

/** What the snippet puts there: an array of calls, with a method for each of the client's. */
interface Stub extends Array<Call> {
  _writeKey?: string;
  _cdn?: string;
  _loadOptions?: InitOptions;
}

/** Methods of the loaded client that have another name on the one that loads. */
const NAMES: Record<string, string> = {
  pageview: "pageView",
  trackForm: "trackSubmit",
};

/** The write key in the address of a script in the form of Segment's. */
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
  // Before any call of the page: its callbacks find the client in place of the stub.
  void client.whenLoaded(setGlobalAnalytics, STAYS);
  client.load({ writeKey, ...(stub._cdn && { cdnURL: stub._cdn }) }, options);
  stub.splice(0).forEach((call) => perform(client, call));
  stub.push = (...calls: Call[]) => {
    calls.forEach((call) => perform(client, call));
    return 0;
  };
}

function start(): void {
  const script = globalThis.document?.currentScript as
    HTMLScriptElement | null | undefined;
  const key = script?.getAttribute("data-global-segment-analytics-key");
  if (key) setGlobalAnalyticsKey(key);
  const stub = getGlobalAnalytics() as unknown as Stub | undefined;
  if (!stub) return setGlobalAnalytics(new AnalyticsBrowser());
  if (!Array.isArray(stub)) return;
  const inAddress = KEY_IN_ADDRESS.exec(script?.src ?? "")?.[1];
  const writeKey = stub._writeKey ?? inAddress;
  if (writeKey) takeOver(stub, writeKey);
  else console.error("waymark: the snippet gives no write key");
}

start();
