import type { AnalyticsBrowser } from "../front/analytics-browser";
import type { SegmentClient } from "./segment-client";
import { useConnection } from "./segment-context";

/**
 * The provider's client itself, for what `useSegment` has not, such as `consent`. Undefined on a
 * server and without a provider.
 *
 * @example
 * const analytics = useAnalytics();
 * const agree = () => analytics?.consent?.update({ analytics: true });
 */
export function useAnalytics<C extends SegmentClient = AnalyticsBrowser>():
  C | undefined {
  return useConnection().client as C | undefined;
}
