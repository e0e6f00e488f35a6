import { aliasIds, type Call, copyCall, type Method } from "./call";
import { autoBind } from "./auto-bind";
import { callBack } from "./call-back";
import { ClassicAnalytics } from "./classic";
import { Context } from "./context";
import { Core } from "./core";
import { Courier } from "./courier";
import { disabledEngine } from "./disabled-engine";
import { EventQueue } from "./event-queue";
import type { Extensions } from "./extensions";
import type { Restored } from "./journal/entry";
import type { Journal } from "./journal/journal";
import { CALLBACK_DELAY_MS } from "./limits";
import type { PageFacts } from "./page";
import type {
  AliasParams,
  AnalyticsInstanceSettings,
  AnalyticsSettings,
  CDNSettings,
  Delivery,
  DestinationMiddlewareFunction,
  EventParams,
  GroupParams,
  ID,
  InitOptions,
  IntegrationsInitOptions,
  MiddlewareFunction,
  PageParams,
  Plugin,
  SegmentEvent,
  IdentifyParams,
} from "./types";
import { Group, User } from "./user";

/** The loaded client: what `await AnalyticsBrowser.load(…)` gives first. */
export class Analytics extends ClassicAnalytics {
  readonly #courier: Courier;
  readonly #user: User;
  readonly #group: Group;
  #debug = false;

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
    this.#courier = new Courier(this, core, journal);
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
    return this.record(copyCall(method, args));
  }

  /** Records a call; the promise never reports unhandled. @internal */
  record(call: Call): Promise<Context> {
    const recorded = this.#record(call);
    recorded.catch((error: Error) => this.#warn(error));
    return recorded;
  }

  async #record(call: Call): Promise<Context> {
    for (let wait; (wait = this.gate?.admit(call));) await wait;
    const begunMs = Date.now();
    this.extensions?.see(call);
    const { dropped } = call;
    const context = dropped
      ? Context.dropped(dropped)
      : await this.#courier.record(call);
    if (call.callback) {
      const delayMs = this.settings.timeout - (Date.now() - begunMs);
      await callBack(call.callback, context, delayMs);
    }
    if (this.#debug) this.#print(call.method, context);
    if (!dropped && this.hears(call.method)) this.#tell(call, context.event);
    return context;
  }

  #tell(call: Call, event: SegmentEvent & Record<string, any>): void {
    const { properties, traits, options } = event;
    const { category = null, name = null } = event;
    const [to, from = null] = aliasIds(call.text);
    const tales: Record<Method, unknown[]> = {
      track: [event.event, properties, options],
      page: [category, name, properties, options],
      screen: [category, name, properties, options],
      identify: [event.userId, traits, options],
      group: [event.groupId, traits, options],
      alias: [to, from, options],
    };
    this.emit(call.method, ...tales[call.method]);
  }

  /** Registers plugins; resolves when those that are no destinations are loaded. */
  async register(...plugins: Plugin[]): Promise<Context> {
    const context = Context.system();
    await this.#courier.registrar.register(context, plugins);
    return context;
  }

  /** Takes away the plugins of these names. */
  async deregister(...names: string[]): Promise<Context> {
    const context = Context.system();
    await this.#courier.registrar.deregister(context, names);
    return context;
  }

  /** Lets `middleware` see, change or stop every event from now on. */
  async addSourceMiddleware(middleware: MiddlewareFunction): Promise<this> {
    await this.#courier.registrar.addSourceMiddleware(middleware);
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
    this.#courier.reset();
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
    this.#debug = on;
    this.#courier.debug = on;
    return this;
  }

  #print(method: Method, context: Context): void {
    console.log(`waymark: ${method} recorded`, context.event);
    context.flush();
  }

  #warn(error: Error): void {
    const host = globalThis.location?.hostname;
    const local = host === "localhost" || host === "127.0.0.1";
    if (this.#debug || local) console.warn("waymark:", error);
  }

  /** What became of the events of this page so far. */
  delivery(): Delivery {
    const delivery = this.#courier.delivery();
    delivery.refused.extensions = { ...this.extensions?.dropped };
    return delivery;
  }

  /** Forgets the visitor and what was recorded, here and in the stores. @internal */
  withdraw(): void {
    this.#courier.withdraw();
  }

  /** Records again. @internal */
  resume(): void {
    this.#courier.resume();
  }

  /** Takes over what earlier pages left. @internal */
  restore(left: readonly Restored[]): void {
    this.#courier.restore(left);
  }

  /** Makes a call that an earlier page held, at its moment and on its page. @internal */
  replay(text: string, nowMs: number, page: PageFacts): void {
    const [named = "", first = ""] = text.split("\n");
    const [method] = named.split(" ");
    if (method === "reset") this.reset();
    else if (method === "setAnonymousId") {
      this.setAnonymousId(JSON.parse(first || "null") as string | null);
    } else {
      const call = { method: method as Method, text, nowMs, page, seen: true };
      void this.record({ ...call, callback: undefined });
    }
  }

  /** A context of no event, for what concerns the client as a whole. @internal */
  systemContext(): Context {
    return Context.system();
  }

  /** Whether an event is recorded by the end of the task of its call. @internal */
  recordsAtOnce(): boolean {
    return this.#courier.isPlain();
  }

  /** Waits for plugins and settings that events must not overtake. @internal */
  settled(): Promise<unknown> {
    return this.#courier.registrar.settled;
  }

  /** Lets events wait for `task`, at most for `limitMs`. @internal */
  waitFor(task: Promise<unknown>, limitMs: number): void {
    this.#courier.registrar.waitFor(task, limitMs);
  }
}
