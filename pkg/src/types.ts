/** Public types of the client, by the names of `@segment/analytics-next`. */
import type { Analytics } from "./analytics";
import type { Context } from "./context";
import type {
  Callback,
  EventProperties,
  GroupTraits,
  IntegrationsOptions,
  Options,
  Plan,
  SegmentEvent,
  UserTraits,
} from "./event-types";
import type {
  CookieOptions,
  StorageSettings,
  UserOptions,
} from "./storage-types";

export type * from "./event-types";
export type * from "./storage-types";

/** An id; `null` where there is none. */
export type ID = string | null | undefined;

/** Where a plugin stands on the way of an event. */
export type PluginType =
  "before" | "after" | "destination" | "enrichment" | "utility";

type Hook = (context: Context) => Promise<Context> | Context;

/** Something that sees, changes or delivers events (contract §a.9). */
export interface Plugin {
  name: string;
  /** Other names by which `integrations` may speak of it. */
  alternativeNames?: string[];
  version?: string;
  type: PluginType;
  isLoaded: () => boolean;
  load: (context: Context, analytics: Analytics) => Promise<unknown>;
  unload?: (
    context: Context,
    analytics: Analytics,
  ) => Promise<unknown> | unknown;
  ready?: () => Promise<unknown>;
  track?: Hook;
  identify?: Hook;
  page?: Hook;
  group?: Hook;
  alias?: Hook;
  screen?: Hook;
}

/** Makes a plugin of a destination's settings; only for destinations that Segment's CDN serves. */
export interface PluginFactory {
  (settings: any): Plugin | Plugin[] | Promise<Plugin | Plugin[]>;
  pluginName: string;
}

/** What middleware is given to read and change an event: Segment's facade of it. */
export interface SegmentFacade {
  /** The event itself. */
  obj: SegmentEvent;
  [accessor: string]: any;
}

/** The argument of source middleware. */
export interface MiddlewareParams {
  payload: SegmentFacade;
  integrations?: SegmentEvent["integrations"];
  next: (payload: MiddlewareParams["payload"] | null) => void;
}

/** Sees every event; one that it does not pass to `next` goes no further. */
export type MiddlewareFunction = (
  middleware: MiddlewareParams,
) => void | Promise<void>;

/** The argument of destination middleware. */
export interface DestinationMiddlewareParams {
  payload: SegmentFacade;
  integration: string;
  next: (payload: MiddlewareParams["payload"] | null) => void;
}

/** Sees the events of one destination. */
export type DestinationMiddlewareFunction = (
  middleware: DestinationMiddlewareParams,
) => void | Promise<void>;

/** The forms of `track`. */
export type EventParams = [
  eventName: string | SegmentEvent,
  properties?: EventProperties | Callback | null,
  options?: Options | Callback | null,
  callback?: Callback,
];

/** The forms of `page` and `screen`. */
export type PageParams = [
  category?: string | object | null,
  name?: string | object | Callback | null,
  properties?: EventProperties | Options | Callback | null,
  options?: Options | Callback | null,
  callback?: Callback,
];

/** The forms of `identify`. */
export type IdentifyParams = [
  id?: ID | number | object,
  traits?: UserTraits | Callback | null,
  options?: Options | Callback | null,
  callback?: Callback,
];

/** The forms of `group`. */
export type GroupParams = [
  id?: ID | number | object,
  traits?: GroupTraits | Callback | null,
  options?: Options | Callback | null,
  callback?: Callback,
];

/** The forms of `alias`. */
export type AliasParams = [
  to?: string | number | null,
  from?: string | number | Options | null,
  options?: Options | Callback | null,
  callback?: Callback,
];

/** How a request that failed is tried again, and which answers count as failures. */
export interface HttpConfig {
  rateLimitConfig?: Record<string, unknown>;
  backoffConfig?: { maxRetryCount?: number; [key: string]: unknown };
}

/** Members of every request; they cost a preflight where they are headers. */
export interface DeliveryConfig {
  credentials?: RequestCredentials;
  headers?:
    Record<string, string | (() => string)> | (() => Record<string, string>);
  keepalive?: boolean;
  priority?: "high" | "low" | "auto";
}

/** How events become requests; without it they go in batches of our own making. */
export type DeliveryStrategy =
  | { strategy?: "standard"; config?: DeliveryConfig }
  | {
      strategy: "batching";
      config?: DeliveryConfig & {
        /** Events that wait before a batch goes at once. */
        size?: number;
        /** Milliseconds between two batches. */
        timeout?: number;
        maxRetries?: number;
      };
    };

/** Where and how events are sent. */
export interface SegmentioIntegrationInitOptions {
  /** Host and path of the API, `api.segment.io/v1` by default. */
  apiHost?: string;
  /** `https` by default. */
  protocol?: "http" | "https";
  deliveryStrategy?: DeliveryStrategy;
  httpConfig?: HttpConfig;
}

/** The same with what only the source's own settings say. */
export interface SegmentioSettings extends SegmentioIntegrationInitOptions {
  apiKey?: string;
  retryQueue?: boolean;
  [key: string]: unknown;
}

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
  metrics?: { host?: string; sampleRate?: number; [key: string]: unknown };
  plan?: Plan;
  legacyVideoPluginsEnabled?: boolean;
  remotePlugins?: {
    name: string;
    creationName: string;
    url: string;
    libraryName: string;
    settings: Record<string, any>;
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

/** The settings a loaded client keeps. */
export interface AnalyticsSettings extends AnalyticsBrowserSettings {
  /** Milliseconds from a call to its callback, 300 by default. */
  timeout?: number;
}

/** Which destinations get events. */
export interface IntegrationsInitOptions extends IntegrationsOptions {
  "Segment.io"?: any;
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
   * nothing touches storage, cookies or the network until `consent.update` allows it.
   */
  consent?: "granted" | "required";
  /** Events that wait before a batch goes at once, 20 by default. */
  flushAt?: number;
  /** Milliseconds between two batches while events keep coming, 1000 by default. */
  flushInterval?: number;
}

/** What became of the events of this page so far: `accepted + restored` is all the rest. */
export interface Delivery {
  /** Calls that became events. */
  accepted: number;
  /** Events taken over from the journal of an earlier page. */
  restored: number;
  /** Events that were sent at least once. */
  sent: number;
  /** Events the server has taken. */
  acknowledged: number;
  /** Events that wait or are on their way. */
  pending: number;
  /** Requests that ended without an acknowledgement. */
  retried: number;
  /** Events given up, by reason. */
  dropped: { refused: number; queueFull: number; tooOld: number };
  /** Calls that became no event, by reason. */
  refused: { tooLarge: number; held: number };
}

/** The snippet's global: the client, or the array that holds calls for it. */
export type AnalyticsSnippet = Analytics & {
  load?: (writeKey: string, options?: InitOptions) => void;
};

export type { Analytics };
