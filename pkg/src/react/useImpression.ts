import { type RefCallback, useInsertionEffect, useMemo, useRef } from "react";
import type { Rule } from "../insight/observe";
import type { Properties, SegmentClient } from "./segment-client";
import { useConnection } from "./segment-context";

/** What {@link useImpression} records, and when an element counts as seen. */
export interface ImpressionOptions extends Rule {
  /** The event's properties, as they are when it was seen. */
  properties?: Properties | undefined;
}

/** Observes once the chunk for it is there; returns what ends that. */
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
 * A ref for the element whose being seen is recorded: half of it for one second in all, once in
 * a page view, unless the options say otherwise.
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
  }, [client, event, threshold, dwellMs, once, continuous, of]);
}
