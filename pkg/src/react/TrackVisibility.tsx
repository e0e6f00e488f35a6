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
  /** The share that has to be visible, 0 to 1: 0.5 by default. */
  threshold?: number | undefined;
  /** Milliseconds that it has to be visible, in all: none by default. */
  dwellMs?: number | undefined;
  /** Whether it counts once in a page view (the default), or each time it comes into view. */
  once?: boolean | undefined;
}

/** Properties of {@link TrackVisibility}: its own, and all of the element it is. */
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
 * An element that records when it was seen.
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
