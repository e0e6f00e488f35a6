/**
 * The shop's analytics calls: visitors signing in and out, and the events of Segment's ecommerce
 * spec v2. Each event is in the tracking plan, `tracking-plan.json`.
 *
 * Amounts leave the shop as decimal numbers of dollars. The contents of the address and payment
 * forms never reach this file.
 */
import type {
  OrderedProduct,
  Product as TrackedProduct,
} from "waymark/ecommerce";
import { analytics, shop } from "./analytics";
import { CURRENCY, toDecimal, type Cents } from "./catalog/money";
import {
  artPath,
  categoryName,
  productPath,
  type Product,
  type Variant,
} from "./catalog/products";
import { listTitle, type ListView } from "./catalog/search";
import type { Cart, CartLine } from "./state/cart";
import type { Checkout } from "./state/checkout";
import type { Coupon } from "./state/coupons";
import type { Order } from "./state/orders";
import type { Session } from "./state/session";
import type { TrackingPlan } from "./tracking-plan";

/** The properties that every event about a product carries. */
type ProductFields = Required<
  Pick<
    TrackedProduct,
    | "productId"
    | "sku"
    | "category"
    | "name"
    | "brand"
    | "variant"
    | "price"
    | "url"
    | "imageUrl"
  >
> & { name: string; price: number; currency: string };

function productFields(product: Product, variant: Variant): ProductFields {
  return {
    productId: product.id,
    sku: variant.sku,
    category: categoryName(product.category),
    name: product.name,
    brand: product.brand,
    variant: variant.name,
    price: toDecimal(variant.price),
    currency: CURRENCY,
    url: `${location.origin}${productPath(product)}`,
    imageUrl: `${location.origin}${artPath(product)}`,
  };
}

function listedProducts(products: readonly Product[]): TrackedProduct[] {
  return products.map((product, index) => ({
    ...productFields(product, product.variants[0]),
    position: index + 1,
  }));
}

function cartProducts(lines: readonly CartLine[]): OrderedProduct[] {
  return lines.map(({ product, variant, quantity }, index) => ({
    ...productFields(product, variant),
    quantity,
    position: index + 1,
  }));
}

/** The id of a list, so that a click can be traced back to its list. */
export function listId(view: ListView): string {
  return view.query ? "search" : (view.category ?? "all");
}

// Visitors (for page events, see `layout/RouteTracker.tsx`)

/** The visitor signed in: later events belong to this user. */
export function signedIn({ userId, email, name }: Session): void {
  void analytics.identify(userId, { email, name });
  void analytics.track("Signed In", { method: "email" });
}

/** The visitor signed out (the button records that): later events belong to a new visitor. */
export function signedOut(): void {
  void analytics.reset();
}

// Browsing

/** The properties of "Promotion Clicked", the event of the home page's links. */
export function promotionFields(
  id: string,
  name: string,
  position: number,
): TrackingPlan["Promotion Clicked"] {
  return { promotion_id: id, name, creative: "home", position };
}

export function productsSearched(query: string): void {
  shop.productsSearched({ query });
}

export function productListViewed(
  view: ListView,
  products: readonly Product[],
): void {
  shop.productListViewed({
    listId: listId(view),
    category: listTitle(view),
    products: listedProducts(products),
  });
}

export function productListFiltered(
  view: ListView,
  products: readonly Product[],
): void {
  const [sortedBy = "", direction = "asc"] = view.sort.split("-");
  shop.productListFiltered({
    listId: listId(view),
    category: listTitle(view),
    filters: view.category
      ? [{ type: "category", value: categoryName(view.category) }]
      : [],
    sorts:
      view.sort === "featured" ? [] : [{ type: sortedBy, value: direction }],
    products: listedProducts(products),
  });
}

export function productClicked(
  product: Product,
  position: number,
  list: string,
): void {
  shop.productClicked({
    ...productFields(product, product.variants[0]),
    position,
    custom: { list_id: list },
  });
}

export function productViewed(product: Product, variant: Variant): void {
  shop.productViewed(productFields(product, variant));
}

// Cart

export function productAdded(
  cartId: string,
  { product, variant, quantity }: CartLine,
): void {
  shop.productAdded({
    cartId,
    ...productFields(product, variant),
    quantity,
  });
}

export function productRemoved(
  cartId: string,
  { product, variant, quantity }: CartLine,
): void {
  shop.productRemoved({
    cartId,
    ...productFields(product, variant),
    quantity,
  });
}

export function cartViewed(cart: Cart): void {
  shop.cartViewed({
    cartId: cart.id,
    value: toDecimal(cart.subtotal - cart.discount),
    currency: CURRENCY,
    products: cartProducts(cart.lines),
  });
}

// Coupons

export function couponEntered(cart: Cart, code: string): void {
  shop.couponEntered({ cartId: cart.id, couponId: code });
}

export function couponApplied(cart: Cart, coupon: Coupon): void {
  shop.couponApplied({
    cartId: cart.id,
    ...couponFields(coupon, coupon.discount(cart.subtotal)),
  });
}

export function couponDenied(cart: Cart, code: string, reason: string): void {
  shop.couponDenied({ cartId: cart.id, couponId: code, reason });
}

export function couponRemoved(cart: Cart, coupon: Coupon): void {
  shop.couponRemoved({
    cartId: cart.id,
    ...couponFields(coupon, cart.discount),
  });
}

function couponFields(coupon: Coupon, discount: Cents) {
  return {
    couponId: coupon.id,
    couponName: coupon.name,
    discount: toDecimal(discount),
    currency: CURRENCY,
  };
}

// Checkout

export function checkoutStarted(cart: Cart, checkout: Checkout): void {
  shop.checkoutStarted({
    orderId: checkout.orderId,
    checkoutId: checkout.checkoutId,
    value: toDecimal(cart.subtotal - cart.discount),
    revenue: toDecimal(cart.subtotal - cart.discount),
    discount: toDecimal(cart.discount),
    ...(cart.coupon ? { coupon: cart.coupon.id } : {}),
    currency: CURRENCY,
    products: cartProducts(cart.lines),
  });
}

/** The steps of the checkout, with their numbers in the spec's events. */
export const CHECKOUT_STEPS = { shipping: 1, payment: 2 } as const;

type CheckoutStep = (typeof CHECKOUT_STEPS)[keyof typeof CHECKOUT_STEPS];

export function checkoutStepViewed(
  checkout: Checkout,
  step: CheckoutStep,
): void {
  shop.checkoutStepViewed(stepFields(checkout, step));
}

export function checkoutStepCompleted(
  checkout: Checkout,
  step: CheckoutStep,
): void {
  shop.checkoutStepCompleted(stepFields(checkout, step));
}

export function paymentInfoEntered(checkout: Checkout): void {
  shop.paymentInfoEntered(stepFields(checkout, CHECKOUT_STEPS.payment));
}

/** The payment method: the only fact about a payment that is ever recorded. */
const PAYMENT_METHOD = "card";

function stepFields(checkout: Checkout, step: CheckoutStep) {
  return {
    orderId: checkout.orderId,
    checkoutId: checkout.checkoutId,
    step,
    ...(checkout.shippingMethod
      ? { shippingMethod: checkout.shippingMethod }
      : {}),
    ...(step === CHECKOUT_STEPS.payment
      ? { paymentMethod: PAYMENT_METHOD }
      : {}),
  };
}

/** Called once, when the order is placed. The confirmation page does not record it again. */
export function orderCompleted(
  order: Order,
  cart: Cart,
  checkout: Checkout,
): void {
  const goods = toDecimal(order.subtotal - order.discount);
  shop.orderCompleted({
    orderId: order.orderId,
    checkoutId: checkout.checkoutId,
    total: toDecimal(order.total),
    subtotal: goods,
    revenue: goods,
    shipping: toDecimal(order.shipping),
    tax: toDecimal(order.tax),
    discount: toDecimal(order.discount),
    ...(cart.coupon ? { coupon: cart.coupon.id } : {}),
    currency: CURRENCY,
    products: cartProducts(cart.lines),
  });
}
