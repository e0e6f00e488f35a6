import type { Gate } from "./consent";
import type { Context } from "./context";
import type { Engine } from "./engine";
import type { Recorder } from "./recorder";
import type {
  Callback,
  Delivery,
  EventProperties,
  ID,
  Options,
  Traits,
} from "./types";
import { Group, User } from "./user";

/** The loaded client: what `await AnalyticsBrowser.load(…)` gives first. */
export class Analytics {
  readonly #recorder: Recorder;
  readonly #engine: Engine;

  /** @internal */
  constructor(recorder: Recorder, engine: Engine) {
    this.#recorder = recorder;
    this.#engine = engine;
  }

  /** Records something the visitor did. */
  track(
    event: string | EventProperties,
    properties?: EventProperties | Callback | null,
    options?: Options | Callback | null,
    callback?: Callback,
  ): Promise<Context> {
    return this.#recorder.call("track", [event, properties, options, callback]);
  }

  /** Records a page view. */
  page(...args: PageArguments): Promise<Context> {
    return this.#recorder.call("page", args);
  }

  /** Records a screen view. */
  screen(...args: PageArguments): Promise<Context> {
    return this.#recorder.call("screen", args);
  }

  /** Says who the visitor is. */
  identify(...args: IdentifyArguments): Promise<Context> {
    return this.#recorder.call("identify", args);
  }

  /** Says which group the visitor belongs to; without arguments, gives the group. */
  group(): Group;
  group(...args: IdentifyArguments): Promise<Context>;
  group(...args: [] | IdentifyArguments): Group | Promise<Context> {
    if (args.length === 0) return new Group(this.#engine);
    return this.#recorder.call("group", args);
  }

  /** Says that two ids are one visitor. */
  alias(...args: AliasArguments): Promise<Context> {
    return this.#recorder.call("alias", args);
  }

  /** Forgets visitor and group, as on logout. */
  reset(): void {
    void this.#recorder.run((engine) => engine.reset());
  }

  /** The visitor. */
  user(): User {
    return new User(this.#engine);
  }

  /** Sets the anonymous id. */
  setAnonymousId(id?: string | null): string | null {
    return this.user().anonymousId(id);
  }

  /** Calls back when the client is ready, which it is. */
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

  /** The consent gate. */
  get consent(): Gate | undefined {
    return this.#recorder.gate;
  }
}

/** The forms of `page` and `screen`. */
export type PageArguments = [
  category?: string | EventProperties | Callback | null,
  name?: string | EventProperties | Callback | null,
  properties?: EventProperties | Options | Callback | null,
  options?: Options | Callback | null,
  callback?: Callback,
];

/** The forms of `identify` and `group`. */
export type IdentifyArguments = [
  id?: ID | Traits | Callback,
  traits?: Traits | Options | Callback | null,
  options?: Options | Callback | null,
  callback?: Callback,
];

/** The forms of `alias`. */
export type AliasArguments = [
  to?: ID,
  from?: ID | Options,
  options?: Options | Callback,
  callback?: Callback,
];
