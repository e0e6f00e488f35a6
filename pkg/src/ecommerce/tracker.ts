import { isDevelopment } from "../page/development";
import type { Options } from "../model/event";
import {
  type EcommerceClient,
  type EcommerceEvent,
  hand,
  handToShared,
  share,
} from "./client";
import { orderMessageId } from "./message-id";
import type {
  AppliedCoupon,
  Cart,
  Checkout,
  CheckoutStep,
  CompletedOrder,
  Coupon,
  DeniedCoupon,
  Order,
  PaymentInfo,
  Refund,
} from "./order-types";
import type {
  CartProduct,
  FilteredProductList,
  Product,
  ProductList,
  ProductReview,
  ProductSearch,
  Promotion,
  SharedCart,
  SharedProduct,
  ViewedProduct,
  WishlistCartProduct,
  WishlistProduct,
} from "./product-types";
import { toProperties } from "./properties";

/** Settings of a tracker. */
export interface EcommerceOptions {
  /** The shop's currency (ISO 4217), for events that name none. */
  currency?: string;
}

/** The currency of an event if neither it nor the tracker names one. */
const CURRENCY = "USD";

/**
 * Tracks a shop's events with the names and properties of Segment's ecommerce spec v2. No method
 * throws; in development, wrong amounts, currencies and totals cause warnings.
 *
 * Each method takes the options of `track` as its second argument.
 */
export class EcommerceTracker {
  readonly #hand: (event: EcommerceEvent) => void;
  readonly #currency: string | undefined;
  readonly #ids: Options = {};

  /** Tracks with a client, for the client's visitor. */
  constructor(client: EcommerceClient, options?: EcommerceOptions);
  /** Tracks for a user, with the client given to {@link EcommerceTracker.use}. */
  constructor(userId: string, anonymousId?: string);
  constructor(who: EcommerceClient | string, more?: EcommerceOptions | string) {
    if (typeof who === "string") {
      if (who) this.#ids.userId = who;
      if (more) this.#ids.anonymousId = more as string;
      this.#hand = handToShared;
    } else {
      this.#currency = (more as EcommerceOptions | undefined)?.currency;
      this.#hand = (event) => hand(who, event);
    }
  }

  /** Gives the client to all trackers made for a user; it also gets their held events. */
  static use(client: EcommerceClient): void {
    share(client);
  }

  #track(event: string, given: object, options?: Options): void {
    try {
      const properties = toProperties(given);
      warnWith(({ check }) => check(event, properties));
      this.#hand({ event, properties, ...this.#ids, ...options });
    } catch (error) {
      console.warn("waymark:", error);
    }
  }

  /** Like `#track`, but always with a currency. */
  #sell(
    event: string,
    given: object & { currency?: string | undefined },
    options?: Options,
  ): void {
    const currency = given?.currency || this.#currency;
    if (!currency) {
      warnWith(({ warnOfCurrency }) => warnOfCurrency(event, CURRENCY));
    }
    this.#track(event, { ...given, currency: currency || CURRENCY }, options);
  }

  /** The visitor searched. Spec: Browsing, Products Searched. */
  productsSearched(search: ProductSearch, options?: Options): void {
    this.#track("Products Searched", search, options);
  }

  /** A list or category is shown. Spec: Browsing, Product List Viewed. */
  productListViewed(list: ProductList, options?: Options): void {
    this.#track("Product List Viewed", list, options);
  }

  /** A list was filtered or sorted. Spec: Browsing, Product List Filtered. */
  productListFiltered(list: FilteredProductList, options?: Options): void {
    this.#track("Product List Filtered", list, options);
  }

  /** A promotion is seen. Spec: Promotions, Promotion Viewed. */
  promotionViewed(promotion: Promotion, options?: Options): void {
    this.#track("Promotion Viewed", promotion, options);
  }

  /** A promotion was clicked. Spec: Promotions, Promotion Clicked. */
  promotionClicked(promotion: Promotion, options?: Options): void {
    this.#track("Promotion Clicked", promotion, options);
  }

  /** A product in a list was clicked. Spec: Core Ordering, Product Clicked. */
  productClicked(
    product: Product & { currency?: string | undefined },
    options?: Options,
  ): void {
    this.#track("Product Clicked", product, options);
  }

  /** A product is looked at; `quantity` is 1 if not given. Spec: Core Ordering, Product Viewed. */
  productViewed(product: ViewedProduct, options?: Options): void {
    const viewed = { ...product, quantity: product?.quantity || 1 };
    this.#sell("Product Viewed", viewed, options);
  }

  /** A product went into the cart. Spec: Core Ordering, Product Added. */
  productAdded(product: CartProduct, options?: Options): void {
    this.#sell("Product Added", product, options);
  }

  /** A product was taken out of the cart. Spec: Core Ordering, Product Removed. */
  productRemoved(product: CartProduct, options?: Options): void {
    this.#sell("Product Removed", product, options);
  }

  /** The cart is looked at. Spec: Core Ordering, Cart Viewed. */
  cartViewed(cart: Cart, options?: Options): void {
    this.#track("Cart Viewed", cart, options);
  }

  /** A checkout begins. Spec: Core Ordering, Checkout Started. */
  checkoutStarted(checkout: Checkout, options?: Options): void {
    this.#sell("Checkout Started", checkout, options);
  }

  /** A step of the checkout is shown. Spec: Core Ordering, Checkout Step Viewed. */
  checkoutStepViewed(step: CheckoutStep, options?: Options): void {
    this.#track("Checkout Step Viewed", step, options);
  }

  /** A step of the checkout is done. Spec: Core Ordering, Checkout Step Completed. */
  checkoutStepCompleted(step: CheckoutStep, options?: Options): void {
    this.#track("Checkout Step Completed", step, options);
  }

  /** Payment details were entered. Spec: Core Ordering, Payment Info Entered. */
  paymentInfoEntered(payment: PaymentInfo, options?: Options): void {
    this.#track("Payment Info Entered", payment, options);
  }

  /** An order was changed. Spec: Core Ordering, Order Updated. */
  orderUpdated(order: Order, options?: Options): void {
    this.#sell("Order Updated", order, options);
  }

  /**
   * An order was placed. Its message id comes from the order's id ({@link orderMessageId}), so
   * that a reloaded thank-you page, or the server, sends the same event.
   * Spec: Core Ordering, Order Completed.
   */
  orderCompleted(order: CompletedOrder, options?: Options): void {
    this.#sell("Order Completed", order, {
      ...identified("Order Completed", order?.orderId),
      ...options,
    });
  }

  /**
   * An order was refunded. With a `refundId`, the message id comes from both ids; without one it is
   * random, because two refunds of an order could not be told apart.
   * Spec: Core Ordering, Order Refunded.
   */
  orderRefunded(refund: Refund, options?: Options): void {
    this.#sell("Order Refunded", refund, {
      ...(refund?.refundId
        ? identified("Order Refunded", refund.orderId, refund.refundId)
        : undefined),
      ...options,
    });
  }

  /** An order was cancelled. Spec: Core Ordering, Order Cancelled. */
  orderCancelled(order: Order, options?: Options): void {
    this.#sell("Order Cancelled", order, options);
  }

  /** A coupon was entered. Spec: Coupons, Coupon Entered. */
  couponEntered(coupon: Coupon, options?: Options): void {
    this.#track("Coupon Entered", coupon, options);
  }

  /** A coupon was applied. Spec: Coupons, Coupon Applied. */
  couponApplied(coupon: AppliedCoupon, options?: Options): void {
    this.#track("Coupon Applied", coupon, options);
  }

  /** A coupon was refused. Spec: Coupons, Coupon Denied. */
  couponDenied(coupon: DeniedCoupon, options?: Options): void {
    this.#track("Coupon Denied", coupon, options);
  }

  /** A coupon was removed. Spec: Coupons, Coupon Removed. */
  couponRemoved(coupon: AppliedCoupon, options?: Options): void {
    this.#track("Coupon Removed", coupon, options);
  }

  /** A product was added to a wishlist. Spec: Wishlisting, Product Added to Wishlist. */
  productAddedToWishlist(product: WishlistProduct, options?: Options): void {
    this.#track("Product Added to Wishlist", product, options);
  }

  /** A product was removed from a wishlist. Spec: Wishlisting, Product Removed from Wishlist. */
  productRemovedFromWishlist(
    product: WishlistProduct,
    options?: Options,
  ): void {
    this.#track("Product Removed from Wishlist", product, options);
  }

  /** A wished product went into the cart. Spec: Wishlisting, Wishlist Product Added to Cart. */
  wishlistProductAddedToCart(
    product: WishlistCartProduct,
    options?: Options,
  ): void {
    this.#track("Wishlist Product Added to Cart", product, options);
  }

  /** A product was shared. Spec: Sharing, Product Shared. */
  productShared(product: SharedProduct, options?: Options): void {
    this.#track("Product Shared", product, options);
  }

  /** A cart was shared. Spec: Sharing, Cart Shared. */
  cartShared(cart: SharedCart, options?: Options): void {
    this.#track("Cart Shared", cart, options);
  }

  /** A product was reviewed. Spec: Reviewing, Product Reviewed. */
  productReviewed(review: ProductReview, options?: Options): void {
    this.#track("Product Reviewed", review, options);
  }
}

/** Runs the checks, in development only. */
function warnWith(look: (checks: typeof import("./check")) => void): void {
  if (isDevelopment()) void import("./check").then(look).catch(() => {});
}

/** The message id of an order's event, if the order has an id. */
function identified(event: string, ...ids: string[]): Options {
  return ids[0] ? { messageId: orderMessageId(event, ...ids.map(String)) } : {};
}
