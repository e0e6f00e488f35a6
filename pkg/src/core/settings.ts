import { adOfPage, contextExtras } from "../page/context-extras";
import { snapshot } from "../base/snapshot";
import { deviceFacts } from "../page/device";
import type { AnalyticsBrowserSettings, InitOptions } from "../model/load";
import type { SegmentioSettings } from "../model/delivery";
import type { UserOptions } from "../model/storage";
import { baseUrl } from "./address";

const DAY_S = 24 * 3600;

const STORES: Record<string, string> = { localStorage: "l", cookie: "c" };

/** A profile's stores, a letter each, in order of precedence; see `waymark_core::settings`. */
function stores(options: InitOptions, own: UserOptions): string {
  if (options.disableClientPersistence || own.persist === false) return "";
  const chosen: unknown = (own.storage ?? options.storage)?.stores;
  const names = (Array.isArray(chosen) ? chosen : [""]).map(
    (one: string & { name?: string }) => one?.name ?? one,
  );
  const known = names.every((name) => name in STORES || name === "memory");
  const letters = (known ? names : ["localStorage", "cookie"])
    .map((name) => STORES[name] ?? "")
    .join("");
  return own.localStorageFallbackDisabled ? letters.replace("l", "") : letters;
}

/** A profile's settings; the core has a default for `undefined` members. */
function profile(options: InitOptions, given: UserOptions | undefined): object {
  const own = given ?? {};
  return {
    stores: stores(options, own),
    disabled: own.disable || undefined,
    idKey: own.cookie?.key,
    traitsKey: own.localStorage?.key,
  };
}

/** The names of the cookies with the group's id, or with the visitor's ids; none if unused. */
export function idCookies(options: InitOptions, isGroup: boolean): string[] {
  const own = options[isGroup ? "group" : "user"] ?? {};
  if (!/c/.test(stores(options, own))) return [];
  return isGroup
    ? [own.cookie?.key ?? "ajs_group_id"]
    : [own.cookie?.key ?? "ajs_user_id", "ajs_anonymous_id"];
}

/** The settings of requests; the core has a default for `undefined` members. */
function delivery(segment: SegmentioSettings, options: InitOptions): object {
  const strategy = segment.deliveryStrategy;
  const batching = strategy?.strategy === "batching" ? strategy.config : {};
  return {
    oneEventPerRequest: strategy?.strategy === "standard" || undefined,
    sendsLedger: options.gateway || undefined,
    flushAt: options.flushAt || batching?.size || undefined,
    flushIntervalMs: options.flushInterval ?? batching?.timeout,
    retry:
      (options.retryQueue ?? segment.retryQueue) === false ? false : undefined,
    retryCountMax:
      batching?.maxRetries ?? segment.httpConfig?.backoffConfig?.maxRetryCount,
  };
}

/** The settings of the core as JSON text; see `waymark_core::settings`. */
export function coreSettings(
  settings: AnalyticsBrowserSettings,
  options: InitOptions,
  segment: SegmentioSettings,
  userAgentData: object | undefined,
): string {
  const cookie = options.cookie ?? {};
  const ad = options.disableClientPersistence ? undefined : adOfPage();
  const url = baseUrl(segment);
  return snapshot({
    ...delivery(segment, options),
    writeKey: segment.apiKey ?? settings.writeKey,
    endpoint: url && `${url}/b`,
    integrations: options.integrations,
    ...deviceFacts(),
    userAgentData,
    host: globalThis.location?.hostname,
    cookieDomain: cookie.domain,
    cookieMaxAgeS: cookie.maxage && Math.round(Number(cookie.maxage) * DAY_S),
    cookiePath: cookie.path,
    cookieSameSite: cookie.sameSite,
    cookieSecure: cookie.secure,
    cookieRenewed: !!options.identityEndpoint || undefined,
    // As text, because it is stored as a cookie's value.
    adReferrer: ad && snapshot(ad),
    contextExtras: contextExtras(),
    user: profile(options, options.user),
    group: profile(options, options.group),
  });
}
