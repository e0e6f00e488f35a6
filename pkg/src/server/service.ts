/** The service of a shop's server. */
import { randomId } from "../base/random-id";
import { snapshot } from "../base/snapshot";
import { Delivery } from "./delivery";
import type {
  EventOptions,
  GroupTraits,
  IdentifyTraits,
  PageProperties,
  SegmentServerConfig,
  ServerContext,
  ServerEvent,
  TrackProperties,
} from "./event-types";
import type { Call } from "./library";
import { CLOSE_MAX_MS, FLUSH_MAX_MS } from "./limits";
import { settingsOf } from "./settings";

/** A moment, as `Date` takes it. */
type Moment = Date | string | number | undefined;

/** What a call has beside its own fields. */
interface Common {
  userId?: string | null | undefined;
  anonymousId?: string | null | undefined;
  context?: ServerContext | undefined;
  timestamp?: Moment;
  options?: EventOptions | undefined;
}

/** A copy of what JSON has of a value, which the caller may change from now on. */
function copied(value: unknown): unknown {
  return JSON.parse(snapshot(value));
}

/** A moment, or now where there is none. */
function dateOf(moment: Moment): Date {
  const date = new Date(moment ?? Date.now());
  if (isNaN(date.getTime())) throw new TypeError("timestamp is no time");
  return date;
}

/** Throws a `TypeError` unless there is a value. */
function needed(value: string, why: string): string {
  if (!value) throw new TypeError(why);
  return value;
}

/**
 * Sends a server's events to a gateway, over `@segment/analytics-node`, which the shop installs.
 *
 * A call returns at once. It throws a `TypeError` for arguments that make no event, and nothing
 * else; an event that is given up later, for any reason, is told to `onError`.
 */
export class SegmentServerService {
  readonly #config: SegmentServerConfig;
  #delivery: Delivery | undefined;

  /**
   * Throws a `TypeError` unless there are a host and a key. Without a configuration, both are read
   * from the environment at the first call.
   */
  constructor(config?: SegmentServerConfig) {
    this.#config = config ?? {};
    if (config) this.#delivery = new Delivery(settingsOf(config));
  }

  /** Says who a user is. */
  identify(
    userId: string | null | undefined,
    traits?: IdentifyTraits,
    context?: ServerContext,
    timestamp?: Moment,
    anonymousId?: string,
    options?: EventOptions,
  ): void {
    const common = { userId, anonymousId, context, timestamp, options };
    this.#send("identify", common, { traits: copied(traits ?? {}) });
  }

  /** Says what a user did. */
  track(
    userId: string | null | undefined,
    event: string,
    properties?: TrackProperties,
    context?: ServerContext,
    timestamp?: Moment,
    anonymousId?: string,
    options?: EventOptions,
  ): void {
    const common = { userId, anonymousId, context, timestamp, options };
    this.#send("track", common, {
      event: needed(event, "Event name is required"),
      properties: copied(properties ?? {}),
    });
  }

  /** Says what a visitor without an account did. */
  trackAnonymous(
    anonymousId: string,
    event: string,
    properties?: TrackProperties,
    context?: ServerContext,
    timestamp?: Moment,
    options?: EventOptions,
  ): void {
    this.track(
      undefined,
      event,
      properties,
      context,
      timestamp,
      anonymousId,
      options,
    );
  }

  /**
   * Says what a user did, in one object, as `EcommerceTracker.use` of `waymark/ecommerce` wants it:
   * `EcommerceTracker.use((event) => segmentServer.trackEvent(event))`.
   */
  trackEvent(given: ServerEvent): void {
    const { event, userId, properties, context, timestamp } = given;
    const { anonymousId, integrations, messageId } = given;
    this.track(
      userId,
      event,
      properties,
      context,
      timestamp,
      anonymousId ?? undefined,
      {
        ...(integrations && { integrations }),
        ...(messageId ? { messageId } : undefined),
      },
    );
  }

  /** Records a page view. */
  page(
    userId: string | null | undefined,
    category?: string,
    name?: string,
    properties?: PageProperties,
    context?: ServerContext,
    timestamp?: Moment,
    anonymousId?: string,
    options?: EventOptions,
  ): void {
    const common = { userId, anonymousId, context, timestamp, options };
    this.#send("page", common, {
      category,
      name,
      properties: copied(properties ?? {}),
    });
  }

  /** Records a view of an app's screen. */
  screen(
    userId: string | null | undefined,
    name: string,
    properties?: TrackProperties,
    context?: ServerContext,
    timestamp?: Moment,
    anonymousId?: string,
    options?: EventOptions,
  ): void {
    const common = { userId, anonymousId, context, timestamp, options };
    this.#send("screen", common, {
      name,
      properties: copied(properties ?? {}),
    });
  }

  /** Says which group a user belongs to. */
  group(
    userId: string | null | undefined,
    groupId: string,
    traits?: GroupTraits,
    context?: ServerContext,
    timestamp?: Moment,
    anonymousId?: string,
    options?: EventOptions,
  ): void {
    const common = { userId, anonymousId, context, timestamp, options };
    this.#send("group", common, {
      groupId: needed(groupId, "groupId is required"),
      traits: copied(traits ?? {}),
    });
  }

  /** Says that two ids are one user. */
  alias(
    userId: string,
    previousId: string,
    context?: ServerContext,
    timestamp?: Moment,
    options?: EventOptions,
  ): void {
    const why = "userId and previousId are required";
    needed(userId, why);
    const common = { userId, context, timestamp, options };
    this.#send("alias", common, { previousId: needed(previousId, why) });
  }

  /**
   * Sends all events, and waits until it is known what became of them, at most `timeoutMs`.
   * Tells whether it is; if not, they are tried on.
   */
  async flush(timeoutMs: number = FLUSH_MAX_MS): Promise<boolean> {
    return this.#delivery ? this.#delivery.flush(timeoutMs) : true;
  }

  /**
   * Sends all events and takes no more. What the gateway has not taken within `timeoutMs` is told
   * to `onError`.
   */
  async close(timeoutMs: number = CLOSE_MAX_MS): Promise<void> {
    this.#delivery ??= new Delivery(settingsOf({ disable: true }));
    await this.#delivery.close(timeoutMs);
  }

  #send(call: Call, common: Common, fields: Record<string, unknown>): void {
    const { userId, anonymousId, options } = common;
    if (!userId && !anonymousId) {
      throw new TypeError("userId or anonymousId is required");
    }
    this.#delivery ??= new Delivery(settingsOf(this.#config));
    this.#delivery.add(call, {
      ...fields,
      ...(userId ? { userId: String(userId) } : undefined),
      ...(anonymousId ? { anonymousId: String(anonymousId) } : undefined),
      context: copied(common.context ?? {}),
      integrations: copied(options?.integrations ?? {}),
      messageId: options?.messageId || `waymark-server-${randomId()}`,
      timestamp: dateOf(common.timestamp),
    });
  }
}

/** The service of the environment's settings: `WAYMARK_HOST` and `WAYMARK_WRITE_KEY`. */
export const segmentServer: SegmentServerService = new SegmentServerService();
