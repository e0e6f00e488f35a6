import { useEffect, useRef } from "react";
import type { Checkout } from "../state/checkout";
import { CHECKOUT_STEPS, checkoutStepViewed } from "../tracking";

/** Records once per checkout that a step of it was viewed. */
export function useCheckoutStep(
  checkout: Checkout | null,
  step: keyof typeof CHECKOUT_STEPS,
): void {
  const told = useRef<string | null>(null);
  useEffect(() => {
    if (!checkout || told.current === checkout.checkoutId) return;
    told.current = checkout.checkoutId;
    checkoutStepViewed(checkout, CHECKOUT_STEPS[step]);
  }, [checkout, step]);
}
