import { AnalyticsBrowser } from "./analytics-browser";
import { clientOfKey } from "./client-of-key";
import type { AnalyticsBrowserSettings, InitOptions } from "../model/load";
import type { IntegrationsOptions, Options } from "../model/event";
import type { User } from "../client/user";

/** Settings of {@link SegmentBrowserService.initialize}. */
export interface SegmentBrowserConfig {
  /** Replaces the write key given to the constructor. */
  writeKey: string;
  /** The address to fetch the source's settings from; without it none are fetched. */
  cdnURL?: string | undefined;
  /** Plugins to register. */
  plugins?: AnalyticsBrowserSettings["plugins"] | undefined;
  /** The second argument of `AnalyticsBrowser.load`. */
  options?: InitOptions | undefined;
}

type Bag = Record<string, any>;

const isClient = () => typeof location !== "undefined";

/**
 * The client as a service, with the method names that storefronts use. Calls made before
 * `initialize` are held in order, each with its time and page. No method throws, and on a server
 * none has an effect.
 */
export class SegmentBrowserService {
  #writeKey: string | undefined;
  #made: AnalyticsBrowser | undefined;
  #initialized: Promise<void> | undefined;
  #integrations: IntegrationsOptions | undefined;

  /** Has no side effects; `writeKey` may be given to `initialize` instead. */
  constructor(writeKey?: string) {
    this.#writeKey = writeKey;
  }

  /** The client, shared with React's provider if the write key is the same. */
  get #client(): AnalyticsBrowser {
    return (this.#made ??=
      this.#writeKey && isClient()
        ? clientOfKey(this.#writeKey)
        : new AnalyticsBrowser());
  }

  /**
   * Loads the client and resolves once it is loaded; a second call has no effect. On a server it
   * resolves at once.
   */
  initialize(config: Partial<SegmentBrowserConfig> = {}): Promise<void> {
    if (!isClient()) return Promise.resolve();
    return (this.#initialized ??= this.#load(config));
  }

  async #load(config: Partial<SegmentBrowserConfig>): Promise<void> {
    const { writeKey = this.#writeKey ?? "", cdnURL, plugins } = config;
    // Calls held before a key was known go to this source; calls held for another key stay there.
    if (this.#writeKey === undefined && this.#made) {
      clientOfKey(writeKey, this.#made);
    } else this.#made = clientOfKey(writeKey);
    this.#writeKey = writeKey;
    const settings = {
      writeKey,
      ...(cdnURL && { cdnURL }),
      ...(plugins && { plugins }),
    };
    try {
      await this.#client.load(settings, config.options);
    } catch {
      // The client has logged the reason, and records no events.
    }
  }

  #with(options: Options | undefined): Options | undefined {
    if (!this.#integrations) return options;
    const integrations = { ...this.#integrations, ...options?.integrations };
    return { ...options, integrations };
  }

  /** Identifies the visitor; without an id, sets only the traits. */
  identify(userId?: string, traits?: Bag, options?: Options): void {
    const more = this.#with(options);
    if (userId) void this.#client.identify(userId, traits, more);
    else void this.#client.identify(traits ?? {}, more);
  }

  /** Records something the visitor did. */
  track(event: string, properties?: Bag, options?: Options): void {
    void this.#client.track(event, properties, this.#with(options));
  }

  /** Records a page view. */
  page(
    category?: string,
    name?: string,
    properties?: Bag,
    options?: Options,
  ): void {
    void this.#client.page(category, name, properties, this.#with(options));
  }

  /** Puts the visitor into a group. */
  group(groupId: string, traits?: Bag, options?: Options): void {
    void this.#client.group(groupId, traits, this.#with(options));
  }

  /** Links two ids of one visitor. */
  alias(userId: string, previousId?: string, options?: Options): void {
    void this.#client.alias(userId, previousId, this.#with(options));
  }

  /** Forgets the visitor and the group, for example on sign-out. */
  reset(): void {
    void this.#client.reset();
  }

  /** Reads from the visitor with `of`; undefined before `initialize`, on a server, or if unset. */
  async #ofUser<T>(of: (user: User) => T | null): Promise<T | undefined> {
    if (!this.#initialized) return undefined;
    return of(await this.#client.user()) ?? undefined;
  }

  /** The anonymous id; undefined before `initialize`. */
  getAnonymousId(): Promise<string | undefined> {
    return this.#ofUser((user) => user.anonymousId() ?? null);
  }

  /** The user's id; undefined before `initialize`, or while no user is signed in. */
  getUserId(): Promise<string | undefined> {
    return this.#ofUser((user) => user.id() ?? null);
  }

  /** The user's traits; undefined before `initialize`. */
  getTraits(): Promise<Bag | undefined> {
    return this.#ofUser<Bag>((user) => user.traits() ?? null);
  }

  /** Calls `callback` once the client and its plugins are ready. */
  ready(callback: () => void): void {
    void this.#client.ready(callback);
  }

  /** Logs what happens to each event. */
  debug(enabled: boolean = true): void {
    this.#client.debug(enabled);
  }

  /** Sets the destinations of later calls; a call's own `integrations` override them. */
  setIntegrations(integrations: Record<string, boolean>): void {
    this.#integrations = { ...integrations };
  }
}

/** The write key that a build, such as that of Next.js, inserts for this variable. */
function keyOfBuild(): string | undefined {
  try {
    return process.env.NEXT_PUBLIC_SEGMENT_WRITE_KEY;
  } catch {
    return undefined; // No build inserted a key: `initialize` is given one.
  }
}

declare const process: {
  env: { NEXT_PUBLIC_SEGMENT_WRITE_KEY?: string | undefined };
};

/** The shared service; its write key is the build's `NEXT_PUBLIC_SEGMENT_WRITE_KEY`. */
export const segmentBrowser: SegmentBrowserService =
  /* @__PURE__ */ new SegmentBrowserService(/* @__PURE__ */ keyOfBuild());
