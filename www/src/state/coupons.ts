import { formatMoney, type Cents } from "../catalog/money";

/** A code that lowers the price. */
export type Coupon = {
  id: string;
  name: string;
  /** The discount on a subtotal. */
  discount: (subtotal: Cents) => Cents;
  /** The lowest subtotal it is valid for. */
  minimum: Cents;
};

const COUPONS: readonly Coupon[] = [
  {
    id: "TRAIL10",
    name: "10 % off everything",
    discount: (subtotal) => Math.round(subtotal / 10),
    minimum: 0,
  },
  {
    id: "SUMMIT25",
    name: "$25 off from $200",
    discount: () => 2500,
    minimum: 20000,
  },
];

export type CouponAnswer =
  { accepted: true; coupon: Coupon } | { accepted: false; reason: string };

/** The coupon with this id. */
export function findCoupon(id: string | null): Coupon | undefined {
  return COUPONS.find((coupon) => coupon.id === id);
}

/** Checks a typed code for a cart with this subtotal. The reason is a sentence to show. */
export function checkCoupon(code: string, subtotal: Cents): CouponAnswer {
  const coupon = findCoupon(code.trim().toUpperCase());
  if (!coupon) return { accepted: false, reason: "This code is not known." };
  if (subtotal < coupon.minimum)
    return {
      accepted: false,
      reason: `This code needs a cart of at least ${formatMoney(coupon.minimum)}.`,
    };
  return { accepted: true, coupon };
}
