"use client";
/** The entry `waymark/react/router`: page views of React Router 6 and later. */
import { useLocation } from "react-router";
import { type PageViewsProps, useRouteViews } from "./useRouteViews";

export type { PageViewsProps };

/**
 * Records a page view for each route. Put it once inside both the router and `SegmentProvider`,
 * for example into the root route's element.
 *
 * @example
 * <SegmentProvider writeKey="demo-browser-key"><PageViews /><Outlet /></SegmentProvider>
 */
export function PageViews(props: PageViewsProps): null {
  const { pathname, search } = useLocation();
  useRouteViews(pathname + search, props);
  return null;
}
