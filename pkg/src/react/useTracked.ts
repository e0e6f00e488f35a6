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

/** Properties of tracked components, besides those of the element they render. */
export interface TrackedProps {
  /** The name of the event. */
  eventName: string;
  /** The properties of the event, as of the last render. */
  properties?: Properties | undefined;
  /** Whether to track the one element inside, without an element around it. */
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

/** An element's ref. React 19 keeps it in the properties; in React 18, reading it there warns. */
function refOf(child: Child): Ref<unknown> | undefined {
  const { props } = child;
  return Object.keys(props).includes("ref") ? props.ref : child.ref;
}

/**
 * Renders `tag`, or with `asChild` the one child, with the given properties. It records each
 * click before any other handler runs.
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
  // A middle click opens the link in another tab, but fires no `click` event.
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
