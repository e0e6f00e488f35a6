import {
  Analytics,
  type AliasArguments,
  type IdentifyArguments,
  type PageArguments,
} from "./analytics";
import type { Method } from "./call";
import { Context } from "./context";
import type { Gate } from "./consent";
import { Recorder } from "./recorder";
import type {
  AnalyticsBrowserSettings,
  Callback,
  Delivery,
  EventProperties,
  InitOptions,
  Options,
} from "./types";
import { Group, User } from "./user";
import { VERSION } from "./version";

/**
 * The client a page holds. It may be used from the first moment: calls made before it is
 * loaded are kept in order, with the time and page of their moment.
 */
export class AnalyticsBrowser implements PromiseLike<
  [analytics: Analytics, context: Context]
> {
  readonly #recorder: Recorder = new Recorder();
  readonly #loaded: Promise<[Analytics, Context]>;

  /** The loaded client, once it is there. */
  instance: Analytics | undefined;

  /** Touches nothing; `load` starts it. */
  constructor() {
    this.#loaded = this.#recorder.ready.then((engine) => {
      this.instance = new Analytics(this.#recorder, engine);
      return [this.instance, new Context("{}")];
    });
  }

  /** A client that is loading. */
  static load(
    settings: AnalyticsBrowserSettings,
    options?: InitOptions,
  ): AnalyticsBrowser {
    return new AnalyticsBrowser().load(settings, options);
  }

  /** Starts loading; a second call changes nothing. */
  load(settings: AnalyticsBrowserSettings, options?: InitOptions): this {
    this.#recorder.load(settings, options);
    return this;
  }

  get VERSION(): string {
    return VERSION;
  }

  then<A = [Analytics, Context], B = never>(
    onLoaded?: ((value: [Analytics, Context]) => A | PromiseLike<A>) | null,
    onFailed?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.#loaded.then(onLoaded, onFailed);
  }

  catch<B = never>(
    onFailed?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<[Analytics, Context] | B> {
    return this.#loaded.catch(onFailed);
  }

  finally(onSettled?: (() => void) | null): Promise<[Analytics, Context]> {
    return this.#loaded.finally(onSettled);
  }

  #call(method: Method, args: unknown[]): Promise<Context> {
    return this.#recorder.call(method, args);
  }

  /** Records something the visitor did. */
  track(
    event: string | EventProperties,
    properties?: EventProperties | Callback | null,
    options?: Options | Callback | null,
    callback?: Callback,
  ): Promise<Context> {
    return this.#call("track", [event, properties, options, callback]);
  }

  /** Records a page view. */
  page(...args: PageArguments): Promise<Context> {
    return this.#call("page", args);
  }

  /** Records a screen view. */
  screen(...args: PageArguments): Promise<Context> {
    return this.#call("screen", args);
  }

  /** Says who the visitor is. */
  identify(...args: IdentifyArguments): Promise<Context> {
    return this.#call("identify", args);
  }

  /** Says which group the visitor belongs to; without arguments, gives the group. */
  group(): Promise<Group>;
  group(...args: IdentifyArguments): Promise<Context>;
  group(...args: [] | IdentifyArguments): Promise<Group | Context> {
    if (args.length > 0) return this.#call("group", args);
    return this.#recorder.run((engine) => new Group(engine));
  }

  /** Says that two ids are one visitor. */
  alias(...args: AliasArguments): Promise<Context> {
    return this.#call("alias", args);
  }

  /** Forgets visitor and group, as on logout. */
  reset(): Promise<void> {
    return this.#recorder.run((engine) => engine.reset());
  }

  /** The visitor. */
  user(): Promise<User> {
    return this.#recorder.run((engine) => new User(engine));
  }

  /** Sets the anonymous id, which is also what it resolves to. */
  setAnonymousId(id?: string | null): Promise<string | null> {
    return this.#recorder.run((engine) => new User(engine).anonymousId(id));
  }

  /** Calls back when the client is ready. */
  ready(callback?: () => unknown): Promise<unknown> {
    return this.#recorder.ready.then(() => callback?.());
  }

  /** Logs what happens to each event. */
  debug(on: boolean): this {
    this.#recorder.debug(on);
    return this;
  }

  /** What became of the events of this page so far. */
  delivery(): Delivery {
    return this.#recorder.delivery();
  }

  /** The consent gate, once `load` was called. */
  get consent(): Gate | undefined {
    return this.#recorder.gate;
  }
}
