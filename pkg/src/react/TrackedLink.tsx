import {
  type ComponentPropsWithRef,
  type ElementType,
  forwardRef,
  type ReactElement,
} from "react";
import { type TrackedProps, useTracked } from "./useTracked";

/** Properties of {@link TrackedLink}: its own, and all of the element it renders. */
export type TrackedLinkProps<As extends ElementType = "a"> = TrackedProps & {
  as?: As | undefined;
} & Omit<ComponentPropsWithRef<As>, keyof TrackedProps | "as">;

/** The type of {@link TrackedLink}. */
export interface TrackedLinkComponent {
  <As extends ElementType = "a">(
    props: TrackedLinkProps<As>,
  ): ReactElement | null;
}

/**
 * A link that records its clicks, with its address as `link_url`. It does not delay the click:
 * the browser, or the router's own link (`as`, `asChild`), follows it as usual, and the event
 * survives the page.
 *
 * @example
 * <TrackedLink as={Link} to="/sale" eventName="Promotion Clicked">Sale</TrackedLink>
 */
export const TrackedLink: TrackedLinkComponent = /* @__PURE__ */ forwardRef<
  unknown,
  TrackedLinkProps<ElementType>
>(function TrackedLink({ as = "a", ...props }, ref) {
  const { href } = props as { href?: unknown };
  return useTracked(as, props as TrackedProps, ref, ({ currentTarget }) => {
    const url = typeof href === "string" ? href : undefined;
    return { link_url: url ?? currentTarget.getAttribute("href") };
  });
}) as TrackedLinkComponent;
