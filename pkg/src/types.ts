/** Public types of the client, by the names of `@segment/analytics-next`. */
import type { Analytics } from "./analytics";
import type { InitOptions } from "./settings-types";

export type * from "./call-types";
export type * from "./delivery-types";
export type * from "./event-types";
export type * from "./extension-types";
export type * from "./plugin-types";
export type * from "./settings-types";
export type * from "./storage-types";
export type {
  CancelationOptions,
  ContextFailedDelivery,
  LogLevel,
  LogMessage,
  SerializedContext,
} from "./context";

/** The client of the script-tag build, with what the snippet has put there. */
export interface AnalyticsStandalone extends Analytics {
  _loadOptions?: InitOptions;
  _writeKey?: string;
  _cdn?: string;
}

/** The snippet's global: the client, or the array that holds calls for it. */
export interface AnalyticsSnippet extends AnalyticsStandalone {
  load: (writeKey: string, options?: InitOptions) => void;
}
