import type { Analytics } from "./analytics";
import type { AutoTracking, FormArgs, LinkArgs } from "./auto-track";
import { autoBind } from "./auto-bind";
import type { Method } from "./call";
import type { Gate } from "./consent/gate";
import type { Context } from "./context";
import { CALLBACK_DELAY_MS } from "./limits";
import { Recorder } from "./recorder";
import type {
  AliasParams,
  AnalyticsBrowserSettings,
  Delivery,
  DestinationMiddlewareFunction,
  EventParams,
  GroupParams,
  ID,
  InitOptions,
  MiddlewareFunction,
  PageParams,
  Plugin,
  IdentifyParams,
} from "./types";
import type { Group, User } from "./user";
import { VERSION } from "./version";

type Loaded = [analytics: Analytics, context: Context];

/** Before every call that is held, as the peer has it. */
const FIRST = { first: true };

/** What says nothing of the visitor waits even where the answer was no: it may become yes. */
const STAYS = { stays: true };
const FIRST_AND_STAYS = { ...FIRST, ...STAYS };

/**
 * The client a page holds. It may be used from the first moment: calls made before it is
 * loaded are kept in order, with the time and page of their moment.
 */
export class AnalyticsBrowser implements PromiseLike<Loaded> {
  readonly #recorder: Recorder = new Recorder();
  readonly #loaded: Promise<Loaded>;

  /** The loaded client, once it is there. */
  instance: Analytics | undefined;

  /** The context of the plugins' registration, once the client is loaded. */
  ctx: Context | undefined;

  /** Version of the package. */
  readonly VERSION: string = VERSION;

  /** Touches nothing; `load` starts it. */
  constructor() {
    this.#loaded = this.#recorder.ready.then((analytics) => {
      this.instance = analytics;
      this.ctx = analytics.systemContext();
      return [analytics, this.ctx];
    });
    this.#loaded.catch(() => {});
    autoBind(this);
  }

  /** A client that is loading. */
  static load(
    settings: AnalyticsBrowserSettings,
    options?: InitOptions,
  ): AnalyticsBrowser {
    return new AnalyticsBrowser().load(settings, options);
  }

  /** The client, when it is loaded. */
  static standalone(
    writeKey: string,
    options?: InitOptions,
  ): Promise<Analytics> {
    return AnalyticsBrowser.load({ writeKey }, options).then(([it]) => it);
  }

  /** Starts loading; a second call changes nothing. */
  load(settings: AnalyticsBrowserSettings, options?: InitOptions): this {
    this.#recorder.load(settings, options);
    return this;
  }

  /** Hands over the client when it is loaded, in its place among the calls. @internal */
  whenLoaded(take: (analytics: Analytics) => void): void {
    void this.#recorder.run(take, STAYS);
  }

  then<A = Loaded, B = never>(
    onLoaded?: ((value: Loaded) => A | PromiseLike<A>) | null,
    onFailed?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.#loaded.then(onLoaded, onFailed);
  }

  catch<B = never>(
    onFailed?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<Loaded | B> {
    return this.#loaded.catch(onFailed);
  }

  finally(onSettled?: (() => void) | null): Promise<Loaded> {
    return this.#loaded.finally(onSettled);
  }

  #call(method: Method, args: readonly unknown[]): Promise<Context> {
    return this.#recorder.call(method, args);
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
  group(): Promise<Group>;
  group(...args: GroupParams): Promise<Context>;
  group(...args: [] | GroupParams): Promise<Group | Context> {
    if (args.length > 0) return this.#call("group", args);
    return this.#recorder.run((analytics) => analytics.group());
  }

  /** Says that two ids are one visitor. */
  alias(...args: AliasParams): Promise<Context> {
    return this.#call("alias", args);
  }

  /** Forgets visitor and group, as on logout. */
  reset(): Promise<void> {
    return this.#recorder.reset();
  }

  /** The visitor. */
  user(): Promise<User> {
    return this.#recorder.run((analytics) => analytics.user());
  }

  /** Sets the anonymous id, which is also what it resolves to; calls held before get it too. */
  setAnonymousId(id?: string | null): Promise<ID> {
    return this.#recorder.run((it) => it.setAnonymousId(id), FIRST);
  }

  /** Calls back, with an answer of each plugin, when all of them are ready. */
  ready(callback?: (answers: any) => unknown): Promise<unknown> {
    return this.#recorder.run((analytics) => analytics.ready(callback));
  }

  /** Registers plugins; calls held before pass them too. */
  register(...plugins: Plugin[]): Promise<Context> {
    return this.#recorder.run((it) => it.register(...plugins), FIRST_AND_STAYS);
  }

  /** Takes away the plugins of these names. */
  deregister(...names: string[]): Promise<Context> {
    return this.#recorder.run((it) => it.deregister(...names), STAYS);
  }

  /** Lets `middleware` see, change or stop every event; calls held before too. */
  addSourceMiddleware(middleware: MiddlewareFunction): Promise<Analytics> {
    return this.#recorder.run(
      (it) => it.addSourceMiddleware(middleware),
      FIRST_AND_STAYS,
    );
  }

  /** Hands middleware to destination plugins that take it. */
  addDestinationMiddleware(
    integrationName: string,
    ...middlewares: DestinationMiddlewareFunction[]
  ): Promise<Analytics> {
    return this.#recorder.run(
      (it) => it.addDestinationMiddleware(integrationName, ...middlewares),
      STAYS,
    );
  }

  async #auto(kind: "link" | "form", args: unknown[]): Promise<Analytics> {
    const auto = await import("./auto-track");
    // Before the client is there too: what is clicked early is tracked.
    const client = () => this.instance;
    const tracking: AutoTracking = {
      get settings() {
        return client()?.settings ?? { timeout: CALLBACK_DELAY_MS };
      },
      recordsAtOnce: () => client()?.recordsAtOnce() ?? false,
      track: (...call: EventParams) => this.track(...call),
    };
    (auto[kind] as (...args: unknown[]) => void)(tracking, ...args);
    const [analytics] = await this.#loaded;
    return analytics;
  }

  /** Tracks clicks on links, and lets the visitor go on when the event is recorded. */
  trackLink(...args: LinkArgs): Promise<Analytics> {
    return quiet(this.#auto("link", args));
  }

  /** Another name of `trackLink`. */
  trackClick(...args: LinkArgs): Promise<Analytics> {
    return quiet(this.#auto("link", args));
  }

  /** Tracks a form's being sent, which happens when the event is recorded. */
  trackSubmit(...args: FormArgs): Promise<Analytics> {
    return quiet(this.#auto("form", args));
  }

  /** @deprecated Use `page`. */
  pageView(url: string): Promise<Analytics> {
    return this.#recorder.run((analytics) => analytics.pageview(url));
  }

  /** Calls `listener` for each such event from now on. */
  on(event: string, listener: (...args: any[]) => void): this {
    void this.#recorder.run(
      (it) => void it.on(event, listener),
      FIRST_AND_STAYS,
    );
    return this;
  }

  /** Calls `listener` for the next such event only. */
  once(event: string, listener: (...args: any[]) => void): this {
    void this.#recorder.run((it) => void it.once(event, listener), STAYS);
    return this;
  }

  /** Calls `listener` no more. */
  off(event: string, listener: (...args: any[]) => void): this {
    void this.#recorder.run((it) => void it.off(event, listener), STAYS);
    return this;
  }

  /** Logs what happens to each event. */
  debug(on: boolean): this {
    void this.#recorder.run((it) => void it.debug(on), STAYS);
    return this;
  }

  /** What became of the events of this page so far. */
  delivery(): Delivery {
    return this.#recorder.delivery();
  }

  /** What the visitor allows, once `load` was called: `consent.update` takes an answer. */
  get consent(): Gate | undefined {
    return this.#recorder.gate;
  }
}

/** A promise that nobody has to look at. */
function quiet<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}
