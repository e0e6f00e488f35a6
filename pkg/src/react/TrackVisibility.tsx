import {
  type ComponentPropsWithRef,
  createElement,
  type ElementType,
  forwardRef,
  type ReactElement,
  type RefCallback,
  useMemo,
} from "react";
import { mergeRefs } from "./merge-refs";
import type { TrackedProps } from "./useTracked";
import { useImpression } from "./useImpression";

interface Own extends Omit<TrackedProps, "asChild"> {
  /** The share that must be visible, 0 to 1. 0.5 by default. */
  threshold?: number | undefined;
  /** Milliseconds it must be visible in total. 0 by default. */
  dwellMs?: number | undefined;
  /** Whether it counts once per page view (the default), or each time it comes into view. */
  once?: boolean | undefined;
}

/** Properties of {@link TrackVisibility}: its own, and all of the element it renders. */
export type TrackVisibilityProps<As extends ElementType = "div"> = Own & {
  as?: As | undefined;
} & Omit<ComponentPropsWithRef<As>, keyof Own | "as">;

/** The type of {@link TrackVisibility}. */
export interface TrackVisibilityComponent {
  <As extends ElementType = "div">(
    props: TrackVisibilityProps<As>,
  ): ReactElement | null;
}

/**
 * An element that records an event when it has been seen.
 *
 * @example
 * <TrackVisibility eventName="Promotion Viewed" dwellMs={1000}><Banner /></TrackVisibility>
 */
export const TrackVisibility: TrackVisibilityComponent =
  /* @__PURE__ */ forwardRef<unknown, TrackVisibilityProps<ElementType>>(
    function TrackVisibility({ as = "div", ...props }, ref) {
      const { eventName, properties, threshold, dwellMs, once, ...rest } =
        props as Own;
      const rule = { threshold, dwellMs: dwellMs ?? 0, once };
      const seen = useImpression(eventName, { properties, ...rule });
      const merged = useMemo(
        () => mergeRefs(ref ?? undefined, seen as RefCallback<unknown>),
        [ref, seen],
      );
      return createElement(as, { ...rest, ref: merged });
    },
  ) as TrackVisibilityComponent;
