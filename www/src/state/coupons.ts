import { formatMoney, type Cents } from "../catalog/money";

/** A code that lowers the price. */
export type Coupon = {
  id: string;
  name: string;
  /** What it takes off a subtotal. */
  discount: (subtotal: Cents) => Cents;
  /** The least subtotal it is given for. */
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

/** The coupon kept under this id. */
export function findCoupon(id: string | null): Coupon | undefined {
  return COUPONS.find((coupon) => coupon.id === id);
}

/** Checks a code as typed against a subtotal; the reason is a sentence for people. */
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
