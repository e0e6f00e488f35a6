/** What an order and its refunds become. Source: Segment's ecommerce spec v2, Core Ordering. */
import { orderMessageId } from "../message-id";
import { present, type Properties, type SegmentEvent, isoOf } from "./event";
import { type Amount, moneyOf, numberOf, sumOf } from "./money";
import { idsOf, type Owned } from "./visitor";

/** A line of an order or a cart, as far as it is looked at. */
export interface Line {
  id?: string;
  product_id?: string | null;
  variant_id?: string | null;
  variant_sku?: string | null;
  variant_title?: string | null;
  product_title?: string | null;
  title?: string | null;
  product_type?: string | null;
  product_collection?: string | null;
  thumbnail?: string | null;
  unit_price?: Amount;
  quantity?: Amount;
  is_tax_inclusive?: boolean | null;
  adjustments?: readonly { code?: string | null }[] | null;
}

/** An order, as far as it is looked at. */
export interface Order extends Owned {
  id: string;
  display_id?: number | null;
  version?: number | null;
  status?: string | null;
  currency_code: string;
  created_at?: string | Date | null;
  updated_at?: string | Date | null;
  canceled_at?: string | Date | null;
  tax_total?: Amount;
  item_total?: Amount;
  item_tax_total?: Amount;
  discount_total?: Amount;
  discount_subtotal?: Amount;
  shipping_total?: Amount;
  shipping_tax_total?: Amount;
  sales_channel?: { name?: string | null } | null;
  promotions?: readonly ({ code?: string | null } | null)[] | null;
  cart?: { id?: string } | null;
  items?: readonly (Line | null)[] | null;
}

/** The fields of an order that a query asks for. */
export const ORDER_FIELDS: string[] = [
  ...["id", "display_id", "version", "status", "currency_code", "email"],
  ...["customer_id", "metadata", "created_at", "updated_at", "canceled_at"],
  ...["tax_total", "item_total", "item_tax_total", "discount_total"],
  ...["discount_subtotal", "shipping_total", "shipping_tax_total"],
  ...["sales_channel.name", "promotions.code", "cart.id"],
  ...["items.*", "items.adjustments.code"],
];

/** A refund of a payment. */
export interface Refund {
  id: string;
  amount: Amount;
  created_at?: string | Date | null;
}

/** A line as the spec's product. */
export function productOf(line: Line, currency: string): Properties {
  const money = moneyOf(currency);
  return present({
    product_id: line.product_id ?? line.variant_id ?? line.id,
    sku: line.variant_sku,
    name: line.product_title ?? line.title,
    variant: line.variant_title,
    category: line.product_type ?? line.product_collection,
    price: money(line.unit_price),
    quantity: numberOf(line.quantity),
    image_url: line.thumbnail,
  });
}

/** The codes that took something off, in the order of their first appearance. */
function couponsOf(order: Order): string | undefined {
  const codes = [
    ...(order.promotions ?? []),
    ...(order.items ?? []).flatMap((line) => line?.adjustments ?? []),
  ].map((one) => one?.code);
  return [...new Set(codes.filter(Boolean))].join(",") || undefined;
}

/**
 * Properties of an order's event: `revenue` (the goods), `shipping` and `tax`, all after discounts,
 * come to `total`. They are made of the order's parts, as Medusa takes refunds off its totals, even
 * off `summary.original_order_total`. `discount` is with tax if the prices are.
 */
export function orderProperties(order: Order): Properties {
  const currency = order.currency_code.toUpperCase();
  const money = moneyOf(currency);
  const lines = (order.items ?? []).filter((line) => line !== null);
  const less = (amount: Amount, part: Amount): number =>
    sumOf(amount, -(numberOf(part) ?? 0));
  const goods = money(less(order.item_total, order.item_tax_total));
  const isWithTax = lines.some((line) => line.is_tax_inclusive);
  return present({
    order_id: order.id,
    order_number: order.display_id,
    checkout_id: order.cart?.id,
    affiliation: order.sales_channel?.name,
    total: money(sumOf(order.item_total, order.shipping_total)),
    revenue: goods,
    subtotal: goods,
    shipping: money(less(order.shipping_total, order.shipping_tax_total)),
    tax: money(order.tax_total),
    discount: money(isWithTax ? order.discount_total : order.discount_subtotal),
    coupon: couponsOf(order),
    currency,
    products: lines.map((line) => productOf(line, currency)),
  });
}

/** What the events of an order have in common. */
function ofOrder(
  event: string,
  order: Order,
  at: { timestamp: unknown; ids?: readonly string[] },
  properties: Properties,
): SegmentEvent {
  return {
    type: "track",
    event,
    messageId: orderMessageId(event, order.id, ...(at.ids ?? [])),
    timestamp: isoOf(at.timestamp),
    ...idsOf(order, order.cart?.id ?? order.id),
    properties,
    ...(order.email && { context: { traits: { email: order.email } } }),
  };
}

/** An order that was placed. Its message id is the one that `waymark/ecommerce` derives. */
export const orderCompleted = (order: Order): SegmentEvent =>
  ofOrder(
    "Order Completed",
    order,
    { timestamp: order.created_at },
    orderProperties(order),
  );

/** An order that was changed; each state of it is one event. */
export function orderUpdated(order: Order): SegmentEvent {
  const state = `${order.version ?? 1}/${isoOf(order.updated_at)}`;
  return ofOrder(
    "Order Updated",
    order,
    { timestamp: order.updated_at, ids: [state] },
    orderProperties(order),
  );
}

/** An order that was cancelled. */
export const orderCancelled = (order: Order): SegmentEvent =>
  ofOrder(
    "Order Cancelled",
    order,
    { timestamp: order.canceled_at ?? order.updated_at },
    orderProperties(order),
  );

/** An order that an administrator completed. It is no purchase: that was its placing. */
export const orderFulfilled = (order: Order): SegmentEvent =>
  ofOrder(
    "Order Fulfilled",
    order,
    { timestamp: order.updated_at },
    orderProperties(order),
  );

/**
 * A refund. Medusa refunds amounts and no products, so it names none. Its message id is the one
 * that `waymark/ecommerce` derives from the ids of order and refund.
 */
export function orderRefunded(order: Order, refund: Refund): SegmentEvent {
  const currency = order.currency_code.toUpperCase();
  const properties = present({
    order_id: order.id,
    order_number: order.display_id,
    refund_id: refund.id,
    total: moneyOf(currency)(refund.amount),
    currency,
    affiliation: order.sales_channel?.name,
  });
  const at = { timestamp: refund.created_at, ids: [refund.id] };
  return ofOrder("Order Refunded", order, at, properties);
}
