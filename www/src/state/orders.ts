import type { Cents } from "../catalog/money";
import type { Cart } from "./cart";
import {
  isShippingMethod,
  shippingPrice,
  taxOn,
  type Checkout,
  type ShippingMethodId,
} from "./checkout";
import { isRecord } from "./record";
import { openStore } from "./store";

/** The most orders stored in this browser. */
const ORDERS_MAX = 20;

/** A line of an order, with the name and price at the time of the order. */
export type OrderLine = {
  productId: string;
  sku: string;
  name: string;
  variant: string;
  price: Cents;
  quantity: number;
};

/** A placed order. */
export type Order = {
  orderId: string;
  placedAt: string;
  lines: readonly OrderLine[];
  subtotal: Cents;
  discount: Cents;
  shipping: Cents;
  tax: Cents;
  total: Cents;
  shippingMethod: ShippingMethodId;
};

/** The orders placed in this browser, newest first. */
export const orderStore = openStore<readonly Order[]>(
  "cairn.orders",
  (found) => (Array.isArray(found) ? found.filter(isOrder) : []),
);

function isOrder(value: unknown): value is Order {
  return (
    isRecord(value) &&
    typeof value.orderId === "string" &&
    typeof value.placedAt === "string" &&
    typeof value.total === "number" &&
    isShippingMethod(value.shippingMethod) &&
    Array.isArray(value.lines) &&
    value.lines.every(isRecord)
  );
}

/** Makes an order of the cart and stores it. */
export function placeOrder(
  cart: Cart,
  checkout: Checkout,
  shippingMethod: ShippingMethodId,
): Order {
  const goods = cart.subtotal - cart.discount;
  const shipping = shippingPrice(shippingMethod, goods);
  const tax = taxOn(goods);
  const order: Order = {
    orderId: checkout.orderId,
    placedAt: new Date().toISOString(),
    lines: cart.lines.map(({ product, variant, quantity }) => ({
      productId: product.id,
      sku: variant.sku,
      name: product.name,
      variant: variant.name,
      price: variant.price,
      quantity,
    })),
    subtotal: cart.subtotal,
    discount: cart.discount,
    shipping,
    tax,
    total: goods + shipping + tax,
    shippingMethod,
  };
  orderStore.set([order, ...orderStore.get()].slice(0, ORDERS_MAX));
  return order;
}
