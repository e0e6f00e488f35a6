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
 * The client a page holds. It may be used from the first moment: calls made before it is
 * loaded are kept in order, with the time and page of their moment.
 */
export class AnalyticsBrowser
  extends WaitingMethods
  implements PromiseLike<Loaded>
{
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
    super();
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

  /** Runs an operation on the client, in its place among the calls. @internal */
  whenLoaded<T>(
    operation: (client: Analytics) => T | Promise<T>,
    holding?: Holding,
  ): Promise<T> {
    return this.#recorder.run(operation, holding);
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

  /** Says who the visitor is. */
  identify(...args: calls.IdentifyParams): Promise<Context> {
    return this.#call("identify", args);
  }

  /** Says which group the visitor belongs to; without arguments, gives the group. */
  group(): Promise<Group>;
  group(...args: calls.GroupParams): Promise<Context>;
  group(...args: [] | calls.GroupParams): Promise<Group | Context> {
    if (args.length > 0) return this.#call("group", args);
    return this.#recorder.run((analytics) => analytics.group());
  }

  /** Says that two ids are one visitor. */
  alias(...args: calls.AliasParams): Promise<Context> {
    return this.#call("alias", args);
  }

  /** Forgets visitor and group, as on logout. */
  reset(): Promise<void> {
    return this.#recorder.reset();
  }

  async #auto(kind: "link" | "form", args: unknown[]): Promise<Analytics> {
    const auto = await import("../automatic/auto-track");
    // Before the client is there too: what is clicked early is tracked.
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
