/**
 * Tells of orders and refunds whose events were lost between the shop's commit and the subscriber:
 * Medusa's local event bus is in memory, so a process that is killed takes its events along.
 */
import type { MedusaContainer } from "@medusajs/framework/types";
import { ContainerRegistrationKeys } from "@medusajs/framework/utils";
import {
  CATCH_UP_AFTER_MS,
  CATCH_UP_AGAIN_MINUTES,
  CATCH_UP_HOURS,
  CATCH_UP_MAX,
  CATCH_UP_PAGE,
} from "../limits";
import { orderOf, refundEvents, serviceOf } from "../loading";
import type { SegmentEvent } from "../mapping/event";
import { orderCancelled, orderCompleted } from "../mapping/order";
import { orderMessageId } from "../message-id";

/** What happened, by the message id of its event, and how the event is made. */
type Happened = Map<string, () => Promise<SegmentEvent[]>>;

interface Changed {
  id: string;
  created_at: string | Date;
  canceled_at?: string | Date | null;
  is_draft_order?: boolean | null;
  cart?: { id?: string } | null;
}

interface Refunded {
  id: string;
  payment?: {
    id: string;
    payment_collection?: { order?: { id?: string } | null } | null;
  } | null;
}

const MINUTE_MS = 60_000;

let isFirst = true;

/** All of an entity that changed in the time, a page after the other. */
async function* changed<T>(
  container: MedusaContainer,
  entity: string,
  fields: string[],
  by: "created_at" | "updated_at",
  time: { $gte: Date; $lte: Date },
): AsyncGenerator<T> {
  const query = container.resolve(ContainerRegistrationKeys.QUERY);
  for (let skip = 0; skip < CATCH_UP_MAX; skip += CATCH_UP_PAGE) {
    const { data } = await query.graph({
      entity,
      fields,
      filters: { [by]: time },
      pagination: { skip, take: CATCH_UP_PAGE, order: { [by]: "DESC" } },
    });
    yield* data as T[];
    if (data.length < CATCH_UP_PAGE) return;
  }
}

/** The orders that were placed or cancelled in the time. Those without a cart were imported. */
async function addOrders(
  container: MedusaContainer,
  time: { $gte: Date; $lte: Date },
  happened: Happened,
): Promise<void> {
  const fields = [
    "id",
    "created_at",
    "canceled_at",
    "is_draft_order",
    "cart.id",
  ];
  const isIn = (moment: string | Date | null | undefined): boolean =>
    moment != null && new Date(moment) >= time.$gte;
  const orders = changed<Changed>(
    container,
    "order",
    fields,
    "updated_at",
    time,
  );
  for await (const { id, ...order } of orders) {
    if (order.is_draft_order || !order.cart?.id) continue;
    const tell = (map: typeof orderCompleted) => async () => {
      const whole = await orderOf(container, id);
      return whole ? [map(whole)] : [];
    };
    if (isIn(order.created_at)) {
      happened.set(orderMessageId("Order Completed", id), tell(orderCompleted));
    }
    if (isIn(order.canceled_at)) {
      happened.set(orderMessageId("Order Cancelled", id), tell(orderCancelled));
    }
  }
}

/** The refunds of the time. */
async function addRefunds(
  container: MedusaContainer,
  time: { $gte: Date; $lte: Date },
  happened: Happened,
): Promise<void> {
  const fields = ["id", "payment.id", "payment.payment_collection.order.id"];
  const all = changed<Refunded>(
    container,
    "refund",
    fields,
    "created_at",
    time,
  );
  for await (const { id, payment } of all) {
    const orderId = payment?.payment_collection?.order?.id;
    if (!payment || !orderId) continue;
    happened.set(orderMessageId("Order Refunded", orderId, id), () =>
      refundEvents(container, payment.id),
    );
  }
}

/** Keeps the events that nobody kept. What is kept or was sent already stays as it is. */
export default async function waymarkCatchUp(
  container: MedusaContainer,
): Promise<void> {
  const service = serviceOf(container);
  if (service.settings.disable) return;
  const back = isFirst ? CATCH_UP_HOURS * 60 : CATCH_UP_AGAIN_MINUTES;
  const now = Date.now();
  const time = {
    $gte: new Date(now - back * MINUTE_MS),
    $lte: new Date(now - CATCH_UP_AFTER_MS),
  };
  const happened: Happened = new Map();
  await addOrders(container, time, happened);
  await addRefunds(container, time, happened);
  const known = await service.known([...happened.keys()]);
  for (const [id, events] of happened) {
    if (known.has(id)) continue;
    try {
      await service.append(await events());
    } catch (error) {
      // The others are told all the same, and this one is tried again.
      const said = error instanceof Error ? error.message : String(error);
      const log = container.resolve(ContainerRegistrationKeys.LOGGER);
      log.error(`waymark: ${id} could not be told: ${said}`);
    }
  }
  isFirst = false;
}

export const config = { name: "waymark-catch-up", schedule: "*/5 * * * *" };
