import { copyCall, type Method } from "../call/call";
import { autoBind } from "../base/auto-bind";
import { ClassicAnalytics } from "./classic";
import { Context } from "../model/context";
import { Core } from "../core/core";
import { Courier } from "./courier";
import { disabledEngine } from "../core/disabled-engine";
import { EventQueue } from "../model/event-queue";

import type { Extensions } from "../call/extensions";
import type { Journal } from "../journal/journal";
import { CALLBACK_DELAY_MS } from "../base/limits";
import type {
  AliasParams,
  EventParams,
  GroupParams,
  PageParams,
  IdentifyParams,
} from "../model/call-arguments";
import type {
  AnalyticsInstanceSettings,
  AnalyticsSettings,
  IntegrationsInitOptions,
} from "../model/options";
import type { CDNSettings } from "../model/source-settings";
import type { Delivery } from "../model/delivery";
import type {
  AnalyticsClient,
  DestinationMiddlewareFunction,
  MiddlewareFunction,
  Plugin,
} from "../model/plugin";
import type { ID } from "../model/storage";
import type { InitOptions } from "../model/load";
import type { SegmentEvent } from "../model/event";
import { Group, User } from "./user";

/** The loaded client: what `await AnalyticsBrowser.load(…)` gives first. */
export class Analytics extends ClassicAnalytics implements AnalyticsClient {
  /** Takes each call to the core. @internal */
  readonly courier: Courier;
  readonly #user: User;
  readonly #group: Group;

  /** The first argument of `load`, and the callbacks' `timeout`. */
  readonly settings: AnalyticsInstanceSettings;
  /** The second argument of `load`. */
  readonly options: InitOptions;
  /** Which destinations get events, unless an event says otherwise. */
  integrations: IntegrationsInitOptions;
  /** The plugins. */
  readonly queue: EventQueue;
  /** Whether everything that was there at `load` is registered. */
  initialized = false;
  /** What sees each call first. @internal */
  extensions: Extensions | undefined;

  /** Records nothing; `AnalyticsBrowser.load` makes clients that do. */
  constructor(settings: AnalyticsSettings, options?: InitOptions);
  /** @internal */
  constructor(...parts: [AnalyticsSettings, InitOptions?, Core?, Journal?]);
  constructor(
    settings: AnalyticsSettings,
    options: InitOptions = {},
    core: Core = new Core(disabledEngine),
    journal?: Journal,
  ) {
    super();
    const none = { integrations: {} } as CDNSettings;
    const { cdnSettings = none } = settings;
    this.settings = { timeout: CALLBACK_DELAY_MS, ...settings, cdnSettings };
    this.options = options;
    this.integrations = options.integrations ?? {};
    this.queue = new EventQueue();
    this.courier = new Courier(this, core, journal);
    this.#user = new User(core.engine, options.user);
    this.#group = new Group(core.engine, options.group);
    autoBind(this);
  }

  /** Records something the visitor did. */
  track(...args: EventParams): Promise<Context> {
    return this.#call("track", args);
  }

  /** Records a page view. */
  page(...args: PageParams): Promise<Context> {
    return this.#call("page", args);
  }

  /** Records a screen view. */
  screen(...args: PageParams): Promise<Context> {
    return this.#call("screen", args);
  }

  /** Says who the visitor is. */
  identify(...args: IdentifyParams): Promise<Context> {
    return this.#call("identify", args);
  }

  /** Says which group the visitor belongs to; without arguments, gives the group. */
  group(): Group;
  group(...args: GroupParams): Promise<Context>;
  group(...args: [] | GroupParams): Group | Promise<Context> {
    return args.length > 0 ? this.#call("group", args) : this.#group;
  }

  /** Says that two ids are one visitor. */
  alias(...args: AliasParams): Promise<Context> {
    return this.#call("alias", args);
  }

  #call(method: Method, args: readonly unknown[]): Promise<Context> {
    return this.courier.record(copyCall(method, args));
  }

  /** Registers plugins; resolves when those that are no destinations are loaded. */
  async register(...plugins: Plugin[]): Promise<Context> {
    const context = Context.system();
    await this.courier.registrar.register(context, plugins);
    return context;
  }

  /** Takes away the plugins of these names. */
  async deregister(...names: string[]): Promise<Context> {
    const context = Context.system();
    await this.courier.registrar.deregister(context, names);
    return context;
  }

  /** Lets `middleware` see, change or stop every event from now on. */
  async addSourceMiddleware(middleware: MiddlewareFunction): Promise<this> {
    await this.courier.registrar.addSourceMiddleware(middleware);
    return this;
  }

  /** Hands middleware to destination plugins that take it. */
  addDestinationMiddleware(
    integrationName: string,
    ...middlewares: DestinationMiddlewareFunction[]
  ): Promise<this> {
    for (const plugin of this.queue.plugins as (Plugin & {
      addMiddleware?: (...middlewares: unknown[]) => void;
    })[]) {
      const named = plugin.name.toLowerCase() === integrationName.toLowerCase();
      if (named || integrationName === "*") {
        plugin.addMiddleware?.(...middlewares);
      }
    }
    return Promise.resolve(this);
  }

  /** Forgets visitor and group, as on logout. */
  reset(): void {
    this.courier.reset();
    this.#user.reset();
    this.#group.reset();
    this.extensions?.forget("reset");
    this.emit("reset");
  }

  /** The visitor. */
  user = (): User => this.#user;

  /** Sets the anonymous id. */
  setAnonymousId(id?: string | null): ID {
    return this.#user.anonymousId(id);
  }

  /** Milliseconds from a call to its callback. */
  timeout(timeoutMs: number): void {
    this.settings.timeout = timeoutMs;
  }

  /** Calls back, with an answer of each plugin, when all of them are ready. */
  async ready(
    callback: (answers: unknown[]) => unknown = (answers) => answers,
  ): Promise<unknown> {
    const asked = this.queue.plugins.map(async (plugin) => plugin.ready?.());
    const settled = await Promise.allSettled(asked);
    const answers = settled.map((one) =>
      one.status === "fulfilled" ? one.value : console.warn(one.reason),
    );
    try {
      callback(answers);
    } catch (error) {
      console.error(error);
    }
    return answers;
  }

  /** Logs what happens to each event. */
  debug(on: boolean): this {
    this.courier.debug = on;
    return this;
  }

  /** What became of the events of this page so far. */
  delivery(): Delivery {
    return this.courier.delivery();
  }

  /** A context of no event, for what concerns the client as a whole. @internal */
  systemContext(): Context {
    return Context.system();
  }

  /** Whether an event is recorded by the end of the task of its call. @internal */
  recordsAtOnce(): boolean {
    return this.courier.registrar.isClear();
  }
}
