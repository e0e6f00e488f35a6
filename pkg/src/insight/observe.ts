import { type Rule, type Tracker, record, watcher } from "./watcher";

export type { Rule, Tracker };

/** When an element counts as seen, and the event to record then. */
export interface ObserveOptions extends Rule {
  /** The event's name. */
  event: string;
  /** The event's properties, or a function that makes them when the element counts as seen. */
  properties?: object | (() => object) | undefined;
}

/**
 * The advertising industry's standard for a viewable impression: half of the element, for one
 * second without a break.
 */
export const AD_STANDARD: Readonly<Rule> = {
  threshold: 0.5,
  dwellMs: 1000,
  continuous: true,
  of: "element",
};

/**
 * Records an event when `element` has been seen: by default when half of it was visible for one
 * second in total, and once per page view. A page view ends when the page's path or search
 * changes, or when the page comes back from the back/forward cache. A hidden tab stops the time.
 * Returns a function that ends observing. On a server it does nothing.
 */
export function observe(
  analytics: Tracker,
  element: Element,
  options: ObserveOptions,
): () => void {
  const { event, properties, ...rule } = options;
  const made = () =>
    typeof properties === "function" ? properties() : properties;
  return watcher(analytics).watch(element, rule, () =>
    record(analytics, event, () => [{ ...made() }]),
  );
}
