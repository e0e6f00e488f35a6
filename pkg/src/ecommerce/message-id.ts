/** Message ids derived from an event's content, so that duplicates share one id. */
import { uuid5 } from "./uuid5";

/** The namespace of the message ids: the same namespace and name give the same id. */
export const MESSAGE_ID_NAMESPACE = "8f1c2a54-6d0b-4a57-9b7e-3d6c5e1f0a92";

/**
 * The message id of an order's event: the UUID version 5, in {@link MESSAGE_ID_NAMESPACE}, of the
 * JSON text of the event's name and ids, such as `["Order Completed","order_1"]`. A server that
 * computes the same id sends the same event as the page.
 */
export function orderMessageId(
  event: string,
  ...ids: readonly string[]
): string {
  // Text by text, as a library may have put a `toJSON` on the arrays' prototype.
  const texts = [event, ...ids].map((text) => JSON.stringify(text));
  return uuid5(MESSAGE_ID_NAMESPACE, `[${texts.join(",")}]`);
}
