import { useCallback, useInsertionEffect, useRef } from "react";
import { isEvent } from "./is-event";
import type { Properties } from "./segment-client";
import { useConnection } from "./segment-context";

/**
 * A function that records a click, with the properties of the last render and any it is called
 * with. It stays the same function while the event's name does, and can be used as a handler.
 *
 * @example
 * const onClick = useTrackClick("Size Guide Opened", { product_id: "p1" });
 */
export function useTrackClick(
  eventName: string,
  properties?: Properties,
): (additionalProps?: Properties) => void {
  const { calls } = useConnection();
  const latest = useRef(properties);
  useInsertionEffect(() => {
    latest.current = properties;
  });
  return useCallback(
    (additional) => {
      const more = isEvent(additional) ? undefined : additional;
      calls.track(eventName, { ...latest.current, ...more });
    },
    [calls, eventName],
  );
}
