import { useEffect, useRef } from "react";
import { Link, useNavigate } from "react-router";
import { formatMoney } from "../catalog/money";
import { productPath } from "../catalog/products";
import { CouponForm } from "../parts/CouponForm";
import { ProductArt } from "../parts/ProductArt";
import { QuantityStepper } from "../parts/QuantityStepper";
import { Sums } from "../parts/Sums";
import { announce } from "../state/announcements";
import {
  cartStore,
  changeQuantity,
  readCart,
  type Cart,
  type CartLine,
} from "../state/cart";
import { beginCheckout } from "../state/checkout";
import { useStore } from "../state/store";
import {
  cartViewed,
  checkoutStarted,
  productAdded,
  productRemoved,
} from "../tracking";

/** The cart, with the button that starts the checkout. */
export function CartPage() {
  const cart = readCart(useStore(cartStore));
  const told = useRef(false);
  useEffect(() => {
    if (told.current) return;
    told.current = true;
    cartViewed(readCart(cartStore.get()));
  }, []);

  return (
    <div className="page">
      <title>Cart | Cairn & Co.</title>
      <h1>Your cart</h1>
      {cart.lines.length === 0 ? (
        <div className="notice">
          <h2>Light is right, but this is empty</h2>
          <p>Find something worth carrying.</p>
          <Link to="/products" className="button button-main">
            Shop all gear
          </Link>
        </div>
      ) : (
        <div className="cart">
          <ul className="lines" aria-label="Products in your cart">
            {cart.lines.map((line) => (
              <li key={line.variant.sku}>
                <Line cartId={cart.id} line={line} />
              </li>
            ))}
          </ul>
          <CartAside cart={cart} />
        </div>
      )}
    </div>
  );
}

function Line({ cartId, line }: { cartId: string; line: CartLine }) {
  const { product, variant, quantity } = line;
  const name = `${product.name}, ${variant.name}`;

  const change = (wanted: number) => {
    const changed = changeQuantity(product, variant, wanted);
    if (changed > 0) productAdded(cartId, { ...line, quantity: changed });
    if (changed < 0) productRemoved(cartId, { ...line, quantity: -changed });
    const left = quantity + changed;
    announce(
      left === 0 ? `${name} removed from cart.` : `${left} × ${name} in cart.`,
    );
  };

  return (
    <article className="line">
      <ProductArt product={product} variant={variant} />
      <div className="line-text">
        <h2>
          <Link to={productPath(product)}>{product.name}</Link>
        </h2>
        <p className="soft">
          {variant.name} · {formatMoney(variant.price)} each
        </p>
      </div>
      <p className="line-price">{formatMoney(variant.price * quantity)}</p>
      <div className="line-actions">
        <QuantityStepper
          name={name}
          quantity={quantity}
          minimum={1}
          onChange={change}
        />
        <button
          type="button"
          className="text-button"
          aria-label={`Remove ${name}`}
          onClick={() => change(-quantity)}
        >
          Remove
        </button>
      </div>
    </article>
  );
}

function CartAside({ cart }: { cart: Cart }) {
  const navigate = useNavigate();
  const start = () => {
    checkoutStarted(cart, beginCheckout());
    void navigate("/checkout");
  };
  return (
    <section className="panel" aria-label="Summary">
      <h2>Summary</h2>
      <CouponForm cart={cart} />
      <Sums
        subtotal={cart.subtotal}
        discount={cart.discount}
        coupon={cart.coupon?.id}
        total={cart.subtotal - cart.discount}
      />
      <p className="soft small">Shipping and sales tax come at the checkout.</p>
      <button
        type="button"
        className="button button-main button-wide"
        onClick={start}
      >
        Checkout
      </button>
    </section>
  );
}
