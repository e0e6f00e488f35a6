/** Message ids that are derived from what happened, so that whoever tells it again counts once. */
import { createHash } from "node:crypto";

/** The namespace of `waymark/ecommerce`, which computes the same ids in the page. */
export const MESSAGE_ID_NAMESPACE = "8f1c2a54-6d0b-4a57-9b7e-3d6c5e1f0a92";

/** The UUID version 5 (RFC 9562) of a name in {@link MESSAGE_ID_NAMESPACE}. */
function uuid5(name: string): string {
  const hash = createHash("sha1")
    .update(Buffer.from(MESSAGE_ID_NAMESPACE.replace(/-/g, ""), "hex"))
    .update(name, "utf8")
    .digest()
    .subarray(0, 16);
  hash[6] = (hash[6]! & 0x0f) | 0x50;
  hash[8] = (hash[8]! & 0x3f) | 0x80;
  return hash
    .toString("hex")
    .replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, "$1-$2-$3-$4-$5");
}

/**
 * The message id of an event by its name and ids, as `orderMessageId` of `waymark/ecommerce` and
 * `order_message_id` of `waymark-analytics` have it.
 */
export function orderMessageId(
  event: string,
  ...ids: readonly string[]
): string {
  return uuid5(JSON.stringify([event, ...ids]));
}
