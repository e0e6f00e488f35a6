/** An event as it is kept and posted. Source: Segment's spec, Common Fields. */

/** Properties of an event, traits of a user. */
export type Properties = Record<string, unknown>;

/** Which call of the spec an event is. */
export type EventType =
  "alias" | "group" | "identify" | "page" | "screen" | "track";

/** An event, whole. */
export interface SegmentEvent {
  type: EventType;
  messageId: string;
  /** ISO time. */
  timestamp: string;
  userId?: string | undefined;
  anonymousId?: string | undefined;
  previousId?: string | undefined;
  groupId?: string | undefined;
  event?: string | undefined;
  name?: string | undefined;
  category?: string | undefined;
  properties?: Properties | undefined;
  traits?: Properties | undefined;
  context?: Properties | undefined;
  integrations?: Properties | undefined;
}

/** The object without what is undefined, `null` or an empty text. */
export function present(object: Properties): Properties {
  const kept = Object.entries(object).filter(
    ([, value]) => value !== undefined && value !== null && value !== "",
  );
  return Object.fromEntries(kept);
}

/** A moment as ISO text; now if there is none. */
export function isoOf(moment: unknown): string {
  const date = new Date((moment as string | number | Date | null) ?? NaN);
  return (Number.isNaN(date.getTime()) ? new Date() : date).toISOString();
}
