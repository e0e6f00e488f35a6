import { useLocation, useMatches } from "react-router";
import { usePageTracking } from "waymark/react";
import type { PageHandle } from "../routes";

/**
 * Sends one page event for each path the visitor comes to: a search or filter changes the
 * address but not the page. It stands before the page in the tree, so its effect runs first
 * and the page's own events follow the page event.
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
