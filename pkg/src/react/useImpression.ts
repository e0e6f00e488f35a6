import { type RefCallback, useInsertionEffect, useMemo, useRef } from "react";
import type { Rule } from "../insight/observe";
import type { Properties, SegmentClient } from "./segment-client";
import { useConnection } from "./segment-context";

/** The options of {@link useImpression}: when an element counts as seen, and the properties. */
export interface ImpressionOptions extends Rule {
  /** The event's properties, read when the element counts as seen. */
  properties?: Properties | undefined;
}

/** Loads the chunk and then observes the element. Returns a function that ends it. */
function observeSoon(
  client: SegmentClient,
  element: Element,
  event: string,
  rule: Rule,
  properties: () => Properties,
): () => void {
  let ended = false;
  let end = () => {
    ended = true;
  };
  import("../insight/observe").then(
    ({ observe }) => {
      if (ended) return;
      end = observe(client, element, { ...rule, event, properties });
    },
    (error) => console.warn("waymark: impressions are not counted:", error),
  );
  return () => end();
}

/**
 * A ref for an element: records an event when it has been seen. By default half of the element
 * must be visible for one second in total, and it counts once per page view.
 *
 * @example
 * const tile = useImpression("Promotion Viewed", { properties: { promotion_id: "spring" } });
 */
export function useImpression<T extends Element = HTMLElement>(
  event: string,
  { properties, ...rule }: ImpressionOptions = {},
): RefCallback<T> {
  const { client } = useConnection();
  const latest = useRef(properties);
  useInsertionEffect(() => {
    latest.current = properties;
  });
  const { threshold, dwellMs, once, continuous, of } = rule;
  return useMemo(() => {
    let end: (() => void) | undefined;
    return (node) => {
      end?.();
      end = undefined;
      if (!node || !client) return;
      const now = () => ({ ...latest.current });
      end = observeSoon(client, node, event, rule, now);
    };
    // eslint-disable-next-line react-hooks/exhaustive-deps -- `rule` is a new object each time
  }, [client, event, threshold, dwellMs, once, continuous, of]);
}
