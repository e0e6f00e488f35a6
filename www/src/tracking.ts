/**
 * Every call the shop makes to analytics, by the names of Segment's ecommerce spec v2.
 *
 * Amounts leave the shop as decimal numbers of dollars. What people type into the address
 * and payment forms never comes near this file.
 */
import { analytics } from "./analytics";
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

type Properties = Record<string, unknown>;

/** The client's promises tell of delivery, which the shop does not wait for. */
function track(event: string, properties: Properties): void {
  void analytics.track(event, properties);
}

function productFields(product: Product, variant: Variant): Properties {
  return {
    product_id: product.id,
    sku: variant.sku,
    category: categoryName(product.category),
    name: product.name,
    brand: product.brand,
    variant: variant.name,
    price: toDecimal(variant.price),
    currency: CURRENCY,
    url: `${location.origin}${productPath(product)}`,
    image_url: `${location.origin}${artPath(product)}`,
  };
}

function listedProducts(products: readonly Product[]): Properties[] {
  return products.map((product, index) => ({
    ...productFields(product, product.variants[0]),
    position: index + 1,
  }));
}

function cartProducts(lines: readonly CartLine[]): Properties[] {
  return lines.map(({ product, variant, quantity }, index) => ({
    ...productFields(product, variant),
    quantity,
    position: index + 1,
  }));
}

/** What names a list, so that a click can be traced back to the list it came from. */
export function listId(view: ListView): string {
  return view.query ? "search" : (view.category ?? "all");
}

// People: pages are told by `layout/RouteTracker.tsx`

/** Somebody signed in: from here on the events are theirs. */
export function signedIn({ userId, email, name }: Session): void {
  void analytics.identify(userId, { email, name });
  track("Signed In", { method: "email" });
}

/** Somebody has left, as the button they pressed has told: from here on, a new visitor. */
export function signedOut(): void {
  void analytics.reset();
}

// Browsing

/** What a link of the home page promotes: the event of its click is "Promotion Clicked". */
export function promotionFields(
  id: string,
  name: string,
  position: number,
): Properties {
  return { promotion_id: id, name, creative: "home", position };
}

export function productsSearched(query: string): void {
  track("Products Searched", { query });
}

export function productListViewed(
  view: ListView,
  products: readonly Product[],
): void {
  track("Product List Viewed", {
    list_id: listId(view),
    category: listTitle(view),
    products: listedProducts(products),
  });
}

export function productListFiltered(
  view: ListView,
  products: readonly Product[],
): void {
  const [sortedBy = "", direction = "asc"] = view.sort.split("-");
  track("Product List Filtered", {
    list_id: listId(view),
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
  track("Product Clicked", {
    ...productFields(product, product.variants[0]),
    position,
    list_id: list,
  });
}

export function productViewed(product: Product, variant: Variant): void {
  track("Product Viewed", productFields(product, variant));
}

// Cart

export function productAdded(
  cartId: string,
  { product, variant, quantity }: CartLine,
): void {
  track("Product Added", {
    cart_id: cartId,
    ...productFields(product, variant),
    quantity,
  });
}

export function productRemoved(
  cartId: string,
  { product, variant, quantity }: CartLine,
): void {
  track("Product Removed", {
    cart_id: cartId,
    ...productFields(product, variant),
    quantity,
  });
}

export function cartViewed(cart: Cart): void {
  track("Cart Viewed", {
    cart_id: cart.id,
    value: toDecimal(cart.subtotal - cart.discount),
    currency: CURRENCY,
    products: cartProducts(cart.lines),
  });
}

// Coupons

export function couponEntered(cart: Cart, code: string): void {
  track("Coupon Entered", { cart_id: cart.id, coupon_id: code });
}

export function couponApplied(cart: Cart, coupon: Coupon): void {
  track("Coupon Applied", {
    cart_id: cart.id,
    ...couponFields(coupon, coupon.discount(cart.subtotal)),
  });
}

export function couponDenied(cart: Cart, code: string, reason: string): void {
  track("Coupon Denied", { cart_id: cart.id, coupon_id: code, reason });
}

export function couponRemoved(cart: Cart, coupon: Coupon): void {
  track("Coupon Removed", {
    cart_id: cart.id,
    ...couponFields(coupon, cart.discount),
  });
}

function couponFields(coupon: Coupon, discount: Cents): Properties {
  return {
    coupon_id: coupon.id,
    coupon_name: coupon.name,
    discount: toDecimal(discount),
    currency: CURRENCY,
  };
}

// Checkout

export function checkoutStarted(cart: Cart, checkout: Checkout): void {
  track("Checkout Started", {
    order_id: checkout.orderId,
    checkout_id: checkout.checkoutId,
    value: toDecimal(cart.subtotal - cart.discount),
    revenue: toDecimal(cart.subtotal - cart.discount),
    discount: toDecimal(cart.discount),
    ...(cart.coupon ? { coupon: cart.coupon.id } : {}),
    currency: CURRENCY,
    products: cartProducts(cart.lines),
  });
}

/** The steps of the checkout, by the number the spec asks for. */
export const CHECKOUT_STEPS = { shipping: 1, payment: 2 } as const;

type CheckoutStep = (typeof CHECKOUT_STEPS)[keyof typeof CHECKOUT_STEPS];

export function checkoutStepViewed(
  checkout: Checkout,
  step: CheckoutStep,
): void {
  track("Checkout Step Viewed", stepFields(checkout, step));
}

export function checkoutStepCompleted(
  checkout: Checkout,
  step: CheckoutStep,
): void {
  track("Checkout Step Completed", stepFields(checkout, step));
}

export function paymentInfoEntered(checkout: Checkout): void {
  track("Payment Info Entered", stepFields(checkout, CHECKOUT_STEPS.payment));
}

/** The way of paying, which is all that is ever said about a payment. */
const PAYMENT_METHOD = "card";

function stepFields(checkout: Checkout, step: CheckoutStep): Properties {
  return {
    order_id: checkout.orderId,
    checkout_id: checkout.checkoutId,
    step,
    ...(checkout.shippingMethod
      ? { shipping_method: checkout.shippingMethod }
      : {}),
    ...(step === CHECKOUT_STEPS.payment
      ? { payment_method: PAYMENT_METHOD }
      : {}),
  };
}

/** Called once, where the order is placed; the confirmation page tells nobody. */
export function orderCompleted(
  order: Order,
  cart: Cart,
  checkout: Checkout,
): void {
  const goods = toDecimal(order.subtotal - order.discount);
  track("Order Completed", {
    order_id: order.orderId,
    checkout_id: checkout.checkoutId,
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
