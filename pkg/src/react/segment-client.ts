import type { Options } from "../model/event";

/** A property bag, as the page passes it. */
export type Properties = Record<string, any>;

/** The methods a client needs. `AnalyticsBrowser` has them. */
export interface SegmentClient {
  identify(userId?: any, traits?: any, options?: any): unknown;
  track(event: any, properties?: any, options?: any): unknown;
  page(category?: any, name?: any, properties?: any, options?: any): unknown;
  screen(category?: any, name?: any, properties?: any, options?: any): unknown;
  group(groupId?: any, traits?: any, options?: any): unknown;
  alias(userId: any, previousId?: any, options?: any): unknown;
  reset(): unknown;
  ready(callback?: () => unknown): unknown;
}

/** The calls of a client. They never throw and return nothing. */
export interface SegmentCalls {
  /** Says who the visitor is. Without an id it only adds traits. */
  identify: (userId?: string, traits?: Properties, options?: Options) => void;
  /** Records something the visitor did. */
  track: (event: string, properties?: Properties, options?: Options) => void;
  /** Records a page view. */
  page: (
    category?: string,
    name?: string,
    properties?: Properties,
    options?: Options,
  ) => void;
  /** Records a screen view. */
  screen: (
    category?: string,
    name?: string,
    properties?: Properties,
    options?: Options,
  ) => void;
  /** Says which group the visitor belongs to. */
  group: (groupId: string, traits?: Properties, options?: Options) => void;
  /** Says that two ids are one visitor. */
  alias: (userId: string, previousId?: string, options?: Options) => void;
  /** Forgets the visitor and the group, as on sign-out. */
  reset: () => void;
}
