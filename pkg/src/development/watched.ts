/** What the warnings of development look at. */
import type { Delivery } from "../model/delivery";
import type { AnalyticsBrowserSettings, InitOptions } from "../model/load";
import type { AnalyticsInstanceSettings } from "../model/options";

/** A client, as far as it is looked at. */
export interface Watched extends Loaded {
  /** The consent gate; undefined before `load`. */
  readonly gate: { readonly state: string } | undefined;
  /** The delivery report. */
  delivery(): Delivery;
}

/** The loaded client, as far as it is looked at. */
interface Loaded {
  readonly settings?: AnalyticsInstanceSettings;
}

/** What a client is loaded with. */
export interface Load {
  settings: AnalyticsBrowserSettings;
  options: InitOptions;
  /** Resolves with the loaded client, if the one that is looked at is not. */
  loaded?: Promise<Loaded>;
}
