/** Types of plugins and middleware, and of the client as they see it. */
import type {
  AliasParams,
  EventParams,
  GroupParams,
  IdentifyParams,
  PageParams,
} from "./call-arguments";
import type { Context } from "./context";
import type { Delivery } from "./delivery";
import type { JSONValue, SegmentEvent, Traits } from "./event";
import type {
  AnalyticsInstanceSettings,
  ClientOptions,
  IntegrationsInitOptions,
} from "./options";
import type { ID, UserOptions } from "./storage";
import type { UniversalStorage } from "./universal-storage";

type Listener = (...args: any[]) => void;

/** The visitor's ids and traits, or the group's; `User` and `Group` are its classes. */
export interface Profile {
  /** The options it was made with. */
  readonly options: UserOptions;
  /** Returns the id or `null`; sets it if one is given, clears it with `null`. */
  id(id?: ID): ID;
  /** Returns the anonymous id; sets it if one is given, clears it with `null`. */
  anonymousId(id?: ID): ID;
  /** Returns the traits; replaces them if some are given, clears them with `null`. */
  traits(traits?: Traits | null): Traits | undefined;
  /** Sets the id and traits as the call of that name does, but makes no event. */
  identify(id?: ID, traits?: Traits | null): void;
  /** Forgets ids and traits. */
  logout(): void;
  /** Forgets ids and traits, and removes them from storage. */
  reset(): void;
}

/** The loaded client as plugins and extensions see it; `Analytics` is its class. */
export interface AnalyticsClient {
  readonly VERSION: string;
  /** The first argument of `load`, and the callbacks' `timeout`. */
  readonly settings: AnalyticsInstanceSettings;
  /** The second argument of `load`. */
  readonly options: ClientOptions;
  /** Which destinations get events, unless an event says otherwise. */
  integrations: IntegrationsInitOptions;
  /** The plugins, in the order of their registration. */
  readonly queue: { plugins: Plugin[]; failedInitializations: string[] };
  /** Whether every plugin given to `load` is registered. */
  readonly initialized: boolean;
  /** Storage for the page's own values. */
  readonly storage: UniversalStorage;

  track(...args: EventParams): Promise<Context>;
  page(...args: PageParams): Promise<Context>;
  screen(...args: PageParams): Promise<Context>;
  identify(...args: IdentifyParams): Promise<Context>;
  group(): Profile;
  group(...args: GroupParams): Promise<Context>;
  alias(...args: AliasParams): Promise<Context>;
  user(): Profile;
  setAnonymousId(id?: string | null): ID;
  reset(): void;

  register(...plugins: Plugin[]): Promise<Context>;
  deregister(...names: string[]): Promise<Context>;
  addSourceMiddleware(middleware: MiddlewareFunction): Promise<unknown>;
  addDestinationMiddleware(
    integrationName: string,
    ...middlewares: DestinationMiddlewareFunction[]
  ): Promise<unknown>;

  ready(callback?: (answers: unknown[]) => unknown): Promise<unknown>;
  timeout(timeoutMs: number): void;
  debug(on: boolean): unknown;
  delivery(): Delivery;
  on(event: string, listener: Listener): unknown;
  once(event: string, listener: Listener): unknown;
  off(event: string, listener: Listener): unknown;
  emit(event: string, ...args: unknown[]): unknown;
}

/** The stage at which a plugin sees an event. */
export type PluginType =
  "before" | "after" | "destination" | "enrichment" | "utility";

type Hook = (context: Context) => Promise<Context> | Context;

/** Sees, changes or delivers events (contract, §a.9). */
export interface Plugin {
  name: string;
  /** Other names for it in `integrations`. */
  alternativeNames?: string[];
  version?: string;
  type: PluginType;
  isLoaded: () => boolean;
  /** Called when the plugin is registered. */
  load(context: Context, analytics: AnalyticsClient): Promise<unknown>;
  /** Called when the plugin is deregistered. */
  unload?(
    context: Context,
    analytics: AnalyticsClient,
  ): Promise<unknown> | unknown;
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

/** Makes a plugin from a destination's settings, for destinations that Segment's CDN serves. */
export interface PluginFactory {
  (settings: JSONValue): Plugin | Plugin[] | Promise<Plugin | Plugin[]>;
  pluginName: string;
}

/** Segment's facade of an event, through which middleware reads and changes it. */
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

/** Sees every event; an event that it does not pass to `next` is dropped. */
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
