/**
 * Arguments of the methods for carts, checkouts, coupons and orders. All amounts are in units of
 * the currency (dollars, not cents). Sources: Segment's ecommerce spec v2, sections Core Ordering
 * and Coupons.
 */
import type { Custom, Product } from "./product-types";

/** A product in a cart or an order. */
export interface OrderedProduct extends Product {
  name: string;
  price: number;
  quantity: number;
}

/** A cart ("Cart Viewed"). */
export interface Cart extends Custom {
  cartId?: string | undefined;
  /** The sum of the products' prices. */
  value?: number | undefined;
  /** ISO 4217. */
  currency?: string | undefined;
  products: readonly Product[];
}

/** The amounts of a transaction beside its total. */
export interface Amounts {
  /** Without shipping and tax. */
  revenue?: number | undefined;
  shipping?: number | undefined;
  tax?: number | undefined;
  /** The discount, as a positive number. */
  discount?: number | undefined;
  /** The code of the coupon that was redeemed. */
  coupon?: string | undefined;
  /** ISO 4217, such as `EUR`; the tracker's own, else `USD`. */
  currency?: string | undefined;
  /** The store or partner of the sale. */
  affiliation?: string | undefined;
}

/** A checkout that begins ("Checkout Started"). */
export interface Checkout extends Custom, Amounts {
  orderId?: string | undefined;
  checkoutId?: string | undefined;
  /** The expected total of the order. */
  value: number;
  products: readonly OrderedProduct[];
}

/** A step of a checkout ("Checkout Step Viewed", "Checkout Step Completed"). */
export interface CheckoutStep extends Custom {
  checkoutId?: string | undefined;
  orderId?: string | undefined;
  /** From 1. */
  step: number;
  shippingMethod?: string | undefined;
  paymentMethod?: string | undefined;
}

/** The payment method ("Payment Info Entered"); never card data. */
export interface PaymentInfo extends Custom {
  checkoutId?: string | undefined;
  orderId?: string | undefined;
  step?: number | undefined;
  shippingMethod?: string | undefined;
  paymentMethod?: string | undefined;
}

/** An order ("Order Updated", "Order Cancelled"). */
export interface Order extends Custom, Amounts {
  orderId: string;
  checkoutId?: string | undefined;
  /** The amount paid. */
  total?: number | undefined;
  /** After discounts, before shipping and tax. */
  subtotal?: number | undefined;
  products: readonly OrderedProduct[];
}

/** An order that is placed ("Order Completed"). */
export interface CompletedOrder extends Order {
  total: number;
}

/** An order that is paid back, in whole or in part ("Order Refunded"). */
export interface Refund extends Custom {
  orderId: string;
  /** Identifies one refund of an order, so that a repeated event counts once. */
  refundId?: string | undefined;
  /** The amount paid back. */
  total?: number | undefined;
  /** ISO 4217; the tracker's own, else `USD`. */
  currency?: string | undefined;
  /** The returned products; the whole order if missing. */
  products?: readonly OrderedProduct[] | undefined;
}

/** A coupon that was entered ("Coupon Entered"). */
export interface Coupon extends Custom {
  couponId: string;
  couponName?: string | undefined;
  cartId?: string | undefined;
  orderId?: string | undefined;
}

/** A coupon that is applied or removed ("Coupon Applied", "Coupon Removed"). */
export interface AppliedCoupon extends Coupon {
  discount?: number | undefined;
  /** ISO 4217. */
  currency?: string | undefined;
}

/** A coupon that was refused ("Coupon Denied"). */
export interface DeniedCoupon extends Coupon {
  reason?: string | undefined;
}
