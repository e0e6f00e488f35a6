/** Customers: created, changed, deleted. */
import type { SubscriberArgs, SubscriberConfig } from "@medusajs/framework";
import { customerOf, serviceOf } from "../loading";
import { customerDeleted, customerEvents } from "../mapping/customer";

/** Keeps who a customer is, and what happened to it. */
export default async function waymarkCustomers({
  event: { name, data },
  container,
}: SubscriberArgs<{ id: string }>): Promise<void> {
  const service = serviceOf(container);
  if (name === "customer.deleted") {
    await service.append([customerDeleted(data.id)]);
    return;
  }
  const customer = await customerOf(container, data.id);
  if (!customer) return;
  const isNew = name === "customer.created";
  const event = isNew ? "Customer Created" : "Customer Updated";
  await service.append(customerEvents(customer, event));
}

export const config: SubscriberConfig = {
  event: ["customer.created", "customer.updated", "customer.deleted"],
  context: { subscriberId: "waymark-customers" },
};
