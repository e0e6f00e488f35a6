import { type Rule, type Tracker, record, watcher } from "./watcher";

export type { Rule, Tracker };

/** What of an element is observed, and what is recorded when it was seen. */
export interface ObserveOptions extends Rule {
  /** The event's name. */
  event: string;
  /** Its properties, or what makes them when it was seen. */
  properties?: object | (() => object) | undefined;
}

/**
 * The advertising standard for a viewable impression: half of the element, for one second
 * without a break.
 */
export const AD_STANDARD: Readonly<Rule> = {
  threshold: 0.5,
  dwellMs: 1000,
  continuous: true,
  of: "element",
};

/**
 * Records an event when `element` was seen: by default when half of it was visible for one
 * second in all, once in a page view (until the page's path or search changes, or the page comes
 * back from the back/forward cache). A hidden tab stops the time. Returns what ends observing;
 * on a server nothing happens.
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
