// @ts-check
// Every event of Segment's ecommerce spec v2 with every property that the spec's tables name.

/** @typedef {{ method: string, given: object, event: string, properties: object }} Row */

const product = {
  given: {
    ...{ productId: "507f", sku: "G-32", category: "Games", name: "Monopoly" },
    ...{ brand: "Hasbro", variant: "200 pieces", price: 18.99, quantity: 1 },
    ...{ coupon: "MAYDEALS", position: 3, url: "https://shop.example/p" },
    imageUrl: "https://shop.example/p.jpg",
  },
  properties: {
    ...{ product_id: "507f", sku: "G-32", category: "Games", name: "Monopoly" },
    ...{ brand: "Hasbro", variant: "200 pieces", price: 18.99, quantity: 1 },
    ...{ coupon: "MAYDEALS", position: 3, url: "https://shop.example/p" },
    image_url: "https://shop.example/p.jpg",
  },
};

const products = {
  given: { products: [product.given] },
  properties: { products: [product.properties] },
};

const amounts = {
  ...{ affiliation: "Store", revenue: 18.99, shipping: 3, tax: 2 },
  ...{ discount: 0, coupon: "hasbros", currency: "USD" },
};

const order = {
  given: { orderId: "o1", total: 23.99, ...amounts, ...products.given },
  properties: {
    ...{ order_id: "o1", total: 23.99 },
    ...amounts,
    ...products.properties,
  },
};

const step = {
  given: { checkoutId: "k1", step: 2, shippingMethod: "F", paymentMethod: "V" },
  properties: {
    ...{ checkout_id: "k1", step: 2, shipping_method: "F" },
    payment_method: "V",
  },
};

const wish = {
  given: { wishlistId: "w1", wishlistName: "Loved", ...product.given },
  properties: {
    wishlist_id: "w1",
    wishlist_name: "Loved",
    ...product.properties,
  },
};

const share = {
  given: { shareVia: "email", shareMessage: "Look", recipient: "a friend" },
  properties: {
    ...{ share_via: "email", share_message: "Look", recipient: "a friend" },
  },
};

const coupon = {
  given: { orderId: "o1", cartId: "c1", couponId: "may", couponName: "May" },
  properties: {
    ...{ order_id: "o1", cart_id: "c1", coupon_id: "may", coupon_name: "May" },
  },
};

const promotion = {
  given: { promotionId: "p1", creative: "c", name: "Sale", position: "top" },
  properties: {
    ...{ promotion_id: "p1", creative: "c", name: "Sale", position: "top" },
  },
};

const choices = {
  filters: [{ type: "department", value: "beauty" }],
  sorts: [{ type: "price", value: "desc" }],
};

/**
 * @param {string} method
 * @param {string} event
 * @param {{ given: object, properties: object }} parts
 * @param {object} [given]
 * @param {object} [properties]
 * @returns {Row}
 */
const row = (method, event, parts, given = {}, properties = given) => ({
  method,
  event,
  given: { ...parts.given, ...given },
  properties: { ...parts.properties, ...properties },
});

const none = { given: {}, properties: {} };
const usd = { currency: "USD" };
const listed = [{ listId: "hot" }, { list_id: "hot" }];
const inCart = [{ cartId: "c1" }, { cart_id: "c1" }];
const inCartUsd = inCart.map((one) => ({ ...one, ...usd }));

/** @type {readonly Row[]} */
export const SPEC = [
  row("productsSearched", "Products Searched", none, { query: "blue roses" }),
  row("productListViewed", "Product List Viewed", products, ...listed),
  row("productListFiltered", "Product List Filtered", products, choices),
  row("promotionViewed", "Promotion Viewed", promotion),
  row("promotionClicked", "Promotion Clicked", promotion),
  row("productClicked", "Product Clicked", product),
  row("productViewed", "Product Viewed", product, { value: 18.99, ...usd }),
  row("productAdded", "Product Added", product, ...inCartUsd),
  row("productRemoved", "Product Removed", product, ...inCartUsd),
  row("cartViewed", "Cart Viewed", products, ...inCart),
  row(
    "checkoutStarted",
    "Checkout Started",
    products,
    { orderId: "o1", value: 23.99, ...amounts },
    { order_id: "o1", value: 23.99, ...amounts },
  ),
  row("checkoutStepViewed", "Checkout Step Viewed", step),
  row("checkoutStepCompleted", "Checkout Step Completed", step),
  row(
    "paymentInfoEntered",
    "Payment Info Entered",
    step,
    { orderId: "o1" },
    { order_id: "o1" },
  ),
  row("orderUpdated", "Order Updated", order),
  row(
    "orderCompleted",
    "Order Completed",
    order,
    { checkoutId: "k1", subtotal: 18.99 },
    { checkout_id: "k1", subtotal: 18.99 },
  ),
  row(
    "orderRefunded",
    "Order Refunded",
    products,
    { orderId: "o1", refundId: "r1", total: 5, ...usd },
    { order_id: "o1", refund_id: "r1", total: 5, ...usd },
  ),
  row("orderCancelled", "Order Cancelled", order),
  row("couponEntered", "Coupon Entered", coupon),
  row("couponApplied", "Coupon Applied", coupon, { discount: 23.32 }),
  row("couponDenied", "Coupon Denied", coupon, { reason: "expired" }),
  row("couponRemoved", "Coupon Removed", coupon, { discount: 23.32 }),
  row("productAddedToWishlist", "Product Added to Wishlist", wish),
  row("productRemovedFromWishlist", "Product Removed from Wishlist", wish),
  row(
    "wishlistProductAddedToCart",
    "Wishlist Product Added to Cart",
    wish,
    ...inCart,
  ),
  row("productShared", "Product Shared", product, share.given, {
    ...share.properties,
  }),
  row(
    "cartShared",
    "Cart Shared",
    products,
    { cartId: "c1", ...share.given },
    { cart_id: "c1", ...share.properties },
  ),
  row(
    "productReviewed",
    "Product Reviewed",
    none,
    { productId: "507f", reviewId: "v1", reviewBody: "Good", rating: "5" },
    { product_id: "507f", review_id: "v1", review_body: "Good", rating: "5" },
  ),
];
