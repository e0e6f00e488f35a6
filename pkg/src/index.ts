/** Waymark for the page; nothing runs at import. */
export { Analytics } from "./analytics";
export { AnalyticsBrowser } from "./analytics-browser";
export { Context, ContextCancelation } from "./context";
export type * from "./types";
export { Group, User } from "./user";
