/** What the Analytics Module's calls become. */
import type { Properties } from "../../mapping/event";
import { guestId, idOf } from "../../mapping/visitor";
import type {
  Call,
  GroupCall,
  IdentifyCall,
  TrackCall,
} from "../../modules/segment/calls";

/** A `track` of the Analytics Module. */
export interface TrackData {
  event: string;
  actor_id?: string;
  group?: { type?: string; id?: string };
  properties?: Properties;
}

/** An `identify` of the Analytics Module: of an actor or of a group. */
export interface IdentifyData {
  actor_id?: string;
  group?: { type?: string; id?: string };
  properties?: Properties;
}

/** An object among the properties. */
const objectOf = (value: unknown): Properties =>
  typeof value === "object" && value !== null ? (value as Properties) : {};

/**
 * The properties without those that say something about the event: the module's calls have no
 * other place for them.
 */
function split(properties: Properties | null | undefined): {
  about: Call;
  rest: Properties;
} {
  const { message_id, anonymous_id, timestamp, context, ...rest } =
    properties ?? {};
  const about: Call = {};
  const [messageId, anonymousId] = [idOf(message_id), idOf(anonymous_id)];
  if (messageId) about.messageId = messageId;
  if (anonymousId) about.anonymousId = anonymousId;
  if (timestamp) about.timestamp = timestamp as Date;
  if (context) about.context = objectOf(context);
  return { about, rest };
}

/** The call of a `track`. Without an actor it is a guest's, and kept all the same. */
export function trackOf(data: TrackData): TrackCall {
  const { about, rest } = split(data.properties);
  const { id: groupId, type } = data.group ?? {};
  const context = {
    ...about.context,
    ...(groupId && { groupId, ...(type && { groupType: type }) }),
  };
  return {
    ...about,
    event: data.event,
    properties: rest,
    ...(data.actor_id && { userId: data.actor_id }),
    ...(Object.keys(context).length > 0 && { context }),
  };
}

/** The call of an `identify`: a `group` for a group. */
export function identifyOf(
  data: IdentifyData,
): { identify: IdentifyCall } | { group: GroupCall } {
  const { about, rest } = split(data.properties);
  const who = data.actor_id ? { userId: data.actor_id } : {};
  const { id, type } = data.group ?? {};
  if (!id) return { identify: { ...about, ...who, traits: rest } };
  const isNobodys = !data.actor_id && !about.anonymousId;
  return {
    group: {
      ...about,
      ...who,
      ...(isNobodys && { anonymousId: guestId(`group ${id}`) }),
      groupId: id,
      traits: { ...(type && { type }), ...rest },
    },
  };
}
