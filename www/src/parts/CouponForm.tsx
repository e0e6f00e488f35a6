import { formText } from "../form-text";
import { useState, type FormEvent } from "react";
import { announce } from "../state/announcements";
import { setCoupon, type Cart } from "../state/cart";
import { checkCoupon } from "../state/coupons";
import {
  couponApplied,
  couponDenied,
  couponEntered,
  couponRemoved,
} from "../tracking";

/** A form for a coupon code, or the coupon already applied to the cart. */
export function CouponForm({ cart }: { cart: Cart }) {
  const [refusal, setRefusal] = useState<string | null>(null);
  const { coupon } = cart;

  const remove = () => {
    if (coupon) couponRemoved(cart, coupon);
    setCoupon(null);
    announce("Coupon removed.");
  };

  const apply = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const typed = formText(event.currentTarget, "coupon");
    const code = typed.trim().toUpperCase();
    if (!code) return;
    couponEntered(cart, code);
    const answer = checkCoupon(code, cart.subtotal);
    if (answer.accepted) {
      couponApplied(cart, answer.coupon);
      setCoupon(answer.coupon.id);
      setRefusal(null);
      announce(`Coupon applied: ${answer.coupon.name}.`);
    } else {
      couponDenied(cart, code, answer.reason);
      setRefusal(answer.reason);
    }
  };

  if (coupon)
    return (
      <div className="coupon-on">
        <p>
          <strong>{coupon.id}</strong> {coupon.name}
        </p>
        <button
          type="button"
          className="text-button"
          aria-label="Remove coupon"
          onClick={remove}
        >
          Remove
        </button>
      </div>
    );

  return (
    <form className="coupon" onSubmit={apply}>
      <label htmlFor="coupon">Coupon code</label>
      <div className="coupon-row">
        <input
          id="coupon"
          name="coupon"
          autoComplete="off"
          autoCapitalize="characters"
          aria-describedby="coupon-note"
          aria-invalid={refusal !== null}
        />
        <button type="submit" className="button" aria-label="Apply coupon">
          Apply
        </button>
      </div>
      <p
        id="coupon-note"
        className={refusal ? "field-error" : "field-hint"}
        role={refusal ? "alert" : undefined}
      >
        {refusal ?? "Try TRAIL10."}
      </p>
    </form>
  );
}
