// Written by `waymark types` from the tracking plan; changes here are lost.

export type Count = number;

/** Dollars, with cents after the point. */
export type Money = number;

/** The one currency of the shop (ISO 4217). */
export type Currency = "USD";

/** A product in a list. */
export type Listed = {
  "product_id": string;
  "sku": string;
  "category": string;
  "name": string;
  "brand": string;
  "variant": string;
  /** Dollars, with cents after the point. */
  "price": Money;
  /** The one currency of the shop (ISO 4217). */
  "currency": Currency;
  "url": string;
  "image_url": string;
  "position": Count;
};

export type Choice = {
  "type": string;
  "value": string;
};

/** A product in a cart or an order. */
export type Ordered = {
  "product_id": string;
  "sku": string;
  "category": string;
  "name": string;
  "brand": string;
  "variant": string;
  /** Dollars, with cents after the point. */
  "price": Money;
  /** The one currency of the shop (ISO 4217). */
  "currency": Currency;
  "url": string;
  "image_url": string;
  "quantity": Count;
  "position": Count;
};

/** The properties of each event of the plan. */
export interface TrackingPlan {
  /** Somebody signed in: from here on the events are theirs. */
  "Signed In": {
    "method": "email";
  };
  /** The last event that is theirs. */
  "Signed Out": Record<string, never>;
  "Products Searched": {
    "query": string;
  };
  "Promotion Clicked": {
    "promotion_id": string;
    "name": string;
    "creative": string;
    "position": Count;
    "link_url"?: string | undefined;
    [property: string]: unknown;
  };
  "Product List Viewed": {
    "list_id": string;
    "category": string;
    "products": ReadonlyArray<Listed>;
  };
  "Product List Filtered": {
    "list_id": string;
    "category": string;
    "filters": ReadonlyArray<Choice>;
    "sorts": ReadonlyArray<Choice>;
    "products": ReadonlyArray<Listed>;
  };
  "Product Clicked": {
    "product_id": string;
    "sku": string;
    "category": string;
    "name": string;
    "brand": string;
    "variant": string;
    /** Dollars, with cents after the point. */
    "price": Money;
    /** The one currency of the shop (ISO 4217). */
    "currency": Currency;
    "url": string;
    "image_url": string;
    "position": Count;
    "list_id": string;
  };
  "Product Viewed": {
    "product_id": string;
    "sku": string;
    "category": string;
    "name": string;
    "brand": string;
    "variant": string;
    /** Dollars, with cents after the point. */
    "price": Money;
    /** The one currency of the shop (ISO 4217). */
    "currency": Currency;
    "url": string;
    "image_url": string;
    "quantity": Count;
  };
  "Product Added": {
    "cart_id": string;
    "product_id": string;
    "sku": string;
    "category": string;
    "name": string;
    "brand": string;
    "variant": string;
    /** Dollars, with cents after the point. */
    "price": Money;
    /** The one currency of the shop (ISO 4217). */
    "currency": Currency;
    "url": string;
    "image_url": string;
    "quantity": Count;
  };
  "Product Removed": {
    "cart_id": string;
    "product_id": string;
    "sku": string;
    "category": string;
    "name": string;
    "brand": string;
    "variant": string;
    /** Dollars, with cents after the point. */
    "price": Money;
    /** The one currency of the shop (ISO 4217). */
    "currency": Currency;
    "url": string;
    "image_url": string;
    "quantity": Count;
  };
  "Cart Viewed": {
    "cart_id": string;
    /** Dollars, with cents after the point. */
    "value": Money;
    /** The one currency of the shop (ISO 4217). */
    "currency": Currency;
    "products": ReadonlyArray<Ordered>;
  };
  "Coupon Entered": {
    "cart_id": string;
    "coupon_id": string;
  };
  "Coupon Applied": {
    "cart_id": string;
    "coupon_id": string;
    "coupon_name": string;
    /** Dollars, with cents after the point. */
    "discount": Money;
    /** The one currency of the shop (ISO 4217). */
    "currency": Currency;
  };
  "Coupon Denied": {
    "cart_id": string;
    "coupon_id": string;
    "reason": string;
  };
  "Coupon Removed": {
    "cart_id": string;
    "coupon_id": string;
    "coupon_name": string;
    /** Dollars, with cents after the point. */
    "discount": Money;
    /** The one currency of the shop (ISO 4217). */
    "currency": Currency;
  };
  "Checkout Started": {
    "order_id": string;
    "checkout_id": string;
    /** Dollars, with cents after the point. */
    "value": Money;
    /** Dollars, with cents after the point. */
    "revenue": Money;
    /** Dollars, with cents after the point. */
    "discount": Money;
    /** The one currency of the shop (ISO 4217). */
    "currency": Currency;
    "products": ReadonlyArray<Ordered>;
    "coupon"?: string | undefined;
  };
  "Checkout Step Viewed": {
    "order_id": string;
    "checkout_id": string;
    "step": 1 | 2;
    "shipping_method"?: string | undefined;
    "payment_method"?: "card" | undefined;
  };
  "Checkout Step Completed": {
    "order_id": string;
    "checkout_id": string;
    "step": 1 | 2;
    "shipping_method"?: string | undefined;
    "payment_method"?: "card" | undefined;
  };
  "Payment Info Entered": {
    "order_id": string;
    "checkout_id": string;
    "step": 1 | 2;
    "shipping_method"?: string | undefined;
    "payment_method"?: "card" | undefined;
  };
  "Order Completed": {
    "order_id": string;
    "checkout_id": string;
    /** Dollars, with cents after the point. */
    "total": Money;
    /** Dollars, with cents after the point. */
    "subtotal": Money;
    /** Dollars, with cents after the point. */
    "revenue": Money;
    /** Dollars, with cents after the point. */
    "shipping": Money;
    /** Dollars, with cents after the point. */
    "tax": Money;
    /** Dollars, with cents after the point. */
    "discount": Money;
    /** The one currency of the shop (ISO 4217). */
    "currency": Currency;
    "products": ReadonlyArray<Ordered>;
    "coupon"?: string | undefined;
  };
}
