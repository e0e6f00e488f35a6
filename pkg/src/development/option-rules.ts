/** The rules of all options. The types hold the table to be complete. */
import type { DeliveryConfig, DeliveryStrategy } from "../model/delivery";
import type * as delivery from "../model/delivery";
import type { AnalyticsBrowserSettings, InitOptions } from "../model/load";
import type { IntegrationsInitOptions } from "../model/options";
import type { CookieOptions, UserOptions } from "../model/storage";
import {
  call,
  count,
  either,
  flag,
  isObject,
  list,
  loose,
  number,
  object,
  oneOf,
  type Rule,
  type RulesOf,
  text,
} from "./rule";

/** Days that browsers keep a cookie, at most. */
const COOKIE_DAYS_MAX = 400;
/** What the core reads; see `waymark_core::settings`. */
const WHOLE_MAX = 4_294_967_295;
const events: Rule = number(1, WHOLE_MAX, "a number of events");
const milliseconds: Rule = number(0, WHOLE_MAX, "milliseconds");

const stores: Rule = object({
  stores: list({
    write: '"cookie", "localStorage" or "memory"',
    otherwise: "the default stores are used",
    takes: (value) =>
      ["cookie", "localStorage", "memory"].includes(
        (isObject(value) ? value.name : value) as string,
      ),
  }),
});

const REFUSED = "the browser may refuse the cookies";

const cookie: RulesOf<CookieOptions> = {
  domain: {
    ...text("shop.example", /^\.?[\w-]+(\.[\w-]+)*$/),
    otherwise: REFUSED,
  },
  maxage: {
    ...number(0, COOKIE_DAYS_MAX, "a number of days"),
    otherwise: "a year, or what the browser keeps at most",
  },
  path: { ...text("/", /^\/[^;]*$/), otherwise: REFUSED },
  sameSite: {
    write: '"Lax", "Strict" or "None"',
    takes: (value) => /^(lax|strict|none)$/i.test(String(value)),
  },
  secure: flag,
};

const key: Rule = text("shop_user", /^[^\s;=,]+$/);
const profile: RulesOf<UserOptions> = {
  disable: flag,
  localStorageFallbackDisabled: loose,
  persist: flag,
  cookie: object({ key, oldKey: key }),
  localStorage: object({ key }),
  storage: stores,
};

const behaviour: Rule = oneOf("drop", "retry");
const rateLimit: RulesOf<delivery.RateLimitConfig> = {
  enabled: flag,
  maxRetryCount: count,
  maxRetryInterval: count,
  maxRateLimitDuration: count,
};
const backoff: RulesOf<delivery.BackoffConfig> = {
  enabled: flag,
  maxRetryCount: count,
  baseBackoffInterval: count,
  maxBackoffInterval: count,
  maxTotalBackoffDuration: count,
  jitterPercent: number(0, 100),
  default4xxBehavior: behaviour,
  default5xxBehavior: behaviour,
  statusCodeOverrides: {
    write: 'an object such as { "404": "retry" }',
    takes: (value) =>
      isObject(value) && Object.values(value).every(behaviour.takes),
  },
};
const http: RulesOf<delivery.HttpConfig> = {
  rateLimitConfig: object(rateLimit),
  backoffConfig: object(backoff),
};

type Batching = Extract<DeliveryStrategy, { strategy: "batching" }>;
const requests: RulesOf<NonNullable<Batching["config"]> & DeliveryConfig> = {
  credentials: oneOf("omit", "same-origin", "include"),
  headers: either(call, object({}, true)),
  keepalive: loose,
  priority: oneOf("high", "low", "auto"),
  size: events,
  timeout: milliseconds,
  maxRetries: count,
};
const strategy: RulesOf<DeliveryStrategy> = {
  strategy: oneOf("standard", "batching"),
  config: object(requests),
};
const segment: RulesOf<delivery.SegmentioIntegrationInitOptions> = {
  // What cannot be understood is told by the client, in production too.
  apiHost: { write: "", takes: () => true },
  protocol: {
    write: '"https" or "http"',
    otherwise: "https is used",
    takes: (value) => /^https?:?$/i.test(String(value)),
  },
  deliveryStrategy: object(strategy),
  httpConfig: object(http),
};
const destination: Rule = {
  ...either(flag, object(segment)),
  write: 'an object such as { apiHost: "api.segment.io/v1" }',
  otherwise: "nothing is sent",
};
const integrations: RulesOf<
  Pick<IntegrationsInitOptions, "All" | "Segment.io">
> = { All: flag, "Segment.io": destination };

/** What may be missing, or an object. */
const planned: Rule = object({}, true);
const pattern: Rule = {
  write: "a regular expression",
  otherwise: "the page's address sets no such id",
  takes: (value) => value instanceof RegExp,
};
const named = (what: string, method: string): Rule => ({
  write: what,
  otherwise: "it is left out",
  takes: (value) =>
    isObject(value) && !!value.name && typeof value[method] === "function",
});

/** The first argument of `load`. */
export const SETTINGS: RulesOf<AnalyticsBrowserSettings> = {
  // It has a check of its own.
  writeKey: { write: "", takes: () => true },
  cdnSettings: {
    write: "the source's settings, an object with integrations",
    takes: (value) => isObject(value) && isObject(value.integrations),
  },
  cdnURL: {
    ...text("https://cdn.segment.com", /^((https?:)?\/)?\/.*[^/]$/i),
    otherwise: "no settings of the source are found",
  },
  plugins: list(named("a plugin, an object with name and load", "load")),
  classicIntegrations: {
    write: "nothing: classic destinations are not supported",
    otherwise: "it has no effect",
    takes: (value) => Array.isArray(value) && value.length === 0,
  },
};

/** The second argument of `load`. */
export const OPTIONS: RulesOf<InitOptions> = {
  disableClientPersistence: loose,
  disableAutoISOConversion: flag,
  initialPageview: loose,
  cookie: object(cookie),
  storage: stores,
  user: object(profile),
  group: object(profile),
  integrations: {
    ...object(integrations, true),
    otherwise: "nothing is sent",
    takes: (value) => value === null || isObject(value),
  },
  plan: object({ track: planned, identify: planned, group: planned }),
  retryQueue: flag,
  obfuscate: flag,
  updateCDNSettings: call,
  useQueryString: either(flag, object({ aid: pattern, uid: pattern })),
  highEntropyValuesClientHints: list(
    oneOf(
      "architecture",
      "bitness",
      "model",
      "platformVersion",
      "uaFullVersion",
      "fullVersionList",
      "wow64",
    ),
  ),
  globalAnalyticsKey: {
    ...text("analytics", /^[\p{L}_$][\p{L}\d_$]*$/u),
    otherwise: "a script may not find the client",
  },
  disable: either(flag, call),
  consent: {
    write: '"granted", "required" or consent(…) of waymark/consent',
    otherwise: 'it counts as "required"',
    takes: (value) =>
      value === "granted" ||
      value === "required" ||
      (isObject(value) && typeof value.begin === "function"),
  },
  engine: oneOf("wasm", "js"),
  redactUrls: flag,
  flushAt: events,
  flushInterval: milliseconds,
  autoPage: either(loose, object({ leave: flag })),
  identityEndpoint: either(flag, text("/identity")),
  declarative: loose,
  express: flag,
  gateway: flag,
  debug: loose,
  extensions: list(named("what a function such as redaction() returns", "see")),
};
