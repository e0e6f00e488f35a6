/** Types of the arguments of `load`, and of a source's own settings. */
import type { ConsentOption } from "./consent/policy";
import type {
  HttpConfig,
  SegmentioIntegrationInitOptions,
} from "./delivery-types";
import type { IntegrationsOptions, JSONObject, Plan } from "./event-types";
import type { Extension } from "./extension-types";
import type { Plugin, PluginFactory } from "./plugin-types";
import type {
  CookieOptions,
  StorageSettings,
  UserOptions,
} from "./storage-types";

/** What the source's settings say about one destination. */
export interface RemoteIntegrationSettings {
  type?: string;
  versionSettings?: {
    version?: string;
    override?: string;
    componentTypes?: ("browser" | "android" | "ios" | "server")[];
  };
  bundlingStatus?: "bundled" | "unbundled";
  consentSettings?: { categories: string[] };
  [key: string]: any;
}

/** What the source's settings say about Segment itself. */
export interface RemoteSegmentIOIntegrationSettings extends RemoteIntegrationSettings {
  apiKey: string;
  retryQueue?: boolean;
  apiHost?: string;
  addBundledMetadata?: boolean;
  unbundledIntegrations?: string[];
  bundledConfigIds?: string[];
  unbundledConfigIds?: string[];
  maybeBundledConfigIds?: Record<string, string[]>;
  httpConfig?: HttpConfig;
}

/** The settings of a source, as Segment's CDN serves them. */
export interface CDNSettings {
  integrations: {
    "Segment.io": RemoteSegmentIOIntegrationSettings;
    [creationName: string]: RemoteIntegrationSettings;
  };
  middlewareSettings?: { routingRules: any[] };
  enabledMiddleware?: Record<string, boolean>;
  metrics?: {
    host?: string;
    sampleRate?: number;
    flushTimer?: number;
    maxQueueSize?: number;
    protocol?: "http" | "https";
  };
  plan?: Plan;
  legacyVideoPluginsEnabled?: boolean;
  remotePlugins?: {
    name: string;
    creationName: string;
    url: string;
    libraryName: string;
    settings: JSONObject;
  }[];
  consentSettings?: {
    allCategories: string[];
    hasUnmappedDestinations: boolean;
  };
  edgeFunction?: { downloadURL: string; version: number } | object;
  autoInstrumentationSettings?: { sampleRate: number };
  [key: string]: unknown;
}

/** First argument of `load`. */
export interface AnalyticsBrowserSettings {
  /** The key of the source at Segment or at the gateway. */
  writeKey: string;
  /** The source's settings, where the page has them; nothing is fetched then. */
  cdnSettings?: CDNSettings;
  /** Where to fetch the source's settings; without it nothing is fetched. */
  cdnURL?: string;
  /** Registered before the first event. */
  plugins?: (Plugin | PluginFactory)[];
  /** Classic destinations are not supported. */
  classicIntegrations?: any[];
}

/** What a client is made of. */
export interface AnalyticsSettings {
  writeKey: string;
  cdnSettings?: CDNSettings;
  cdnURL?: string;
}

/** The settings of a loaded client. */
export interface AnalyticsInstanceSettings {
  readonly writeKey: string;
  readonly cdnSettings: CDNSettings;
  readonly cdnURL?: string;
  /** Where events are sent. */
  readonly apiHost?: string | undefined;
  /** Milliseconds from a call to its callback, 300 by default. */
  timeout: number;
}

/** Which destinations get events. */
export interface IntegrationsInitOptions extends IntegrationsOptions {
  "Segment.io"?: SegmentioIntegrationInitOptions | boolean;
}

/** Names of the client hints that a browser gives away only when asked. */
export type HighEntropyHint =
  | "architecture"
  | "bitness"
  | "model"
  | "platformVersion"
  | "uaFullVersion"
  | "fullVersionList"
  | "wow64";

/** Second argument of `load`. */
export interface InitOptions {
  /** Keeps everything in memory. */
  disableClientPersistence?: boolean;
  /** Concerns classic destinations, which are not supported. */
  disableAutoISOConversion?: boolean;
  /** Records a page view at load. */
  initialPageview?: boolean;
  cookie?: CookieOptions;
  storage?: StorageSettings;
  user?: UserOptions;
  group?: UserOptions;
  integrations?: IntegrationsInitOptions;
  plan?: Plan;
  /** `false` gives an event one attempt. */
  retryQueue?: boolean;
  /** Concerns destinations of Segment's CDN, which are not supported. */
  obfuscate?: boolean;
  /** May change the source's settings before they are used. */
  updateCDNSettings?: (settings: CDNSettings) => CDNSettings;
  /** Whether the page's address may make calls (`ajs_uid`, `ajs_event`, …), and with which ids. */
  useQueryString?: boolean | { aid?: RegExp; uid?: RegExp };
  highEntropyValuesClientHints?: HighEntropyHint[];
  /** The name of the global variable of the script-tag build, `analytics` by default. */
  globalAnalyticsKey?: string;
  /** Switches the client off: calls resolve and come to nothing. */
  disable?: boolean | ((settings: CDNSettings) => boolean | Promise<boolean>);
  /**
   * `granted` (the default) records at once. With `required`, calls stay in memory, and
   * nothing touches storage, cookies or the network until `consent.update` allows it. `consent`
   * of `waymark/consent` makes rules by category.
   */
  consent?: ConsentOption;
  /**
   * `"js"`: the core as JavaScript at once, for a page whose policy has no `'wasm-unsafe-eval'`.
   * Without it wasm is tried first, and its refusal remembered.
   */
  engine?: "wasm" | "js";
  /**
   * `false` keeps the values of `token`, `access_token`, `id_token`, `password`, `secret`, `api_key`,
   * and of `code` beside `state`, in the page's address and referrer; by default they are replaced
   * before anything is kept. More is done by `waymark/redaction`.
   */
  redactUrls?: boolean;
  /** See each call before anything of it is kept: redaction, attribution, sampling and so on. */
  extensions?: readonly Extension[];
  /** Events that wait before a batch goes at once, 20 by default. */
  flushAt?: number;
  /** Milliseconds between two batches while events keep coming, 1000 by default. */
  flushInterval?: number;
  /**
   * Records a page view for each change of route after the first page (which `initialPageview`
   * records), and when the page comes back from the back/forward cache. With `leave`, also
   * `Page Left` once for each page view, when it ends or its tab is hidden.
   */
  autoPage?: boolean | { leave?: boolean };
  /**
   * Has the visitor's cookies set again by a server of the shop's own domain, at most once a day,
   * as Safari keeps those that a script has set for seven days only: `true` for the gateway's
   * `/v1/identity`, or the address of a route that uses `waymark/server`.
   */
  identityEndpoint?: boolean | string;
  /** Records the events that `data-wm-event` attributes ask for. */
  declarative?: boolean;
  /**
   * Whether the server is a Waymark gateway: it is told, with the events, what was dropped and
   * why. Segment does not know the field.
   */
  gateway?: boolean;
}
