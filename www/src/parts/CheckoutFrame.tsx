import type { ReactNode } from "react";
import { Link } from "react-router";
import { formatMoney } from "../catalog/money";
import type { Cart } from "../state/cart";
import { shippingPrice, taxOn, type ShippingMethodId } from "../state/checkout";
import { Sums } from "./Sums";

const STEPS = ["Shipping", "Payment"] as const;

/** A step of the checkout beside a summary of the cart. */
export function CheckoutFrame({
  step,
  cart,
  shippingMethod,
  children,
}: {
  step: (typeof STEPS)[number];
  cart: Cart;
  shippingMethod: ShippingMethodId;
  children: ReactNode;
}) {
  const goods = cart.subtotal - cart.discount;
  const shipping = shippingPrice(shippingMethod, goods);
  const tax = taxOn(goods);
  return (
    <div className="page">
      <title>{`${step} | Cairn & Co.`}</title>
      <ol className="steps" aria-label="Checkout steps">
        <li>
          <Link to="/cart">Cart</Link>
        </li>
        {STEPS.map((name) => (
          <li key={name} aria-current={name === step ? "step" : undefined}>
            {name === "Shipping" && step === "Payment" ? (
              <Link to="/checkout">{name}</Link>
            ) : (
              name
            )}
          </li>
        ))}
      </ol>
      <div className="checkout">
        {children}
        <section className="panel" aria-label="Order summary">
          <h2>Your order</h2>
          <ul className="mini-lines">
            {cart.lines.map(({ product, variant, quantity }) => (
              <li key={variant.sku}>
                <span>
                  {quantity} × {product.name}
                  <span className="soft"> {variant.name}</span>
                </span>
                <span>{formatMoney(variant.price * quantity)}</span>
              </li>
            ))}
          </ul>
          <Sums
            subtotal={cart.subtotal}
            discount={cart.discount}
            coupon={cart.coupon?.id}
            shipping={shipping}
            tax={tax}
            total={goods + shipping + tax}
          />
        </section>
      </div>
    </div>
  );
}
