import type { AutoTracking, FormArgs, LinkArgs } from "../automatic/auto-track";
import { autoBind } from "../base/auto-bind";
import { CALLBACK_DELAY_MS } from "../base/limits";
import { VERSION } from "../base/version";
import type { Method } from "../call/call";
import type { Analytics } from "../client/analytics";
import type { Group } from "../client/user";
import type { Gate } from "../consent/gate";
import type * as calls from "../model/call-arguments";
import type { Context } from "../model/context";
import type { Delivery } from "../model/delivery";
import type { AnalyticsBrowserSettings, InitOptions } from "../model/load";
import type { Holding } from "./held";
import { Recorder } from "./recorder";
import { WaitingMethods } from "./waiting-methods";

type Loaded = [analytics: Analytics, context: Context];

/**
 * The client as a page uses it. It takes calls from the start: those made before it is loaded are
 * held in order, each with the time and page of its moment.
 */
export class AnalyticsBrowser
  extends WaitingMethods
  implements PromiseLike<Loaded>
{
  readonly #recorder: Recorder = new Recorder();
  readonly #loaded: Promise<Loaded>;

  /** The loaded client; undefined until then. */
  instance: Analytics | undefined;
  /** The context of the plugins' registration; undefined until the client is loaded. */
  ctx: Context | undefined;

  /** The version of the package. */
  readonly VERSION: string = VERSION;

  /** Has no side effects; `load` starts the client. */
  constructor() {
    super();
    this.#loaded = this.#recorder.ready.then((analytics) => {
      this.instance = analytics;
      this.ctx = analytics.systemContext();
      return [analytics, this.ctx];
    });
    this.#loaded.catch(() => {});
    autoBind(this);
  }

  /** Creates a client and starts loading it. */
  static load(
    settings: AnalyticsBrowserSettings,
    options?: InitOptions,
  ): AnalyticsBrowser {
    return new AnalyticsBrowser().load(settings, options);
  }

  /** Loads a client; resolves with it once it is loaded. */
  static standalone(
    writeKey: string,
    options?: InitOptions,
  ): Promise<Analytics> {
    return AnalyticsBrowser.load({ writeKey }, options).then(([it]) => it);
  }

  /** Starts loading; a second call has no effect. */
  load(settings: AnalyticsBrowserSettings, options?: InitOptions): this {
    this.#recorder.load(settings, options);
    return this;
  }

  /** Runs an operation on the client, in its place among the calls. @internal */
  whenLoaded<T>(
    operation: (client: Analytics) => T | Promise<T>,
    holding?: Holding,
  ): Promise<T> {
    return this.#recorder.run(operation, holding);
  }

  /** Lets the client be awaited: resolves with the loaded client and its context. */
  then<A = Loaded, B = never>(
    onLoaded?: ((value: Loaded) => A | PromiseLike<A>) | null,
    onFailed?: ((reason: any) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.#loaded.then(onLoaded, onFailed);
  }

  /** Calls `onFailed` if the client cannot be loaded. */
  catch<B = never>(
    onFailed?: ((reason: any) => B | PromiseLike<B>) | null,
  ): Promise<Loaded | B> {
    return this.#loaded.catch(onFailed);
  }

  /** Calls `onSettled` once loading has ended, successfully or not. */
  finally(onSettled?: (() => void) | null): Promise<Loaded> {
    return this.#loaded.finally(onSettled);
  }

  #call(method: Method, args: readonly unknown[]): Promise<Context> {
    return this.#recorder.call(method, args);
  }

  /** Records something the visitor did. */
  track(...args: calls.EventParams): Promise<Context> {
    return this.#call("track", args);
  }

  /** Records a page view. */
  page(...args: calls.PageParams): Promise<Context> {
    return this.#call("page", args);
  }

  /** Records a screen view. */
  screen(...args: calls.PageParams): Promise<Context> {
    return this.#call("screen", args);
  }

  /** Identifies the visitor. */
  identify(...args: calls.IdentifyParams): Promise<Context> {
    return this.#call("identify", args);
  }

  /** Puts the visitor into a group; without arguments, returns the group. */
  group(): Promise<Group>;
  group(...args: calls.GroupParams): Promise<Context>;
  group(...args: [] | calls.GroupParams): Promise<Group | Context> {
    if (args.length > 0) return this.#call("group", args);
    return this.#recorder.run((analytics) => analytics.group());
  }

  /** Links two ids of one visitor. */
  alias(...args: calls.AliasParams): Promise<Context> {
    return this.#call("alias", args);
  }

  /** Forgets the visitor and the group, for example on logout. */
  reset(): Promise<void> {
    return this.#recorder.reset();
  }

  async #auto(kind: "link" | "form", args: unknown[]): Promise<Analytics> {
    const auto = await import("../automatic/auto-track");
    // The elements are watched before the client is loaded, so that early clicks are tracked.
    const client = () => this.instance;
    const tracking: AutoTracking = {
      get settings() {
        return client()?.settings ?? { timeout: CALLBACK_DELAY_MS };
      },
      recordsAtOnce: () => client()?.recordsAtOnce() ?? false,
      track: (...call: calls.EventParams) => this.track(...call),
    };
    (auto[kind] as (...args: unknown[]) => void)(tracking, ...args);
    const [analytics] = await this.#loaded;
    return analytics;
  }

  /** Tracks clicks on links; the browser follows the link once the event is recorded. */
  trackLink(...args: LinkArgs): Promise<Analytics> {
    return quiet(this.#auto("link", args));
  }

  /** An alias of `trackLink`. */
  trackClick(...args: LinkArgs): Promise<Analytics> {
    return quiet(this.#auto("link", args));
  }

  /** Tracks submissions of forms; a form is submitted once the event is recorded. */
  trackSubmit(...args: FormArgs): Promise<Analytics> {
    return quiet(this.#auto("form", args));
  }

  /** The delivery report: counts of this page's events so far. */
  delivery(): Delivery {
    return this.#recorder.delivery();
  }

  /** The consent gate, undefined before `load`; `consent.update` takes the visitor's choice. */
  get consent(): Gate | undefined {
    return this.#recorder.gate;
  }
}

/** Keeps a rejection that the caller ignores from being reported as unhandled. */
function quiet<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}
