/** What a customer becomes. Source: Segment's spec, Identify, Traits. */
import { orderMessageId } from "../message-id";
import { isoOf, present, type Properties, type SegmentEvent } from "./event";
import { anonymousIdOf } from "./visitor";

/** An address, as far as it is looked at. */
export interface Address {
  address_1?: string | null;
  address_2?: string | null;
  city?: string | null;
  province?: string | null;
  postal_code?: string | null;
  country_code?: string | null;
  phone?: string | null;
  is_default_shipping?: boolean | null;
  is_default_billing?: boolean | null;
}

/** A customer, as far as it is looked at. */
export interface Customer {
  id: string;
  email?: string | null;
  first_name?: string | null;
  last_name?: string | null;
  phone?: string | null;
  company_name?: string | null;
  has_account?: boolean | null;
  created_at?: string | Date | null;
  updated_at?: string | Date | null;
  metadata?: Record<string, unknown> | null;
  addresses?: readonly (Address | null)[] | null;
}

/** The fields of a customer that a query asks for. */
export const CUSTOMER_FIELDS: string[] = [
  ...["id", "email", "first_name", "last_name", "phone", "company_name"],
  ...["has_account", "created_at", "updated_at", "metadata", "addresses.*"],
];

/** The traits of a customer; the address is the one for shipping, else for bills, else the first. */
export function traitsOf(customer: Customer): Properties {
  const all = (customer.addresses ?? []).filter((one) => one !== null);
  const address =
    all.find((one) => one.is_default_shipping) ??
    all.find((one) => one.is_default_billing) ??
    all[0];
  const named = [customer.first_name, customer.last_name].filter(Boolean);
  const place = present({
    street: [address?.address_1, address?.address_2].filter(Boolean).join(" "),
    city: address?.city,
    state: address?.province,
    postalCode: address?.postal_code,
    country: address?.country_code?.toUpperCase(),
  });
  return present({
    email: customer.email,
    name: named.join(" "),
    firstName: customer.first_name,
    lastName: customer.last_name,
    phone: customer.phone ?? address?.phone,
    company: customer.company_name && { name: customer.company_name },
    address: Object.keys(place).length > 0 ? place : undefined,
    createdAt: customer.created_at && isoOf(customer.created_at),
  });
}

/** The name, e-mail address and so on of a customer, as the guide's "Customer Created" has them. */
const customerProperties = (customer: Customer): Properties =>
  present({
    email: customer.email,
    first_name: customer.first_name,
    last_name: customer.last_name,
  });

/**
 * A customer that was created or changed: who it is and, for one with an account, that it
 * happened. Guests, for whom Medusa makes customers, too, are identified only.
 */
export function customerEvents(
  customer: Customer,
  event: "Customer Created" | "Customer Updated",
): SegmentEvent[] {
  const isNew = event === "Customer Created";
  const moment = isNew ? customer.created_at : customer.updated_at;
  const timestamp = isoOf(moment);
  const anonymousId = anonymousIdOf(customer);
  const ids = { userId: customer.id, ...(anonymousId && { anonymousId }) };
  const state = isoOf(customer.updated_at ?? customer.created_at);
  const events: SegmentEvent[] = [
    {
      type: "identify",
      messageId: orderMessageId("identify", customer.id, state),
      timestamp,
      ...ids,
      traits: traitsOf(customer),
    },
  ];
  if (customer.has_account) {
    const which = isNew ? [customer.id] : [customer.id, state];
    events.push({
      type: "track",
      event,
      messageId: orderMessageId(event, ...which),
      timestamp,
      ...ids,
      properties: customerProperties(customer),
    });
  }
  return events;
}

/** A customer that was deleted; nothing of it is left but its id. */
export const customerDeleted = (id: string): SegmentEvent => ({
  type: "track",
  event: "Customer Deleted",
  messageId: orderMessageId("Customer Deleted", id),
  timestamp: isoOf(undefined),
  userId: id,
  properties: {},
});

/** The link between a cart's visitor and the customer who has logged in. */
export function cartTransferred(
  cart: { id: string; metadata?: Record<string, unknown> | null },
  customerId: string,
): SegmentEvent | undefined {
  const anonymousId = anonymousIdOf(cart);
  if (!anonymousId) return undefined;
  return {
    type: "identify",
    messageId: orderMessageId("cart transferred", cart.id, customerId),
    timestamp: isoOf(undefined),
    userId: customerId,
    anonymousId,
    traits: {},
  };
}
