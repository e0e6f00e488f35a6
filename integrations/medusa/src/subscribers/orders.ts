/** Orders: placed, changed, cancelled, completed. */
import type { SubscriberArgs, SubscriberConfig } from "@medusajs/framework";
import { orderOf, refundsOfOrder, serviceOf } from "../loading";
import type { SegmentEvent } from "../mapping/event";
import {
  type Order,
  orderCancelled,
  orderCompleted,
  orderFulfilled,
  orderRefunded,
  orderUpdated,
} from "../mapping/order";

const EVENTS: Record<string, (order: Order) => SegmentEvent> = {
  "order.placed": orderCompleted,
  "order.updated": orderUpdated,
  "order-edit.confirmed": orderUpdated,
  "order.canceled": orderCancelled,
  "order.completed": orderFulfilled,
};

/** Keeps an order's event. */
export default async function waymarkOrders({
  event: { name, data },
  container,
}: SubscriberArgs<{ id?: string; order_id?: string }>): Promise<void> {
  const id = data.order_id ?? data.id;
  const order = id ? await orderOf(container, id) : undefined;
  const map = EVENTS[name];
  if (!order || !map) return;
  const events = [map(order)];
  if (name === "order.canceled") {
    // Medusa pays a cancelled order back, and emits no event for that.
    const refunds = await refundsOfOrder(container, order.id);
    events.push(...refunds.map((refund) => orderRefunded(order, refund)));
  }
  await serviceOf(container).append(events);
}

export const config: SubscriberConfig = {
  event: Object.keys(EVENTS),
  context: { subscriberId: "waymark-orders" },
};
