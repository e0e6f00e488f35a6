/** The service `segment`: a shop's events, its own and those of its orders. */
import { MedusaService } from "@medusajs/framework/utils";
import { CLOSE_MS } from "../../limits";
import type { Cart } from "../../mapping/cart";
import type { EventType, SegmentEvent } from "../../mapping/event";
import { settingsOf, type Settings, type WaymarkOptions } from "../../options";
import { bodyOf } from "../../outbox/body";
import { CartLines } from "../../outbox/cart-lines";
import type { Database } from "../../outbox/database";
import { type Kept, Outbox } from "../../outbox/outbox";
import { post } from "../../outbox/post";
import { type Log, Sender } from "../../outbox/sender";
import { VERSION } from "../../version";
import {
  type AliasCall,
  eventOf,
  type GroupCall,
  type IdentifyCall,
  type TrackCall,
  type ViewCall,
} from "./calls";
import { WaymarkCart } from "./models/cart";
import { WaymarkEvent } from "./models/event";
import { runs } from "./running";

/** What Medusa gives a module. */
interface Given {
  logger: Log;
  __pg_connection__: Database;
}

/** What says in each event where it comes from. Source: Segment's spec, Context. */
const LIBRARY = { name: "medusa-plugin-waymark", version: VERSION };

/** Milliseconds between two looks whether a flush is done. */
const LOOK_MS = 50;

/**
 * Keeps events in the shop's database, and sends them to the gateway.
 *
 * `track`, `identify`, `page`, `screen`, `group` and `alias` resolve when the event is kept. They
 * never reject: arguments that make no event, and a database that fails, are logged, so that no
 * order waits for them.
 */
export default class SegmentService extends MedusaService({
  WaymarkEvent,
  WaymarkCart,
}) {
  /** The plugin's options, with their defaults. */
  readonly settings: Settings;
  readonly #log: Log;
  readonly #outbox: Outbox;
  readonly #carts: CartLines;
  readonly #sender: Sender;

  /** What Medusa calls as it starts and ends. */
  readonly __hooks = {
    onApplicationStart: async (): Promise<void> => this.#start(),
    onApplicationPrepareShutdown: async (): Promise<void> =>
      this.#sender.stop(CLOSE_MS),
  };

  /** @throws {TypeError} for a host that is no address of HTTP */
  constructor(given: Given, options?: WaymarkOptions) {
    // eslint-disable-next-line prefer-rest-params -- as Medusa's guide has it
    super(...arguments);
    this.settings = settingsOf(options);
    this.#log = given.logger;
    this.#outbox = new Outbox(given.__pg_connection__);
    this.#carts = new CartLines(given.__pg_connection__);
    this.#sender = new Sender(this.#outbox, this.settings, this.#log, post);
    runs(this);
  }

  #start(): void {
    const { disable, url, writeKey } = this.settings;
    if (!disable && (!url || !writeKey)) {
      const missing = url ? "writeKey" : "host";
      this.#log.error(
        `waymark: the option ${missing} is missing: events are kept until it is there`,
      );
    }
    this.#sender.start();
  }

  /** Says what a user did. */
  track(call: TrackCall): Promise<void> {
    return this.#call("track", call);
  }

  /** Says who a user is. */
  identify(call: IdentifyCall): Promise<void> {
    return this.#call("identify", call);
  }

  /** Records a page view. */
  page(call: ViewCall): Promise<void> {
    return this.#call("page", call);
  }

  /** Records a view of an app's screen. */
  screen(call: ViewCall): Promise<void> {
    return this.#call("screen", call);
  }

  /** Says which group a user belongs to. */
  group(call: GroupCall): Promise<void> {
    return this.#call("group", call);
  }

  /** Says that two ids are one user. */
  alias(call: AliasCall): Promise<void> {
    return this.#call("alias", call);
  }

  /** Sends what waits. Resolves to whether all of it is sent or refused in time. */
  async flush(timeoutMs = CLOSE_MS): Promise<boolean> {
    const end = Date.now() + timeoutMs;
    try {
      while (await this.#outbox.isPending()) {
        if (Date.now() >= end || this.settings.disable) return false;
        void this.#sender.run();
        await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
      }
      return true;
    } catch (error) {
      this.#log.error(`waymark: the outbox cannot be read: ${String(error)}`);
      return false;
    }
  }

  /** Has refused events sent again. Resolves to their number. */
  async retryRefused(): Promise<number> {
    const count = await this.#outbox.retryRefused();
    void this.#sender.run();
    return count;
  }

  /**
   * Keeps events under the names that the options give them, and leaves out those that these
   * switch off. Resolves when they are committed.
   *
   * @throws when the database fails, so that an event bus that tries again does
   */
  async append(
    events: readonly SegmentEvent[],
    inside?: Database,
  ): Promise<void> {
    if (this.settings.disable) return;
    const kept = events
      .map((event) => this.#named(event))
      .filter((event) => event !== undefined)
      .map((event) => this.#kept(event))
      .filter((event) => event !== undefined);
    this.#sender.added(await this.#outbox.append(kept, inside));
  }

  /** Those of the message ids that are kept already. */
  known(messageIds: readonly string[]): Promise<Set<string>> {
    return this.#outbox.known(messageIds);
  }

  /** Keeps what has changed in a cart since it was last looked at. */
  async cartChanged(
    id: string,
    load: () => Promise<Cart | undefined>,
  ): Promise<void> {
    if (this.settings.disable) return;
    await this.#carts.look(id, load, (events, inside) =>
      this.append(events, inside),
    );
  }

  async #call(type: EventType, call: object): Promise<void> {
    if (this.settings.disable) return;
    try {
      const kept = this.#kept(eventOf(type, call));
      if (kept) this.#sender.added(await this.#outbox.append([kept]));
    } catch (error) {
      this.#log.error(`waymark: ${type} was not kept: ${String(error)}`);
    }
  }

  #named(event: SegmentEvent): SegmentEvent | undefined {
    const name = event.event && this.settings.events[event.event];
    if (name === false) return undefined;
    return name ? { ...event, event: name } : event;
  }

  #kept(event: SegmentEvent): Kept | undefined {
    try {
      const context = { library: LIBRARY, ...event.context };
      const body = bodyOf({ ...event, context });
      return { id: event.messageId, body };
    } catch (error) {
      const name = event.event ?? event.type;
      this.#log.error(
        `waymark: ${name} (${event.messageId}) was not kept: ${String(error)}`,
      );
      return undefined;
    }
  }
}
