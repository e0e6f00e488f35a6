/** Loaders that redirect a visitor before a page they cannot use is opened and counted. */
import { replace } from "react-router";
import { cartStore, readCart } from "./state/cart";
import { checkoutStore } from "./state/checkout";
import { sessionStore } from "./state/session";

/** Needs a checkout in progress and a cart that is not empty. */
export function needsCheckout(): Response | null {
  const ready = checkoutStore.get() && readCart(cartStore.get()).count > 0;
  return ready ? null : replace("/cart");
}

/** Needs the first step of the checkout to be done. */
export function needsShipping(): Response | null {
  const elsewhere = needsCheckout();
  if (elsewhere) return elsewhere;
  return checkoutStore.get()?.shippingMethod ? null : replace("/checkout");
}

/** Needs a signed-in visitor. */
export function needsSession(): Response | null {
  return sessionStore.get() ? null : replace("/sign-in");
}

/** Needs a visitor who is not signed in. */
export function needsGuest(): Response | null {
  return sessionStore.get() ? replace("/account") : null;
}
