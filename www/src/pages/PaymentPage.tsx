import type { FormEvent } from "react";
import { useNavigate } from "react-router";
import { CheckoutFrame } from "../parts/CheckoutFrame";
import { Field } from "../parts/Field";
import { useCheckoutStep } from "../parts/useCheckoutStep";
import { cartStore, emptyTheCart, readCart } from "../state/cart";
import { checkoutStore } from "../state/checkout";
import { placeOrder } from "../state/orders";
import { useStore } from "../state/store";
import {
  CHECKOUT_STEPS,
  checkoutStepCompleted,
  orderCompleted,
  paymentInfoEntered,
} from "../tracking";

/**
 * The second checkout step: payment. Neither the shop nor analytics reads, stores or sends the
 * card's fields.
 */
export function PaymentPage() {
  const cart = readCart(useStore(cartStore));
  const checkout = useStore(checkoutStore);
  const navigate = useNavigate();
  const method = checkout?.shippingMethod ?? null;
  useCheckoutStep(checkout, "payment");
  if (!checkout || !method) return null;

  const buy = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    // One checkout makes one order: it may already be placed, here or in another tab.
    if (checkoutStore.get()?.orderId !== checkout.orderId) return;
    paymentInfoEntered(checkout);
    checkoutStepCompleted(checkout, CHECKOUT_STEPS.payment);
    const order = placeOrder(cart, checkout, method);
    orderCompleted(order, cart, checkout);
    checkoutStore.set(null);
    emptyTheCart();
    void navigate(`/orders/${order.orderId}`, { replace: true });
  };

  return (
    <CheckoutFrame step="Payment" cart={cart} shippingMethod={method}>
      <form className="sheet" onSubmit={buy} autoComplete="off">
        <h1>How would you like to pay?</h1>
        <p className="demo-note">
          This is a demo: type anything. What you type here is not read, kept or
          sent.
        </p>
        <div className="fields">
          <Field label="Name on card" autoComplete="off" />
          <Field label="Card number" inputMode="numeric" autoComplete="off" />
          <div className="field-pair">
            <Field label="Expiry date" placeholder="MM / YY" />
            <Field label="Security code" inputMode="numeric" maxLength={4} />
          </div>
        </div>
        <button type="submit" className="button button-main">
          Place order
        </button>
      </form>
    </CheckoutFrame>
  );
}
