/** Who an event belongs to. */
import { ID_CHARS_MAX } from "../limits";
import { orderMessageId } from "../message-id";
import { ANONYMOUS_ID_KEY } from "../storefront";

/** What may say who somebody is. */
export interface Owned {
  customer_id?: string | null;
  email?: string | null;
  metadata?: Record<string, unknown> | null;
}

/** The ids of an event. */
export interface Ids {
  userId?: string;
  anonymousId?: string;
}

/** An id that a browser said, if it is one. */
export function idOf(value: unknown): string | undefined {
  const isId =
    typeof value === "string" && value !== "" && value.length <= ID_CHARS_MAX;
  return isId ? value : undefined;
}

/** The anonymous id that the storefront put into the metadata. */
export const anonymousIdOf = (owned: Owned): string | undefined =>
  idOf(owned.metadata?.[ANONYMOUS_ID_KEY]);

/**
 * The ids of an order's or a cart's owner. Medusa makes a customer for a guest, too, one for each
 * e-mail address. Who has neither a customer nor an anonymous id gets one that comes from
 * `fallback`, so that all events of an order or cart belong to one visitor.
 */
export function idsOf(owned: Owned, fallback: string): Ids {
  const anonymousId = anonymousIdOf(owned);
  const ids: Ids = {};
  if (owned.customer_id) ids.userId = owned.customer_id;
  if (anonymousId) ids.anonymousId = anonymousId;
  else if (!ids.userId) ids.anonymousId = guestId(fallback);
  return ids;
}

/** The anonymous id of a visitor who is known by something else only. */
export const guestId = (known: string): string =>
  orderMessageId("guest", known);
