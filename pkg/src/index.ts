/** Waymark for the page; the import has no side effects. */
export { Analytics } from "./client/analytics";
export { AnalyticsBrowser } from "./front/analytics-browser";
export {
  segmentBrowser,
  type SegmentBrowserConfig,
  SegmentBrowserService,
} from "./front/browser-service";
export { Context, ContextCancelation } from "./model/context";
export { EventFactory } from "./compat/event-factory";
export { getGlobalAnalytics } from "./client/global-analytics";
export { NullAnalytics } from "./compat/null-analytics";
export {
  AnalyticsNode,
  isDestinationPluginWithAddMiddleware,
  segmentio,
} from "./compat/exports";
export {
  resolveAliasArguments,
  resolveArguments,
  resolvePageArguments,
  resolveUserArguments,
} from "./compat/resolve-arguments";
export type {
  AnalyticsSnippet,
  AnalyticsStandalone,
} from "./client/global-analytics";
export type * from "./model/call-arguments";
export type {
  CancelationOptions,
  ContextFailedDelivery,
  LogLevel,
  LogMessage,
  SerializedContext,
} from "./model/context";
export type * from "./model/delivery";
export type * from "./model/event";
export type * from "./model/extension";
export type * from "./model/load";
export type * from "./model/options";
export type * from "./model/plugin";
export type * from "./model/source-settings";
export type * from "./model/storage";
export { UniversalStorage } from "./model/universal-storage";
export { Group, User } from "./client/user";
