import {
  type ComponentPropsWithRef,
  type ElementType,
  forwardRef,
  type ReactElement,
} from "react";
import { type TrackedProps, useTracked } from "./useTracked";

/** Properties of {@link TrackedButton}: its own, and all of the element it renders. */
export type TrackedButtonProps<As extends ElementType = "button"> =
  TrackedProps & { as?: As | undefined } & Omit<
      ComponentPropsWithRef<As>,
      keyof TrackedProps | "as"
    >;

/** The type of {@link TrackedButton}. */
export interface TrackedButtonComponent {
  <As extends ElementType = "button">(
    props: TrackedButtonProps<As>,
  ): ReactElement | null;
}

/**
 * A button that records its clicks, before `onClick` is called.
 *
 * @example
 * <TrackedButton eventName="Wishlist Opened" onClick={open}>Wishlist</TrackedButton>
 */
export const TrackedButton: TrackedButtonComponent = /* @__PURE__ */ forwardRef<
  unknown,
  TrackedButtonProps<ElementType>
>(function TrackedButton({ as = "button", ...props }, ref) {
  return useTracked(as, props as TrackedProps, ref);
}) as TrackedButtonComponent;
