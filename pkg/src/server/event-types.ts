/** Arguments of the calls of a server, as Segment's spec names them. */

/** Traits of a user. Source: Segment's spec, Identify. */
export interface IdentifyTraits {
  email?: string;
  name?: string;
  firstName?: string;
  lastName?: string;
  phone?: string;
  address?: {
    street?: string;
    city?: string;
    state?: string;
    postalCode?: string;
    country?: string;
  };
  company?: {
    name?: string;
    id?: string;
    industry?: string;
    employeeCount?: number;
    plan?: string;
  };
  [key: string]: any;
}

/** Properties of an event. */
export interface TrackProperties {
  [key: string]: any;
}

/** Properties of a page view. Source: Segment's spec, Page. */
export interface PageProperties {
  name?: string;
  path?: string;
  referrer?: string;
  search?: string;
  title?: string;
  url?: string;
  [key: string]: any;
}

/** Traits of a group. Source: Segment's spec, Group. */
export interface GroupTraits {
  name?: string;
  industry?: string;
  employees?: number;
  plan?: string;
  [key: string]: any;
}

/** Where an event comes from. Source: Segment's spec, Common Fields. */
export interface ServerContext {
  ip?: string | undefined;
  userAgent?: string | undefined;
  locale?: string | undefined;
  timezone?: string;
  [key: string]: any;
}

/** What an event may have besides. */
export interface EventOptions {
  /** Which destinations get it. */
  integrations?: Record<string, any>;
  /** The event's id: one that comes again with it counts once. */
  messageId?: string;
}

/** A `track` as one object, as the trackers of `waymark/ecommerce` hand it over. */
export interface ServerEvent extends EventOptions {
  event: string;
  userId?: string | null;
  anonymousId?: string | null;
  properties?: TrackProperties;
  context?: ServerContext;
  timestamp?: Date | string | number;
}

/** Told of events that were given up, and why. */
export type OnError = (error: Error, events: object[]) => void;

/** Settings of a service. */
export interface SegmentServerConfig {
  /** A server key of the gateway; else `WAYMARK_WRITE_KEY` or `SEGMENT_WRITE_KEY`. */
  writeKey?: string;
  /** The gateway's address; else `WAYMARK_HOST`. There is no other. */
  host?: string;
  /** Events that make a batch, 20 by default. */
  flushAt?: number;
  /** Milliseconds that an event waits for others of its batch, 10 000 by default. */
  flushInterval?: number;
  /** Attempts of a batch; by default it is tried again for twelve hours. */
  maxRetries?: number;
  /** Events in memory, 10 000 by default; more are given up, and told. */
  maxQueueSize?: number;
  /** Checks arguments, and sends nothing. */
  disable?: boolean;
  /** Without one, errors are written to the console. */
  onError?: OnError;
}
