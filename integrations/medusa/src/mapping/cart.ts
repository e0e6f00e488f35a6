/** What a cart becomes: Medusa says that it changed, and the lines say what. */
import { orderMessageId } from "../message-id";
import { isoOf, present, type SegmentEvent } from "./event";
import { type Amount, moneyOf, numberOf } from "./money";
import { type Line, productOf } from "./order";
import { idsOf, type Owned } from "./visitor";

/** A cart, as far as it is looked at. */
export interface Cart extends Owned {
  id: string;
  currency_code: string;
  created_at?: string | Date | null;
  total?: Amount;
  items?: readonly (Line | null)[] | null;
}

/** The fields of a cart that a query asks for. */
export const CART_FIELDS: string[] = [
  ...["id", "currency_code", "email", "customer_id", "metadata", "total"],
  ...["created_at", "items.*"],
];

/** A line as it is remembered: what a removal has to say after the line is gone. */
export interface KnownLine {
  quantity: number;
  product: Record<string, unknown>;
}

/** A cart's lines by their ids. */
export type KnownLines = Record<string, KnownLine>;

/** The lines of a cart as they are now. */
export function linesOf(cart: Cart): KnownLines {
  const currency = cart.currency_code.toUpperCase();
  const lines: KnownLines = {};
  for (const line of cart.items ?? []) {
    if (!line?.id) continue;
    const { quantity: _, ...product } = productOf(line, currency);
    lines[line.id] = { quantity: numberOf(line.quantity) ?? 0, product };
  }
  return lines;
}

/** A cart that was created. */
export const cartCreated = (cart: Cart): SegmentEvent => ({
  type: "track",
  event: "Cart Created",
  messageId: orderMessageId("Cart Created", cart.id),
  timestamp: isoOf(cart.created_at),
  ...idsOf(cart, cart.id),
  properties: {
    cart_id: cart.id,
    currency: cart.currency_code.toUpperCase(),
  },
});

/**
 * What went into and out of a cart since `before`, and the cart as it is now. `change` numbers the
 * changes of the cart, so that each has message ids of its own.
 */
export function cartChanged(
  cart: Cart,
  before: KnownLines,
  change: number,
): SegmentEvent[] {
  const after = linesOf(cart);
  const currency = cart.currency_code.toUpperCase();
  const common = {
    type: "track" as const,
    // What goes into a cart does not touch the cart's own row.
    timestamp: isoOf(undefined),
    ...idsOf(cart, cart.id),
  };
  const events: SegmentEvent[] = [];
  for (const id of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const more = (after[id]?.quantity ?? 0) - (before[id]?.quantity ?? 0);
    if (more === 0) continue;
    const event = more > 0 ? "Product Added" : "Product Removed";
    events.push({
      ...common,
      event,
      messageId: orderMessageId(event, cart.id, id, String(change)),
      properties: {
        cart_id: cart.id,
        ...(after[id] ?? before[id])?.product,
        quantity: Math.abs(more),
        currency,
      },
    });
  }
  if (events.length === 0) return events;
  events.push({
    ...common,
    event: "Cart Updated",
    messageId: orderMessageId("Cart Updated", cart.id, String(change)),
    properties: present({
      cart_id: cart.id,
      value: moneyOf(currency)(cart.total),
      currency,
      products: Object.values(after).map(({ product, quantity }) => ({
        ...product,
        quantity,
      })),
    }),
  });
  return events;
}
