/** The entry `waymark/ecommerce`: Segment's ecommerce spec v2 as methods. */
export type { EcommerceClient, EcommerceEvent } from "./client";
export { MESSAGE_ID_NAMESPACE, orderMessageId } from "./message-id";
export type * from "./order-types";
export type * from "./product-types";
export { EcommerceTracker } from "./tracker";
export type { EcommerceOptions } from "./tracker";
