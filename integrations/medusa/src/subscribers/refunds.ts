/** Refunds: Medusa tells of them by the payment. */
import type { SubscriberArgs, SubscriberConfig } from "@medusajs/framework";
import { refundEvents, serviceOf } from "../loading";

/** Keeps the refunds of a payment. */
export default async function waymarkRefunds({
  event: { data },
  container,
}: SubscriberArgs<{ id: string }>): Promise<void> {
  await serviceOf(container).append(await refundEvents(container, data.id));
}

export const config: SubscriberConfig = {
  event: "payment.refunded",
  context: { subscriberId: "waymark-refunds" },
};
