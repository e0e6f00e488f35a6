import { useState, type FormEvent } from "react";
import { useNavigate } from "react-router";
import { formatMoney, type Cents } from "../catalog/money";
import { CheckoutFrame } from "../parts/CheckoutFrame";
import { Field } from "../parts/Field";
import { useCheckoutStep } from "../parts/useCheckoutStep";
import { cartStore, readCart } from "../state/cart";
import {
  SHIPPING_METHODS,
  checkoutStore,
  shippingPrice,
  type ShippingMethodId,
} from "../state/checkout";
import { sessionStore } from "../state/session";
import { useStore } from "../state/store";
import { CHECKOUT_STEPS, checkoutStepCompleted } from "../tracking";

/** The first checkout step: address and shipping method. The address stays in the form. */
export function ShippingPage() {
  const cart = readCart(useStore(cartStore));
  const checkout = useStore(checkoutStore);
  const session = useStore(sessionStore);
  const navigate = useNavigate();
  const [method, setMethod] = useState<ShippingMethodId>(
    checkout?.shippingMethod ?? "standard",
  );
  useCheckoutStep(checkout, "shipping");
  if (!checkout) return null;

  const proceed = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const next = { ...checkout, shippingMethod: method };
    checkoutStore.set(next);
    checkoutStepCompleted(next, CHECKOUT_STEPS.shipping);
    void navigate("/checkout/payment");
  };

  return (
    <CheckoutFrame step="Shipping" cart={cart} shippingMethod={method}>
      <form className="sheet" onSubmit={proceed}>
        <h1>Where shall we send it?</h1>
        <div className="fields">
          <Field
            label="E-mail"
            type="email"
            autoComplete="email"
            defaultValue={session?.email}
          />
          <Field
            label="Full name"
            autoComplete="name"
            defaultValue={session?.name}
          />
          <Field label="Street and number" autoComplete="street-address" />
          <div className="field-pair">
            <Field label="Postcode" autoComplete="postal-code" />
            <Field label="Town" autoComplete="address-level2" />
          </div>
        </div>
        <ShippingMethods
          goods={cart.subtotal - cart.discount}
          chosen={method}
          onChoose={setMethod}
        />
        <button type="submit" className="button button-main">
          Continue to payment
        </button>
      </form>
    </CheckoutFrame>
  );
}

function ShippingMethods({
  goods,
  chosen,
  onChoose,
}: {
  goods: Cents;
  chosen: ShippingMethodId;
  onChoose: (method: ShippingMethodId) => void;
}) {
  return (
    <fieldset className="methods">
      <legend>Shipping method</legend>
      {SHIPPING_METHODS.map(({ id, name, line }) => {
        const price = shippingPrice(id, goods);
        return (
          <label key={id} className="method">
            <input
              type="radio"
              name="method"
              value={id}
              checked={chosen === id}
              onChange={() => onChoose(id)}
            />
            <span className="method-text">
              <strong>{name}</strong>
              <span className="soft">{line}</span>
            </span>
            <span>{price === 0 ? "Free" : formatMoney(price)}</span>
          </label>
        );
      })}
    </fieldset>
  );
}
