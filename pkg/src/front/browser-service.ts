import { AnalyticsBrowser } from "./analytics-browser";
import { clientOfKey } from "./client-of-key";
import type { AnalyticsBrowserSettings, InitOptions } from "../model/load";
import type { IntegrationsOptions, Options } from "../model/event";
import type { User } from "../client/user";

/** What {@link SegmentBrowserService.initialize} may be given. */
export interface SegmentBrowserConfig {
  /** Instead of the key of the constructor. */
  writeKey: string;
  /** Where to fetch the source's settings; without it nothing is fetched. */
  cdnURL?: string | undefined;
  plugins?: AnalyticsBrowserSettings["plugins"] | undefined;
  /** The second argument of `AnalyticsBrowser.load`. */
  options?: InitOptions | undefined;
}

type Bag = Record<string, any>;

const isClient = () => typeof location !== "undefined";

/**
 * A client as a service, by the names that storefronts have given it. Calls may be made before
 * `initialize`: they are held, in order and each with its time and page. Nothing throws, and
 * nothing runs on a server.
 */
export class SegmentBrowserService {
  #writeKey: string | undefined;
  #made: AnalyticsBrowser | undefined;
  #initialized: Promise<void> | undefined;
  #integrations: IntegrationsOptions | undefined;

  /** Touches nothing; `writeKey` may also come with `initialize`. */
  constructor(writeKey?: string) {
    this.#writeKey = writeKey;
  }

  /** The client; the one of React's provider where the write key is the same. */
  get #client(): AnalyticsBrowser {
    return (this.#made ??=
      this.#writeKey && isClient()
        ? clientOfKey(this.#writeKey)
        : new AnalyticsBrowser());
  }

  /**
   * Loads the client, and resolves when it is there; a second call changes nothing. On a server
   * it resolves at once.
   */
  initialize(config: Partial<SegmentBrowserConfig> = {}): Promise<void> {
    if (!isClient()) return Promise.resolve();
    return (this.#initialized ??= this.#load(config));
  }

  async #load(config: Partial<SegmentBrowserConfig>): Promise<void> {
    const { writeKey = this.#writeKey ?? "", cdnURL, plugins } = config;
    // What was held for no key is this source's; what was held for another one is the other's.
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
      // The client has said why, and records nothing.
    }
  }

  #with(options: Options | undefined): Options | undefined {
    if (!this.#integrations) return options;
    const integrations = { ...this.#integrations, ...options?.integrations };
    return { ...options, integrations };
  }

  /** Says who the visitor is; without an id, what is known of them. */
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

  /** Says which group the visitor belongs to. */
  group(groupId: string, traits?: Bag, options?: Options): void {
    void this.#client.group(groupId, traits, this.#with(options));
  }

  /** Says that two ids are one visitor. */
  alias(userId: string, previousId?: string, options?: Options): void {
    void this.#client.alias(userId, previousId, this.#with(options));
  }

  /** Forgets visitor and group, as on sign-out. */
  reset(): void {
    void this.#client.reset();
  }

  /** What `of` gives of the visitor; undefined before `initialize`, on a server, and if nothing. */
  async #ofUser<T>(of: (user: User) => T | null): Promise<T | undefined> {
    if (!this.#initialized) return undefined;
    return of(await this.#client.user()) ?? undefined;
  }

  /** The anonymous id; undefined before `initialize`. */
  getAnonymousId(): Promise<string | undefined> {
    return this.#ofUser((user) => user.anonymousId() ?? null);
  }

  /** The user's id; undefined before `initialize`, and where nobody is signed in. */
  getUserId(): Promise<string | undefined> {
    return this.#ofUser((user) => user.id() ?? null);
  }

  /** The user's traits; undefined before `initialize`. */
  getTraits(): Promise<Bag | undefined> {
    return this.#ofUser<Bag>((user) => user.traits() ?? null);
  }

  /** Calls back when the client is there. */
  ready(callback: () => void): void {
    void this.#client.ready(callback);
  }

  /** Logs what happens to each event. */
  debug(enabled: boolean = true): void {
    this.#client.debug(enabled);
  }

  /** Which destinations get what this service is called with from now on; a call's own win. */
  setIntegrations(integrations: Record<string, boolean>): void {
    this.#integrations = { ...integrations };
  }
}

/** The key that a build puts in the place of this name, as Next.js does. */
function keyOfBuild(): string | undefined {
  try {
    return process.env.NEXT_PUBLIC_SEGMENT_WRITE_KEY;
  } catch {
    return undefined; // Nothing was put there; `initialize` is given the key.
  }
}

declare const process: {
  env: { NEXT_PUBLIC_SEGMENT_WRITE_KEY?: string | undefined };
};

/** The shop's one service, with the key `NEXT_PUBLIC_SEGMENT_WRITE_KEY` of the build. */
export const segmentBrowser: SegmentBrowserService =
  /* @__PURE__ */ new SegmentBrowserService(/* @__PURE__ */ keyOfBuild());
