/** Types of the settings and options of a client. */
import type { ConsentOption } from "./consent";
import type { SegmentioIntegrationInitOptions } from "./delivery";
import type { IntegrationsOptions, Plan } from "./event";
import type { CDNSettings } from "./source-settings";
import type { CookieOptions, StorageSettings, UserOptions } from "./storage";

/** The settings that a client is created with. */
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

/** Names of the client hints that a browser reveals only on request. */
export type HighEntropyHint =
  | "architecture"
  | "bitness"
  | "model"
  | "platformVersion"
  | "uaFullVersion"
  | "fullVersionList"
  | "wow64";

/** The options of `load`, without the extensions; extensions receive them. */
export interface ClientOptions {
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
  /** Switches the client off: calls resolve and record nothing. */
  disable?: boolean | ((settings: CDNSettings) => boolean | Promise<boolean>);
  /**
   * `granted` (the default) records at once. With `required`, calls stay in memory, and
   * nothing touches storage, cookies or the network until `consent.update` allows it. `consent`
   * of `waymark/consent` makes rules by category.
   */
  consent?: ConsentOption;
  /**
   * `"js"` loads the core as JavaScript at once, for a page whose policy lacks
   * `'wasm-unsafe-eval'`. By default wasm is tried first, and a refusal is remembered.
   */
  engine?: "wasm" | "js";
  /**
   * By default the values of `token`, `access_token`, `id_token`, `password`, `secret`, `api_key`,
   * and of `code` beside `state`, in the page's address and referrer are replaced before anything
   * is kept; `false` keeps them. `waymark/redaction` does more.
   */
  redactUrls?: boolean;
  /** Number of waiting events at which a batch is sent at once, 20 by default. */
  flushAt?: number;
  /** Milliseconds between two batches while events keep coming, 1000 by default. */
  flushInterval?: number;
  /**
   * Records a page view on each change of route after the first page (which `initialPageview`
   * records), and when the page comes back from the back/forward cache. `leave` adds one
   * `Page Left` for each page view, when it ends or its tab is hidden.
   */
  autoPage?: boolean | { leave?: boolean };
  /**
   * Renews the visitor's cookies through a server of the shop's own domain, at most once a day,
   * because Safari deletes cookies set by a script after seven days: `true` for the gateway's
   * `/v1/identity`, or the address of a route that uses `waymark/server`.
   */
  identityEndpoint?: boolean | string;
  /** Records the events that `data-wm-event` attributes ask for. */
  declarative?: boolean;
  /**
   * Whether the server is a Waymark gateway. It also receives the counts of dropped events and their
   * reasons, and the first calls as they are (see `express`). Segment knows neither.
   */
  gateway?: boolean;
  /**
   * Whether the first events are sent while the client is still on its way (docs/performance.md,
   * "The express lane"); true by default. Plugins and middleware that are registered, and an anonymous
   * id that is set, in a later task than `load` come too late for them.
   */
  express?: boolean;
  /**
   * Logs what happens to each event, as `analytics.debug(true)` does, and gives the warnings of
   * development on any host.
   */
  debug?: boolean;
}
