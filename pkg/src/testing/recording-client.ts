import { snapshot } from "../base/snapshot";
import type { Analytics } from "../client/analytics";
import { AnalyticsBrowser } from "../front/analytics-browser";
import { Context } from "../model/context";
import type { Engine } from "../core/engine";
import { EventFactory } from "../compat/event-factory";
import {
  resolveAliasArguments,
  resolveArguments,
  resolvePageArguments,
  resolveUserArguments,
} from "../compat/resolve-arguments";
import type {
  AliasParams,
  Callback,
  EventParams,
  GroupParams,
  IdentifyParams,
  PageParams,
} from "../model/call-arguments";
import type { ID } from "../model/storage";
import type { SegmentEvent } from "../model/event";
import { Group, User } from "../client/user";
import { memoryIdentity } from "./memory-identity";

/**
 * A client for tests: it takes the calls of the real one, keeps the events it would send, and
 * touches neither network, storage nor cookies. An event is there when its call returns.
 * Plugins and middleware are taken and not run.
 */
export class RecordingClient extends AnalyticsBrowser {
  /** The events recorded since the start or the last `clear`, oldest first. */
  readonly events: SegmentEvent[] = [];
  #user: User;
  #group: Group;
  #factory: EventFactory;

  constructor() {
    super();
    const identity = memoryIdentity() as unknown as Engine;
    this.#user = new User(identity);
    this.#group = new Group(identity);
    this.#factory = new EventFactory(this.#user);
  }

  /** Forgets the recorded events, but not the visitor. */
  clear(): void {
    this.events.length = 0;
  }

  /** The events of that name (of a track, a page or a screen), oldest first. */
  named(name: string): SegmentEvent[] {
    return this.events.filter((event) => (event.event ?? event.name) === name);
  }

  #keep(event: SegmentEvent, callback?: Callback): Promise<Context> {
    // The event as it would be sent.
    const kept = JSON.parse(snapshot(event)) as SegmentEvent;
    this.events.push(kept);
    const context = new Context(kept);
    void Promise.resolve(context).then(callback).catch(console.error);
    return Promise.resolve(context);
  }

  /** Turns an error of `make` into a rejection that the test need not handle. */
  #recorded(make: () => Promise<Context>): Promise<Context> {
    try {
      return make();
    } catch (error) {
      const refused = Promise.reject<Context>(error);
      refused.catch(() => {});
      return refused;
    }
  }

  override load(): this {
    return this;
  }

  override track(...args: EventParams): Promise<Context> {
    return this.#recorded(() => {
      const [name, given, options, callback] = resolveArguments(...args);
      const properties = typeof given === "function" ? {} : given;
      const event = this.#factory.track(name, properties, options);
      return this.#keep(event, callback);
    });
  }

  override page(...args: PageParams): Promise<Context> {
    return this.#recorded(() => {
      const [category, name, properties, options, callback] =
        resolvePageArguments(...args);
      const event = this.#factory.page(category, name, properties, options);
      return this.#keep(event, callback);
    });
  }

  override screen(...args: PageParams): Promise<Context> {
    return this.#recorded(() => {
      const [category, name, properties, options, callback] =
        resolvePageArguments(...args);
      const event = this.#factory.screen(category, name, properties, options);
      return this.#keep(event, callback);
    });
  }

  override identify(...args: IdentifyParams): Promise<Context> {
    return this.#recorded(() => {
      const [id, traits, options, callback] = resolveUserArguments(this.#user)(
        ...args,
      );
      this.#user.identify(id, traits);
      const all = this.#user.traits();
      return this.#keep(this.#factory.identify(id, all, options), callback);
    });
  }

  override group(): Promise<Group>;
  override group(...args: GroupParams): Promise<Context>;
  override group(...args: [] | GroupParams): Promise<Group | Context> {
    if (args.length === 0) return Promise.resolve(this.#group);
    return this.#recorded(() => {
      const [id, traits, options, callback] = resolveUserArguments(this.#group)(
        ...args,
      );
      this.#group.identify(id, traits);
      const all = this.#group.traits();
      return this.#keep(this.#factory.group(id, all, options), callback);
    });
  }

  override alias(...args: AliasParams): Promise<Context> {
    return this.#recorded(() => {
      const [to, from, options, callback] = resolveAliasArguments(...args);
      return this.#keep(this.#factory.alias(to, from, options), callback);
    });
  }

  override reset(): Promise<void> {
    this.#user.logout();
    this.#group.logout();
    return Promise.resolve();
  }

  override user(): Promise<User> {
    return Promise.resolve(this.#user);
  }

  override setAnonymousId(id?: string | null): Promise<ID> {
    return Promise.resolve(this.#user.anonymousId(id));
  }

  override ready(callback?: (answers: any) => unknown): Promise<unknown> {
    callback?.([]);
    return Promise.resolve([]);
  }

  override register(): Promise<Context> {
    return Promise.resolve(Context.system());
  }

  override deregister(): Promise<Context> {
    return Promise.resolve(Context.system());
  }

  override then<A = [Analytics, Context], B = never>(
    onLoaded?: ((value: [Analytics, Context]) => A | PromiseLike<A>) | null,
    onFailed?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    const self = this as unknown as Analytics;
    const loaded: [Analytics, Context] = [self, Context.system()];
    return Promise.resolve(loaded).then(onLoaded, onFailed);
  }
}
