/** Types of events and of what calls are made of. */
import type { Context } from "./context";

type DeepNullable<T> = {
  [K in keyof T]: T[K] extends object | undefined
    ? DeepNullable<T[K]> | null
    : T[K] | null;
};

/** What JSON can hold. */
export type JSONPrimitive = string | number | boolean | null;
export type JSONValue = JSONPrimitive | JSONObject | JSONArray;
export type JSONObject = { [member: string]: JSONValue };
export type JSONArray = JSONValue[];

/** A property bag: whatever `JSON.stringify` can write. */
export type EventProperties = Record<string, any>;

/** Calls back with the event's context. */
export type Callback = (context: Context) => Promise<unknown> | unknown;

/** A moment, as a date or as text. */
export type Timestamp = Date | string;

/** Which destinations get an event. */
export type IntegrationsOptions = {
  All?: boolean | undefined;
  [integrationName: string]: boolean | Record<string, any> | undefined;
};

/** The `integrations` of a client. */
export type Integrations = IntegrationsOptions & { "Segment.io"?: any };

interface Address {
  street?: string;
  city?: string;
  state?: string;
  postalCode?: string;
  country?: string;
}

/** Traits of a user that Segment has reserved, and any other. */
export type UserTraits = DeepNullable<{
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
  company?: {
    name?: string;
    id?: string | number;
    industry?: string;
    employee_count?: number;
    plan?: string;
  };
  plan?: string;
  createdAt?: Date | string;
  description?: string;
  gender?: string;
  age?: number;
  name?: string;
}> & { [customTrait: string]: any };

/** Traits of a group that Segment has reserved, and any other. */
export type GroupTraits = DeepNullable<{
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
}> & { [customTrait: string]: any };

/** Traits of a user or a group. */
export type Traits = UserTraits | GroupTraits;

/** The context of an event, or what a call adds to it. */
export interface ExtraContext {
  active?: boolean;
  ip?: string;
  locale?: string;
  page?: {
    path?: string;
    referrer?: string;
    search?: string;
    title?: string;
    url?: string;
  };
  userAgent?: string;
  library?: { name: string; version: string };
  traits?: Traits;
  [key: string]: any;
}

/** Options of a single call. Other keys become members of the event's context. */
export interface Options {
  integrations?: IntegrationsOptions;
  timestamp?: Timestamp;
  context?: ExtraContext | null;
  anonymousId?: string;
  userId?: string;
  traits?: Traits;
  messageId?: string;
  [key: string]: any;
}

/** The types of events. */
export type SegmentEventType =
  "track" | "page" | "identify" | "group" | "alias" | "screen";

/** An event as it is on the wire. */
export interface SegmentEvent {
  messageId?: string;
  type: SegmentEventType;
  category?: string;
  name?: string;
  properties?: EventProperties;
  traits?: Traits;
  integrations?: IntegrationsOptions;
  context?: ExtraContext;
  options?: Options;
  userId?: string | null;
  anonymousId?: string | null;
  groupId?: string | null;
  previousId?: string | null;
  event?: string;
  writeKey?: string;
  sentAt?: Date;
  _metadata?: Record<string, any>;
  timestamp?: Timestamp;
}

/** What a plan says about one event. */
export interface PlanEvent {
  enabled: boolean;
  integrations?: { [key: string]: boolean };
}

/** A plan for the events of one type. */
export interface TrackPlan {
  [key: string]: PlanEvent | undefined;
  __default?: PlanEvent;
}

/** A tracking plan as Segment's settings hold it. */
export interface Plan {
  track?: TrackPlan;
  identify?: TrackPlan;
  group?: TrackPlan;
}
