import type { FormArgs, LinkArgs } from "../automatic/auto-track";
import type { Gate } from "../consent/gate";
import type { Context } from "../model/context";
import { Emitter } from "../base/emitter";
import type {
  Callback,
  EventParams,
  PageParams,
} from "../model/call-arguments";
import type { InitOptions } from "../model/load";
import type { SegmentEvent } from "../model/event";
import { openStorage } from "./stores";
import type { UniversalStorage } from "../model/universal-storage";
import { VERSION } from "../base/version";

const DEPRECATED =
  "This is being deprecated and will be not be available in future releases of Analytics JS";

type Tracked = (...args: any[]) => Promise<unknown>;

/** The methods that fetch their code on first use, and those kept from old analytics.js. */
export abstract class ClassicAnalytics extends Emitter {
  #storage: UniversalStorage | undefined;

  /** Records something the visitor did. */
  abstract track(...args: EventParams): Promise<Context>;
  /** Records a page view. */
  abstract page(...args: PageParams): Promise<Context>;

  /** The page's own values, in the stores of the `storage` option. */
  get storage(): UniversalStorage {
    const { cookie, disableClientPersistence, storage } = this.options;
    if (this.gate?.state === "denied")
      return openStorage(storage, cookie, true);
    return (this.#storage ??= openStorage(
      storage,
      cookie,
      disableClientPersistence,
    ));
  }

  /** The version of the package. */
  get VERSION(): string {
    return VERSION;
  }

  /** The consent gate. @internal */
  gate: Gate | undefined;
  /** The settings, with the `timeout` of callbacks. */
  abstract settings: { timeout?: number };
  /** The second argument of `load`. */
  abstract readonly options: InitOptions;
  /** Whether an event is recorded in the task of its call. @internal */
  abstract recordsAtOnce(): boolean;

  async #auto(kind: "link" | "form", args: unknown[]): Promise<this> {
    const auto = await import("../automatic/auto-track");
    (auto[kind] as (...args: unknown[]) => void)(this, ...args);
    return this;
  }

  /** Tracks clicks on links; the browser follows the link once the event is recorded. */
  trackLink = (...args: LinkArgs): Promise<this> => this.#auto("link", args);

  /** An alias of `trackLink`. */
  trackClick = (...args: LinkArgs): Promise<this> => this.#auto("link", args);

  /** Tracks submissions of forms; a form is submitted once the event is recorded. */
  trackForm = (...args: FormArgs): Promise<this> => this.#auto("form", args);

  /** An alias of `trackForm`. */
  trackSubmit = (...args: FormArgs): Promise<this> => this.#auto("form", args);

  /** Makes the calls that a query string asks for (`ajs_uid`, `ajs_event`, …). */
  async queryString(query: string): Promise<Context[]> {
    if (this.options.useQueryString === false) return [];
    const { queryString } = await import("../automatic/query-string");
    return queryString(this as never, query);
  }

  /** Makes a call given as an array, the form in which the snippet's stub holds calls. */
  push(call: unknown[]): void {
    const [method, ...args] = call;
    const own = this as unknown as Record<string, Tracked | undefined>;
    if (typeof method === "string") void own[method]?.apply(this, args);
  }

  /** Calls `factory` with this client. */
  use(factory: (analytics: this) => void): this {
    factory(this);
    return this;
  }

  /** @deprecated Use `page`. */
  async pageview(url: string): Promise<this> {
    console.warn(DEPRECATED);
    await this.page({ path: url });
    return this;
  }

  /** @deprecated Does nothing. */
  initialize(_settings?: unknown, _options?: unknown): Promise<this> {
    console.warn(DEPRECATED);
    return Promise.resolve(this);
  }

  /** @deprecated Does nothing. */
  init: (settings?: unknown, options?: unknown) => Promise<this> = (...args) =>
    this.initialize(...args);

  /** @deprecated Does nothing. */
  noConflict(): this {
    console.warn(DEPRECATED);
    return this;
  }

  /** @deprecated Returns the event unchanged. */
  normalize(event: SegmentEvent): SegmentEvent {
    console.warn(DEPRECATED);
    return event;
  }

  /** @deprecated Always empty. */
  get plugins(): Record<string, never> {
    console.warn(DEPRECATED);
    return {};
  }

  /** @deprecated Always empty: classic integrations are not loaded. */
  get Integrations(): Record<string, never> {
    console.warn(DEPRECATED);
    return {};
  }

  /** @deprecated Names of plugins whose `load` failed. */
  get failedInitializations(): string[] {
    console.warn(DEPRECATED);
    const { queue } = this as unknown as {
      queue: { failedInitializations: string[] };
    };
    return queue.failedInitializations;
  }
}

/** Methods of analytics.js 1 that only warn, as in Segment's client. */
export const STUBS = [
  "addEventListener",
  "addIntegration",
  "addIntegrationMiddleware",
  "add",
  "hasListeners",
  "listeners",
  "log",
  "removeAllListeners",
  "removeEventListener",
  "removeListener",
] as const;

for (const name of STUBS) {
  Object.defineProperty(ClassicAnalytics.prototype, name, {
    value: () => console.warn(DEPRECATED),
    writable: true,
    configurable: true,
  });
}

export type { Callback };
