/** Asks Medusa for what its events only name. */
import type { MedusaContainer } from "@medusajs/framework/types";
import { ContainerRegistrationKeys } from "@medusajs/framework/utils";
import { type Cart, CART_FIELDS } from "./mapping/cart";
import { type Customer, CUSTOMER_FIELDS } from "./mapping/customer";
import type { SegmentEvent } from "./mapping/event";
import {
  type Order,
  ORDER_FIELDS,
  orderRefunded,
  type Refund,
} from "./mapping/order";
import { SEGMENT_MODULE } from "./modules/segment";
import type SegmentService from "./modules/segment/service";

/** A payment with its refunds and its order. */
interface Payment {
  refunds?: readonly (Refund | null)[] | null;
  payment_collection?: { order?: { id?: string } | null } | null;
}

/** The plugin's service. */
export const serviceOf = (container: MedusaContainer): SegmentService =>
  container.resolve<SegmentService>(SEGMENT_MODULE);

/** The first of what is found. */
async function one<T>(
  container: MedusaContainer,
  entity: string,
  fields: string[],
  id: string,
): Promise<T | undefined> {
  const query = container.resolve(ContainerRegistrationKeys.QUERY);
  const { data } = await query.graph({ entity, fields, filters: { id } });
  return (data as T[])[0];
}

/** An order by its id. */
export const orderOf = (
  container: MedusaContainer,
  id: string,
): Promise<Order | undefined> => one(container, "order", ORDER_FIELDS, id);

/** A customer by its id. */
export const customerOf = (
  container: MedusaContainer,
  id: string,
): Promise<Customer | undefined> =>
  one(container, "customer", CUSTOMER_FIELDS, id);

/** A cart by its id. */
export const cartOf = (
  container: MedusaContainer,
  id: string,
): Promise<Cart | undefined> => one(container, "cart", CART_FIELDS, id);

/** All refunds of an order's payments. */
export async function refundsOfOrder(
  container: MedusaContainer,
  id: string,
): Promise<Refund[]> {
  const order = await one<{
    payment_collections?: ({ payments?: (Payment | null)[] } | null)[];
  }>(container, "order", ["id", "payment_collections.payments.refunds.*"], id);
  return (order?.payment_collections ?? [])
    .flatMap((collection) => collection?.payments ?? [])
    .flatMap((payment) => payment?.refunds ?? [])
    .filter((refund) => refund !== null);
}

/**
 * The refunds of a payment as events. Medusa names the payment and not the refund, so each refund
 * of it is told: their message ids come from the refunds' ids, so each counts once.
 */
export async function refundEvents(
  container: MedusaContainer,
  paymentId: string,
): Promise<SegmentEvent[]> {
  const fields = ["id", "refunds.*", "payment_collection.order.id"];
  const payment = await one<Payment>(container, "payment", fields, paymentId);
  const orderId = payment?.payment_collection?.order?.id;
  const order = orderId ? await orderOf(container, orderId) : undefined;
  if (!order) return [];
  return (payment?.refunds ?? [])
    .filter((refund) => refund !== null)
    .map((refund) => orderRefunded(order, refund));
}
