/** Types of events and of their parts. */
import type { ID } from "./storage";

type DeepNullable<T> = {
  [K in keyof T]: T[K] extends object ? DeepNullable<T[K]> | null : T[K] | null;
};

/** The same members, each of which may also be `undefined`. */
type Lenient<T> = { [K in keyof T]: T[K] | undefined };

/** The values that JSON can hold. */
export type JSONPrimitive = string | number | boolean | null;
export type JSONValue = JSONPrimitive | JSONObject | JSONArray;
export type JSONObject = { [member: string]: JSONValue };
export type JSONArray = JSONValue[];

/** A property bag: whatever `JSON.stringify` can write. */
export type EventProperties = Record<string, any>;

/** A moment, as a date or as text. */
export type Timestamp = Date | string;

/** Which destinations get an event. */
export type IntegrationsOptions = {
  All?: boolean | undefined;
  [integrationName: string]: boolean | Record<string, unknown> | undefined;
};

type Address = Lenient<{
  street?: string;
  city?: string;
  state?: string;
  postalCode?: string;
  country?: string;
}>;

/** Traits of a user that Segment has reserved, and any other. */
export type UserTraits = DeepNullable<
  Lenient<{
    id?: string | number;
    industry?: string;
    firstName?: string;
    lastName?: string;
    email?: string;
    phone?: string | number;
    title?: string;
    username?: string;
    website?: string;
    address?: Address;
    avatar?: string;
    birthday?: Date | string;
    company?: Lenient<{
      name?: string;
      id?: string | number;
      industry?: string;
      employee_count?: number;
      plan?: string;
    }>;
    plan?: string;
    createdAt?: Date | string;
    description?: string;
    gender?: string;
    age?: number;
    name?: string;
  }>
> & { [customTrait: string]: any };

/** Traits of a group that Segment has reserved, and any other. */
export type GroupTraits = DeepNullable<
  Lenient<{
    address?: Address;
    avatar?: string;
    createdAt?: Date | string;
    description?: string;
    email?: string;
    employees?: string | number;
    id?: string | number;
    industry?: string;
    name?: string;
    phone?: string | number;
    website?: string;
    plan?: string;
  }>
> & { [customTrait: string]: any };

/** Traits of a user or a group. */
export type Traits = UserTraits | GroupTraits;

interface Brand {
  brand: string;
  version: string;
}

/** The campaign that a visit came from. */
export interface Campaign {
  name: string;
  source: string;
  medium: string;
  [key: string]: string;
}

/** The context of an event, or what a call adds to it. */
export type ExtraContext = Lenient<{
  active?: boolean;
  ip?: string;
  locale?: string;
  location?: Lenient<{
    city?: string;
    country?: string;
    latitude?: string;
    longitude?: string;
    region?: string;
    speed?: number;
  }>;
  page?: Lenient<{
    path?: string;
    referrer?: string;
    search?: string;
    title?: string;
    url?: string;
  }>;
  userAgent?: string;
  userAgentData?: Lenient<{
    brands?: Brand[];
    mobile?: boolean;
    platform?: string;
    architecture?: string;
    bitness?: string;
    model?: string;
    platformVersion?: string;
    uaFullVersion?: string;
    fullVersionList?: Brand[];
    wow64?: boolean;
  }>;
  library?: { name: string; version: string };
  traits?: Traits;
  campaign?: Campaign;
  referrer?: Lenient<{
    type?: string;
    name?: string;
    url?: string;
    link?: string;
    id?: string;
    btid?: string;
    urid?: string;
  }>;
  amp?: { id: string };
}> & { [key: string]: any };

/** Options of a single call. Other keys become members of the event's context. */
export interface Options {
  integrations?: IntegrationsOptions | undefined;
  timestamp?: Timestamp | undefined;
  context?: ExtraContext | undefined;
  anonymousId?: string | undefined;
  userId?: string | undefined;
  traits?: Traits | undefined;
  messageId?: string | undefined;
  [key: string]: any;
}

/** The types of events. */
export type SegmentEventType =
  "track" | "page" | "identify" | "group" | "alias" | "screen";

/** Metadata about the sender of an event. */
export interface SegmentEventMetadata {
  failedInitializations?: unknown[] | undefined;
  bundled?: string[] | undefined;
  unbundled?: string[] | undefined;
  nodeVersion?: string | undefined;
  bundledConfigIds?: string[] | undefined;
  unbundledConfigIds?: string[] | undefined;
  bundledIds?: string[] | undefined;
}

/** An event as it is on the wire. */
export interface SegmentEvent {
  messageId?: string | undefined;
  type: SegmentEventType;
  category?: string | undefined;
  name?: string | undefined;
  properties?: EventProperties | undefined;
  traits?: Traits | undefined;
  integrations?: IntegrationsOptions | undefined;
  context?: ExtraContext | undefined;
  options?: Options | undefined;
  userId?: ID | undefined;
  anonymousId?: ID | undefined;
  groupId?: ID | undefined;
  previousId?: ID | undefined;
  event?: string | undefined;
  writeKey?: string | undefined;
  sentAt?: Date | undefined;
  _metadata?: SegmentEventMetadata | undefined;
  timestamp?: Timestamp | undefined;
}

/** A plan's rules for one event. */
export interface PlanEvent {
  enabled: boolean;
  integrations?: { [key: string]: boolean } | undefined;
}

/** A plan for the events of one type. */
export interface TrackPlan {
  [key: string]: PlanEvent | undefined;
  __default?: PlanEvent;
}

/** A tracking plan as Segment's settings hold it. */
export interface Plan {
  track?: TrackPlan | undefined;
  identify?: TrackPlan | undefined;
  group?: TrackPlan | undefined;
}
