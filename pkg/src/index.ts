/** Waymark for the page; nothing runs at import. */
export { Analytics } from "./analytics";
export { AnalyticsBrowser } from "./analytics-browser";
export {
  segmentBrowser,
  type SegmentBrowserConfig,
  SegmentBrowserService,
} from "./browser-service";
export { Context, ContextCancelation } from "./context";
export { EventFactory } from "./event-factory";
export { getGlobalAnalytics } from "./global-analytics";
export { NullAnalytics } from "./null-analytics";
export {
  AnalyticsNode,
  isDestinationPluginWithAddMiddleware,
  segmentio,
} from "./peer-exports";
export {
  resolveAliasArguments,
  resolveArguments,
  resolvePageArguments,
  resolveUserArguments,
} from "./resolve-arguments";
export type * from "./types";
export { UniversalStorage } from "./universal-storage";
export { Group, User } from "./user";
