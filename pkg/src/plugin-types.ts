/** Types of what sees events on their way: plugins and middleware. */
import type { Analytics } from "./analytics";
import type { Context } from "./context";
import type { JSONValue, SegmentEvent } from "./event-types";

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

/** A plugin that takes middleware. */
export interface InternalPluginWithAddMiddleware extends Plugin {
  addMiddleware: (...middlewares: DestinationMiddlewareFunction[]) => void;
}

/** A destination that takes middleware. */
export interface InternalDestinationPluginWithAddMiddleware extends InternalPluginWithAddMiddleware {
  type: "destination";
}

/** Makes a plugin of a destination's settings; only for destinations that Segment's CDN serves. */
export interface PluginFactory {
  (settings: JSONValue): Plugin | Plugin[] | Promise<Plugin | Plugin[]>;
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
