import { useLocation, useMatches } from "react-router";
import { usePageTracking } from "waymark/react";
import type { PageHandle } from "../routes";

/**
 * Records one page event for each path the visitor opens. A search or filter changes only the
 * query, so it is not a new page. This component precedes the page in the tree, so its effect
 * runs first and the page event comes before the page's own events.
 */
export function RouteTracker() {
  const { pathname } = useLocation();
  const handle = useMatches().at(-1)?.handle as PageHandle | undefined;
  usePageTracking(
    handle?.name,
    {},
    { category: handle?.category, key: pathname },
  );
  return null;
}
