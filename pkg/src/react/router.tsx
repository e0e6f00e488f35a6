"use client";
/** `waymark/react/router`: page views of React Router 6 and later. */
import { useLocation } from "react-router";
import { type PageViewsProps, useRouteViews } from "./useRouteViews";

export type { PageViewsProps };

/**
 * Records a page view for each route: stands once inside of the router and of
 * `SegmentProvider`, as in the root route's element.
 *
 * @example
 * <SegmentProvider writeKey="demo-browser-key"><PageViews /><Outlet /></SegmentProvider>
 */
export function PageViews(props: PageViewsProps): null {
  const { pathname, search } = useLocation();
  useRouteViews(pathname + search, props);
  return null;
}
