/** A shop's own calls as events. */
import { randomUUID } from "node:crypto";
import type { EventType, Properties, SegmentEvent } from "../../mapping/event";
import { guestId, idOf } from "../../mapping/visitor";

/** What every call may have. */
export interface Call {
  userId?: string | null;
  /** The visitor's id in the browser. Without it and a user, the event is a guest's. */
  anonymousId?: string | null;
  context?: Properties;
  timestamp?: Date | string | number;
  /** The event's id: one that comes again with it counts once. */
  messageId?: string;
  integrations?: Properties;
}

/** What a user did. */
export interface TrackCall extends Call {
  event: string;
  properties?: Properties;
}

/** Who a user is. */
export interface IdentifyCall extends Call {
  traits?: Properties;
}

/** A page or a screen that was seen. */
export interface ViewCall extends Call {
  name?: string;
  category?: string;
  properties?: Properties;
}

/** Which group a user belongs to. */
export interface GroupCall extends Call {
  groupId: string;
  traits?: Properties;
}

/** Two ids that are one user. */
export interface AliasCall extends Call {
  userId: string;
  previousId: string;
}

type AnyCall = Partial<TrackCall & ViewCall & GroupCall & AliasCall>;

/** A moment as ISO text; now if there is none. */
function momentOf(moment: Call["timestamp"]): string {
  const date = new Date(moment ?? Date.now());
  if (Number.isNaN(date.getTime())) throw new TypeError("timestamp is no time");
  return date.toISOString();
}

/** The visitor of a call that names neither a user nor a visitor: by cart or order, if it has one. */
function guestOf(properties: Properties | undefined): string {
  const known = idOf(properties?.cart_id) ?? idOf(properties?.order_id);
  return known ? guestId(known) : randomUUID();
}

/**
 * The event of a call.
 *
 * @throws {TypeError} for arguments that make no event
 */
export function eventOf(type: EventType, call: AnyCall): SegmentEvent {
  const needed: Partial<Record<EventType, readonly (keyof AnyCall)[]>> = {
    alias: ["userId", "previousId"],
    group: ["groupId"],
    track: ["event"],
  };
  for (const name of needed[type] ?? []) {
    if (!call[name]) throw new TypeError(`${type}: ${name} is required`);
  }
  const { userId, anonymousId, timestamp, messageId, ...rest } = call;
  const ids = {
    ...(userId && { userId: String(userId) }),
    ...(anonymousId && { anonymousId: String(anonymousId) }),
  };
  return {
    ...rest,
    type,
    messageId: messageId || randomUUID(),
    timestamp: momentOf(timestamp),
    ...(Object.keys(ids).length > 0
      ? ids
      : { anonymousId: guestOf(call.properties) }),
  };
}
