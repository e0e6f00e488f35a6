// Values of every exported type.
import type {
  AnalyticsBrowserSettings,
  AnalyticsSettings,
  CDNSettings,
  EventProperties,
  GroupTraits,
  ID,
  InitOptions,
  JSONArray,
  JSONObject,
  JSONPrimitive,
  JSONValue,
  Options,
  Plan,
  PlanEvent,
  RemoteIntegrationSettings,
  SegmentEvent,
  TrackPlan,
  Traits,
  UserOptions,
  UserTraits,
} from "@segment/analytics-next";
import { own } from "./clients";

export const primitive: JSONPrimitive = null;
export const list: JSONArray = [1, "a", [true], { deep: null }];
export const bag: JSONObject = { list, primitive };
export const value: JSONValue = bag;
export const properties: EventProperties = { price: 1, at: new Date(), bag };
export const userTraits: UserTraits = {
  address: { city: "Berlin", street: undefined },
  birthday: new Date(),
  company: { employee_count: 3, name: undefined },
  email: "a@b.example",
  phone: 5,
  own: { any: "thing" },
};
export const groupTraits: GroupTraits = { employees: "12", plan: null, own: 1 };
export const traits: Traits[] = [userTraits, groupTraits];
export const planEvent: PlanEvent = {
  enabled: true,
  integrations: { Own: false },
};
export const trackPlan: TrackPlan = {
  __default: { enabled: true, integrations: undefined },
  "Order Completed": planEvent,
};
export const plan: Plan = { track: trackPlan, identify: undefined };
export const remote: RemoteIntegrationSettings = {
  bundlingStatus: "bundled",
  consentSettings: { categories: ["Advertising"] },
  own: 1,
  versionSettings: { componentTypes: ["browser"], version: "1" },
};
export const cdnSettings: CDNSettings = {
  autoInstrumentationSettings: { sampleRate: 0 },
  consentSettings: { allCategories: [], hasUnmappedDestinations: false },
  edgeFunction: {},
  integrations: {
    "Segment.io": { apiKey: "k", apiHost: "api.example/v1", httpConfig: {} },
    Own: remote,
  },
  legacyVideoPluginsEnabled: false,
  metrics: { host: "api.example/v1", sampleRate: 0, flushTimer: 1 },
  middlewareSettings: { routingRules: [] },
  plan,
  remotePlugins: [],
};
export const callOptions: Options = {
  anonymousId: "a",
  context: {
    active: false,
    campaign: { name: "n", source: "s", medium: "m", own: "x" },
    ip: "127.0.0.1",
    library: { name: "n", version: "1" },
    own: { any: 1 },
    page: { url: "https://shop.example/", title: undefined },
  },
  integrations: { All: false, Own: { any: 1 }, Other: true },
  messageId: "m",
  own: 1,
  timestamp: new Date(),
  traits: userTraits,
  userId: "u",
};
export const event: SegmentEvent = {
  anonymousId: null,
  context: { referrer: { id: "i", type: "t" }, userAgentData: {} },
  event: "Order Completed",
  integrations: { All: true },
  properties,
  timestamp: "2026-01-01T00:00:00Z",
  type: "track",
  userId: undefined,
};
export const id: ID = null;
export const userOptions: UserOptions = {
  cookie: { key: "k", oldKey: "o" },
  localStorage: { key: "k" },
  persist: true,
  storage: { stores: ["cookie", "memory"] },
};
export const settings: AnalyticsBrowserSettings = {
  cdnSettings,
  cdnURL: "https://cdn.example",
  classicIntegrations: [],
  plugins: [],
  writeKey: "k",
};
export const instanceSettings: AnalyticsSettings = { writeKey: "k" };
export const initOptions: InitOptions = {
  cookie: {
    domain: "shop.example",
    maxage: 30,
    path: "/",
    sameSite: "Lax",
    secure: true,
  },
  disable: async (cdn) => cdn.legacyVideoPluginsEnabled === true,
  disableAutoISOConversion: true,
  disableClientPersistence: true,
  globalAnalyticsKey: "analytics",
  group: userOptions,
  highEntropyValuesClientHints: ["architecture", "fullVersionList"],
  initialPageview: true,
  integrations: {
    All: true,
    Own: { any: 1 },
    "Segment.io": {
      apiHost: "api.example/v1",
      deliveryStrategy: {
        strategy: "batching",
        config: { size: 10, timeout: 5000, maxRetries: 3, priority: "high" },
      },
      httpConfig: {
        backoffConfig: {
          default5xxBehavior: "drop",
          statusCodeOverrides: { "501": "retry" },
        },
        rateLimitConfig: { maxRetryCount: 1 },
      },
      protocol: "https",
    },
  },
  obfuscate: false,
  plan,
  retryQueue: false,
  storage: { stores: ["localStorage", "cookie", "memory"] },
  updateCDNSettings: (cdn) => ({ ...cdn, plan }),
  useQueryString: { aid: /^a/, uid: /^u/ },
  user: userOptions,
};
export const standardOptions: InitOptions = {
  disable: false,
  integrations: {
    "Segment.io": {
      deliveryStrategy: {
        strategy: "standard",
        config: {
          credentials: "include",
          headers: () => ({ "x-own": "1" }),
          keepalive: true,
        },
      },
    },
  },
  useQueryString: false,
};
export const withoutSegment: InitOptions = {
  integrations: { All: false, "Segment.io": false },
};
