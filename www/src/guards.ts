/** Loaders that send a visitor elsewhere before a page they cannot use is opened (and counted). */
import { replace } from "react-router";
import { cartStore, readCart } from "./state/cart";
import { checkoutStore } from "./state/checkout";
import { sessionStore } from "./state/session";

/** There is something to buy, and a checkout under way. */
export function needsCheckout(): Response | null {
  const ready = checkoutStore.get() && readCart(cartStore.get()).count > 0;
  return ready ? null : replace("/cart");
}

/** As above, and the first step is done. */
export function needsShipping(): Response | null {
  const elsewhere = needsCheckout();
  if (elsewhere) return elsewhere;
  return checkoutStore.get()?.shippingMethod ? null : replace("/checkout");
}

/** Somebody is signed in. */
export function needsSession(): Response | null {
  return sessionStore.get() ? null : replace("/sign-in");
}

/** Nobody is signed in yet. */
export function needsGuest(): Response | null {
  return sessionStore.get() ? replace("/account") : null;
}
