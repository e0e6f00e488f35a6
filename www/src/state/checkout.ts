import type { Cents } from "../catalog/money";
import { isRecord } from "./record";
import { randomHex } from "./randomHex";
import { openStore } from "./store";

/** The shipping methods. */
export const SHIPPING_METHODS = [
  {
    id: "standard",
    name: "Standard",
    line: "3 to 5 working days, free from $150",
    price: 600,
    freeFrom: 15000,
  },
  {
    id: "express",
    name: "Express",
    line: "The next working day",
    price: 1800,
    freeFrom: Infinity,
  },
] as const;

export type ShippingMethodId = (typeof SHIPPING_METHODS)[number]["id"];

/** A checkout in progress. It never holds addresses or cards: those stay in their forms. */
export type Checkout = {
  checkoutId: string;
  orderId: string;
  /** Chosen in the first step; `null` until then. */
  shippingMethod: ShippingMethodId | null;
};

/** The checkout in progress, or `null`. */
export const checkoutStore = openStore<Checkout | null>(
  "cairn.checkout",
  (found) =>
    isRecord(found) &&
    typeof found.checkoutId === "string" &&
    typeof found.orderId === "string"
      ? {
          checkoutId: found.checkoutId,
          orderId: found.orderId,
          shippingMethod: isShippingMethod(found.shippingMethod)
            ? found.shippingMethod
            : null,
        }
      : null,
);

/** Whether a value names a shipping method. */
export function isShippingMethod(value: unknown): value is ShippingMethodId {
  return SHIPPING_METHODS.some(({ id }) => id === value);
}

/** Starts a checkout with a new order number. */
export function beginCheckout(): Checkout {
  const number = randomHex().toUpperCase();
  const checkout: Checkout = {
    checkoutId: `checkout_${number.toLowerCase()}`,
    orderId: `CC-${number}`,
    shippingMethod: null,
  };
  checkoutStore.set(checkout);
  return checkout;
}

/** The price of shipping. */
export function shippingPrice(method: ShippingMethodId, goods: Cents): Cents {
  const found = SHIPPING_METHODS.find(({ id }) => id === method);
  return !found || goods >= found.freeFrom ? 0 : found.price;
}

/** The demo's flat sales tax on the goods: 8 %, to the cent. */
export function taxOn(goods: Cents): Cents {
  return Math.round((goods * 8) / 100);
}
