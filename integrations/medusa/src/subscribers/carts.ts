/** Carts: created, changed, handed over to a customer who logs in. */
import type { SubscriberArgs, SubscriberConfig } from "@medusajs/framework";
import { cartOf, serviceOf } from "../loading";
import { cartCreated } from "../mapping/cart";
import { cartTransferred } from "../mapping/customer";

/** Keeps what has changed in a cart. */
export default async function waymarkCarts({
  event: { name, data },
  container,
}: SubscriberArgs<{ id: string; customer_id?: string }>): Promise<void> {
  const service = serviceOf(container);
  if (name === "cart.customer_transferred") {
    const cart = await cartOf(container, data.id);
    const event =
      cart && data.customer_id && cartTransferred(cart, data.customer_id);
    if (event) await service.append([event]);
    return;
  }
  if (name === "cart.created") {
    const cart = await cartOf(container, data.id);
    if (cart) await service.append([cartCreated(cart)]);
  }
  await service.cartChanged(data.id, () => cartOf(container, data.id));
}

export const config: SubscriberConfig = {
  event: ["cart.created", "cart.updated", "cart.customer_transferred"],
  context: { subscriberId: "waymark-carts" },
};
