import type { Cents } from "../catalog/money";
import { findProduct, type Product, type Variant } from "../catalog/products";
import { findCoupon, type Coupon } from "./coupons";
import { isRecord } from "./record";
import { randomHex } from "./randomHex";
import { openStore } from "./store";

/** The most of one variant that a cart takes. */
export const QUANTITY_MAX = 20;

type StoredLine = { productId: string; sku: string; quantity: number };
type StoredCart = {
  id: string;
  lines: readonly StoredLine[];
  couponId: string | null;
};

/** One variant in the cart. */
export type CartLine = { product: Product; variant: Variant; quantity: number };

/** The cart's products, with their sums. */
export type Cart = {
  id: string;
  lines: readonly CartLine[];
  coupon: Coupon | undefined;
  count: number;
  subtotal: Cents;
  discount: Cents;
};

const emptyCart = (): StoredCart => ({
  id: `cart_${randomHex()}`,
  lines: [],
  couponId: null,
});

/** The cart as stored in the browser; `readCart` resolves its products. */
export const cartStore = openStore<StoredCart>("cairn.cart", (found) => {
  if (!isRecord(found) || typeof found.id !== "string") return emptyCart();
  const lines = Array.isArray(found.lines) ? found.lines : [];
  return {
    id: found.id,
    lines: lines.filter(isStoredLine),
    couponId: typeof found.couponId === "string" ? found.couponId : null,
  };
});

function isStoredLine(line: unknown): line is StoredLine {
  return (
    isRecord(line) &&
    typeof line.productId === "string" &&
    typeof line.sku === "string" &&
    Number.isInteger(line.quantity) &&
    Number(line.quantity) > 0
  );
}

/** Resolves a stored cart. Lines of products no longer sold are left out. */
export function readCart(stored: StoredCart): Cart {
  const lines = stored.lines.flatMap(({ productId, sku, quantity }) => {
    const product = findProduct(productId);
    const variant = product?.variants.find((one) => one.sku === sku);
    return product && variant ? [{ product, variant, quantity }] : [];
  });
  const subtotal = lines.reduce(
    (sum, { variant, quantity }) => sum + variant.price * quantity,
    0,
  );
  const found = findCoupon(stored.couponId);
  const coupon = found && subtotal >= found.minimum ? found : undefined;
  return {
    id: stored.id,
    lines,
    coupon,
    count: lines.reduce((sum, { quantity }) => sum + quantity, 0),
    subtotal,
    discount: Math.min(subtotal, coupon?.discount(subtotal) ?? 0),
  };
}

/**
 * Changes the quantity of a variant in the cart by `change`, which may be negative, and returns
 * the actual change: a cart takes 0 to `QUANTITY_MAX` of each variant.
 */
export function changeQuantity(
  product: Product,
  variant: Variant,
  change: number,
): number {
  const cart = cartStore.get();
  const before =
    cart.lines.find(({ sku }) => sku === variant.sku)?.quantity ?? 0;
  const quantity = Math.max(0, Math.min(QUANTITY_MAX, before + change));
  const line = { productId: product.id, sku: variant.sku, quantity };
  const kept = cart.lines.map((one) => (one.sku === variant.sku ? line : one));
  const lines = before === 0 ? [...kept, line] : kept;
  cartStore.set({ ...cart, lines: lines.filter((one) => one.quantity > 0) });
  return quantity - before;
}

/** Applies a coupon to the cart; `null` removes it. */
export function setCoupon(couponId: string | null): void {
  cartStore.set({ ...cartStore.get(), couponId });
}

/** Starts an empty cart with a new id. */
export function emptyTheCart(): void {
  cartStore.set(emptyCart());
}
