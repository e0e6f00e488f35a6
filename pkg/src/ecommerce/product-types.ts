/**
 * Arguments of the methods for products, lists, promotions and wishlists. Sources: Segment's
 * ecommerce spec v2, sections Browsing, Promotions, Core Ordering, Wishlisting, Sharing, Reviewing.
 */

/** Properties beyond the spec. */
export interface Custom {
  /** Properties of your own, sent with the others under these names. */
  custom?: Record<string, unknown>;
}

/** A product, with the spec's properties that every event may carry. */
export interface Product extends Custom {
  /** The product's id in your database. */
  productId: string;
  /** The stock keeping unit, if it differs from the id. */
  sku?: string | undefined;
  category?: string | undefined;
  name?: string | undefined;
  brand?: string | undefined;
  /** Such as a colour or a size. */
  variant?: string | undefined;
  /** Price of one, in units of the currency (dollars, not cents). */
  price?: number | undefined;
  /** Number of pieces. */
  quantity?: number | undefined;
  /** The code of this product's coupon. */
  coupon?: string | undefined;
  /** Place in the list it was shown in, from 1. */
  position?: number | undefined;
  /** Absolute address of the product's page. */
  url?: string | undefined;
  /** Absolute address of a picture. */
  imageUrl?: string | undefined;
}

/** A product that has a name and a price. */
export interface PricedProduct extends Product {
  name: string;
  price: number;
  /** ISO 4217, such as `EUR`; the tracker's own, else `USD`. */
  currency?: string | undefined;
}

/** A product that is looked at (Core Ordering, "Product Viewed"). */
export interface ViewedProduct extends PricedProduct {
  /** Price times quantity. */
  value?: number | undefined;
}

/** A product on its way into or out of a cart ("Product Added", "Product Removed"). */
export interface CartProduct extends PricedProduct {
  cartId?: string | undefined;
  /** Number of pieces added or removed. */
  quantity: number;
}

/** A product in a wishlist (Wishlisting). */
export interface WishlistProduct extends Product {
  wishlistId?: string | undefined;
  wishlistName?: string | undefined;
}

/** A wishlist product added to a cart ("Wishlist Product Added to Cart"). */
export interface WishlistCartProduct extends WishlistProduct {
  cartId?: string | undefined;
}

/** A search (Browsing, "Products Searched"). */
export interface ProductSearch extends Custom {
  /** The search query. */
  query: string | Record<string, unknown>;
}

/** A list of products (Browsing, "Product List Viewed"). */
export interface ProductList extends Custom {
  listId?: string | undefined;
  category?: string | undefined;
  products: readonly Product[];
}

/** A filter or sort order of a list: the ids of its kind and of the chosen value. */
export interface Choice {
  type: string;
  value: string;
}

/** A list that was filtered or sorted (Browsing, "Product List Filtered"). */
export interface FilteredProductList extends ProductList {
  filters?: readonly Choice[] | undefined;
  sorts?: readonly Choice[] | undefined;
}

/** A promotion in the shop (Promotions). */
export interface Promotion extends Custom {
  promotionId: string;
  creative?: string | undefined;
  name?: string | undefined;
  /** Its place, such as `home_banner_top`. */
  position?: string | undefined;
}

/** How something was shared (Sharing). */
export interface Share {
  /** Such as `email`. */
  shareVia?: string | undefined;
  shareMessage?: string | undefined;
  /** The recipient: personal data, which a shop may leave out. */
  recipient?: string | undefined;
}

/** A product that was shared ("Product Shared"). */
export interface SharedProduct extends Product, Share {}

/** A cart that was shared ("Cart Shared"). */
export interface SharedCart extends Custom, Share {
  cartId?: string | undefined;
  products: readonly Product[];
}

/** A review (Reviewing, "Product Reviewed"). */
export interface ProductReview extends Custom {
  productId: string;
  reviewId?: string | undefined;
  reviewBody?: string | undefined;
  /** A string in the spec. */
  rating?: string | undefined;
}
