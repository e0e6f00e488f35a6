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
import { Group, User } from "./user";

/** The loaded client: `const [analytics] = await AnalyticsBrowser.load(…)`. */
export class Analytics extends ClassicAnalytics implements AnalyticsClient {
  /** Passes each call to the core. @internal */
  readonly courier: Courier;
  readonly #user: User;
  readonly #group: Group;

  /** The first argument of `load`, with the `timeout` of callbacks. */
  readonly settings: AnalyticsInstanceSettings;
  /** The second argument of `load`. */
  readonly options: InitOptions;
  /** The destinations that get events; an event's own `integrations` override them. */
  integrations: IntegrationsInitOptions;
  /** The plugins. */
  readonly queue: EventQueue;
  /** Whether the plugins given to `load` are registered. */
  initialized = false;
  /** The extensions, which see each call first. @internal */
  extensions: Extensions | undefined;

  /** Creates a client that records no events; use `AnalyticsBrowser.load` for one that does. */
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

  /** Identifies the visitor. */
  identify(...args: IdentifyParams): Promise<Context> {
    return this.#call("identify", args);
  }

  /** Puts the visitor into a group; without arguments, returns the group. */
  group(): Group;
  group(...args: GroupParams): Promise<Context>;
  group(...args: [] | GroupParams): Group | Promise<Context> {
    return args.length > 0 ? this.#call("group", args) : this.#group;
  }

  /** Links two ids of one visitor. */
  alias(...args: AliasParams): Promise<Context> {
    return this.#call("alias", args);
  }

  #call(method: Method, args: readonly unknown[]): Promise<Context> {
    return this.courier.record(copyCall(method, args));
  }

  /** Registers plugins; resolves once all of them except destinations are loaded. */
  async register(...plugins: Plugin[]): Promise<Context> {
    const context = Context.system();
    await this.courier.registrar.register(context, plugins);
    return context;
  }

  /** Removes the plugins with these names. */
  async deregister(...names: string[]): Promise<Context> {
    const context = Context.system();
    await this.courier.registrar.deregister(context, names);
    return context;
  }

  /** Lets `middleware` see, change or stop every later event. */
  async addSourceMiddleware(middleware: MiddlewareFunction): Promise<this> {
    await this.courier.registrar.addSourceMiddleware(middleware);
    return this;
  }

  /** Adds middleware to the destination plugins that support it. */
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

  /** Forgets the visitor and the group, for example on logout. */
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

  /** Sets the time from a call to its callback. */
  timeout(timeoutMs: number): void {
    this.settings.timeout = timeoutMs;
  }

  /** Calls `callback` with each plugin's answer once all plugins are ready. */
  async ready(
    callback: (answers: unknown[]) => unknown = (answers) => answers,
  ): Promise<unknown> {
    const asked = this.queue.plugins.map(async (plugin) => {
      try {
        return await plugin.ready?.();
      } catch (error) {
        return console.warn(error);
      }
    });
    const answers = await Promise.all(asked);
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

  /** The delivery report: counts of this page's events so far. */
  delivery(): Delivery {
    return this.courier.delivery();
  }

  /** A context without an event, for the client as a whole. @internal */
  systemContext(): Context {
    return Context.system();
  }

  /** Whether an event is recorded in the task of its call. @internal */
  recordsAtOnce(): boolean {
    return this.courier.registrar.isClear();
  }
}
