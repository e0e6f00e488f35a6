/** The client and its core: the chunk that `load` fetches. */
import { warn, within } from "../base/platform";
import { Analytics } from "./analytics";
import { copyCall, type Method } from "../call/call";
import { fetchCdnSettings } from "./cdn-settings";
import { Core } from "../core/core";
import { getCore, makeEngine } from "../core/engine";
import { Journal } from "../journal/journal";
import { watchLifecycle } from "./lifecycle";
import {
  CLIENT_HINTS_MAX_MS,
  PLUGIN_LOAD_MAX_MS,
  RESTORE_MAX_MS,
} from "../base/limits";
import { poster } from "../core/post";
import { mergedSegment, sendsToSegment } from "../core/segment-settings";
import { preconnect } from "../page/preconnect";
import { userAgentData } from "../page/device";
import { API_HOST, baseUrl } from "../core/address";
import { coreSettings, idCookies } from "../core/settings";
import { removeCookies } from "./remove-cookies";
import { takeSnippetCalls } from "./snippet-calls";
import type { Answer } from "../core/answer";
import type { Beginning, Permit, Started } from "./started";
import type { AnalyticsBrowserSettings, InitOptions } from "../model/load";
import type { CDNSettings } from "../model/source-settings";
import type { Plugin } from "../model/plugin";

/** `navigator.userAgentData` as Segment's client sends it: low entropy, and the hints `asked`. */
async function clientHints(asked: unknown): Promise<object | undefined> {
  const low = userAgentData();
  const { userAgentData: data } = navigator as {
    userAgentData?: {
      getHighEntropyValues?: (asked: string[]) => Promise<object>;
    };
  };
  if (!Array.isArray(asked) || !data?.getHighEntropyValues) return low;
  const high = data.getHighEntropyValues(asked);
  return (await within(high, CLIENT_HINTS_MAX_MS)) ?? low;
}

async function cdnSettings(
  settings: AnalyticsBrowserSettings,
  options: InitOptions,
): Promise<CDNSettings> {
  const { writeKey, cdnURL } = settings;
  const given =
    settings.cdnSettings ??
    (cdnURL && (await fetchCdnSettings(writeKey, cdnURL)));
  const found = given || ({ integrations: {} } as CDNSettings);
  try {
    return options.updateCDNSettings?.(found) ?? found;
  } catch (error) {
    warn(error);
    return found;
  }
}

/**
 * Starts a client. `wasm` is the core's pending request, `beginning` the moment of `load`. Resolves
 * with undefined if consent was withdrawn meanwhile.
 */
export async function start(
  settings: AnalyticsBrowserSettings,
  options: InitOptions,
  wasm: Promise<Answer | undefined> | undefined,
  beginning: Beginning,
  permit: Permit,
): Promise<Started | undefined> {
  const persists = !options.disableClientPersistence && !options.disable;
  const journal = persists
    ? permit.keep((early) => new Journal(settings.writeKey, early))
    : undefined;
  const gettingCdn = cdnSettings(settings, options).then((cdn) => {
    const isSure = typeof options.disable !== "function";
    const url = baseUrl(mergedSegment(cdn, settings, options));
    if (isSure && url && sendsToSegment(options)) preconnect(url);
    return cdn;
  });
  const [cdn, hints, bind] = await Promise.all([
    gettingCdn,
    clientHints(options.highEntropyValuesClientHints),
    getCore(wasm, persists),
  ]);
  if (typeof options.disable === "function" && (await options.disable(cdn))) {
    const { startDisabled } = await import("./disabled");
    return startDisabled(settings, options);
  }
  await permit.erased();
  if (!permit.isGranted()) return undefined;
  const segment = mergedSegment(cdn, settings, options);
  const text = coreSettings(settings, options, segment, hints);
  const post = poster(segment.deliveryStrategy?.config);
  const core = new Core((trapped, isCurrent) => {
    const engine = makeEngine(bind, text, post, trapped, isCurrent);
    const resetProfile = (isGroup: boolean) => {
      engine.resetProfile(isGroup);
      // The core knows the cookies of its own domain and path; others would be read next.
      removeCookies(idCookies(options, isGroup));
    };
    return { ...engine, resetProfile };
  });
  const { apiHost = API_HOST } = segment;
  const kept = { ...settings, apiHost, cdnSettings: cdn };
  const analytics = new Analytics(kept, options, core, journal);
  watchLifecycle(core.engine, journal);
  if (options.debug) {
    analytics.debug(true);
    void import("../development/development").then(
      ({ help }) => help(analytics, { settings, options }),
      warn,
    );
  }
  return {
    analytics,
    begin: async () => {
      await begin(analytics, settings, cdn, beginning, baseUrl(segment));
      await restore(analytics, journal);
    },
  };
}

/** Takes over items of earlier pages: this tab's before its own calls, other tabs' later. */
async function restore(
  analytics: Analytics,
  journal: Journal | undefined,
): Promise<void> {
  if (!journal) return;
  const ofThisTab = journal
    .ofThisTab()
    .then((left) => analytics.courier.restore(left));
  await within(ofThisTab, RESTORE_MAX_MS);
  void ofThisTab
    .then(() => journal.ofOtherTabs())
    .then((left) => analytics.courier.restore(left))
    .catch((error) => warn(error));
}

async function begin(
  analytics: Analytics,
  settings: AnalyticsBrowserSettings,
  cdn: CDNSettings,
  { query, nowMs, page }: Beginning,
  apiUrl: string,
): Promise<void> {
  const { options, queue } = analytics;
  if (!sendsToSegment(options)) {
    queue.plugins = queue.plugins.filter(({ name }) => name !== "Segment.io");
  }
  // Segment's client uses the source's plan only if the source has other destinations.
  const hasOthers = Object.keys(cdn.integrations ?? {}).length > 1;
  const plan = options.plan?.track ?? (hasOthers ? cdn.plan?.track : undefined);
  if (plan) {
    const { schemaFilter } = await import("../plugins/schema-filter");
    void analytics.register(schemaFilter(plan, cdn));
  }
  const plugins = ([] as unknown[])
    .concat(settings.plugins ?? [])
    .filter((one): one is Plugin => !!one && typeof one === "object");
  if (plugins.length > 0) void analytics.register(...plugins);
  const callRest = takeSnippetCalls(analytics, options);
  analytics.initialized = true;
  analytics.emit("initialize", settings, options);
  if (query && options.useQueryString !== false) {
    const { queryString } = await import("../automatic/query-string");
    const record = (method: Method, ...args: unknown[]) =>
      analytics.courier.record({ ...copyCall(method, args), nowMs, page });
    const asked = {
      options,
      setAnonymousId: (id: string) => analytics.setAnonymousId(id),
      identify: (...args: unknown[]) => record("identify", ...args),
      track: (...args: unknown[]) => record("track", ...args),
    };
    await within(queryString(asked, query), PLUGIN_LOAD_MAX_MS);
  }
  callRest();
  if (options.autoPage || options.declarative || options.identityEndpoint) {
    void import("../automatic/automatic").then(
      ({ automatic }) => automatic(analytics, page, copyCall, apiUrl),
      warn,
    );
  }
}
