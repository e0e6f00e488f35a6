/** Types of the two arguments of `load`. */
import type { Extension } from "./extension";
import type { ClientOptions } from "./options";
import type { Plugin, PluginFactory } from "./plugin";
import type { CDNSettings } from "./source-settings";

/** First argument of `load`. */
export interface AnalyticsBrowserSettings {
  /** The key of the source at Segment or at the gateway. */
  writeKey: string;
  /** The source's settings, if the page has them; they are not fetched then. */
  cdnSettings?: CDNSettings;
  /** Where to fetch the source's settings; without it nothing is fetched. */
  cdnURL?: string;
  /** Registered before the first event. */
  plugins?: (Plugin | PluginFactory)[];
  /** Classic destinations are not supported. */
  classicIntegrations?: any[];
}

/** Second argument of `load`. */
export interface InitOptions extends ClientOptions {
  /** See each call before any of it is kept: redaction, attribution, sampling. */
  extensions?: readonly Extension[];
}
