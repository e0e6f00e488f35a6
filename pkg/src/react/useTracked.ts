import {
  cloneElement,
  createElement,
  type ElementType,
  type ForwardedRef,
  isValidElement,
  type MouseEvent,
  type ReactElement,
  type ReactNode,
  type Ref,
  useMemo,
} from "react";
import { mergeRefs } from "./merge-refs";
import type { Properties } from "./segment-client";
import { useConnection } from "./segment-context";

/** What tracked components know beside the properties of what they render. */
export interface TrackedProps {
  /** The name of the event. */
  eventName: string;
  /** Its properties, as they are when it happens. */
  properties?: Properties | undefined;
  /** Tracks the one element inside, which is rendered as it is, instead of an element around it. */
  asChild?: boolean | undefined;
  children?: ReactNode;
}

type Handler = ((event: MouseEvent<HTMLElement>) => void) | undefined;
interface Clickable extends Record<string, unknown> {
  onClick?: Handler;
  onAuxClick?: Handler;
  className?: string | undefined;
}
type Child = ReactElement<Clickable & { ref?: Ref<unknown> }> & {
  ref?: Ref<unknown>;
};

/** Calls `handlers` in order. */
const inTurn =
  (...handlers: Handler[]): Handler =>
  (event) =>
    handlers.forEach((handler) => handler?.(event));

/** The ref of an element: React 19 has it among the properties, where 18 only has a warning. */
function refOf(child: Child): Ref<unknown> | undefined {
  const { props } = child;
  return Object.keys(props).includes("ref") ? props.ref : child.ref;
}

/**
 * Renders `tag`, or what stands in for it, with all that it is given, and records each click
 * before anything else hears of it.
 */
export function useTracked(
  tag: ElementType,
  { asChild, eventName, properties, children, ...given }: TrackedProps,
  ref: ForwardedRef<unknown>,
  describe?: (event: MouseEvent<HTMLElement>) => Properties,
): ReactElement {
  const { calls } = useConnection();
  const track = (event: MouseEvent<HTMLElement>) =>
    calls.track(eventName, { ...describe?.(event), ...properties });
  // A middle click opens a link in another tab, and is no `click` event.
  const trackMiddle = (event: MouseEvent<HTMLElement>) => {
    if (event.button === 1) track(event);
  };
  const child =
    asChild && isValidElement(children) ? (children as Child) : undefined;
  const inner = child && refOf(child);
  const merged = useMemo(
    () => mergeRefs(ref ?? undefined, inner ?? undefined),
    [ref, inner],
  );

  const own: Clickable = { ...given };
  const its: Clickable = child?.props ?? {};
  const props: Clickable = {
    ...own,
    ...its,
    onClick: inTurn(track, its.onClick, own.onClick),
  };
  if (describe) {
    props.onAuxClick = inTurn(trackMiddle, its.onAuxClick, own.onAuxClick);
  }
  const names = [own.className, its.className].filter(Boolean);
  if (names.length > 0) props.className = names.join(" ");
  if (merged) props.ref = merged;
  return child
    ? cloneElement(child, props)
    : createElement(tag, props, children);
}
