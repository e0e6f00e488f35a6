"use client";
/** The entry `waymark/react/next-pages`: page views of Next.js's pages router. */
// With `.js`: the pages router leaves packages to Node.js, which needs the extension.
import { useRouter } from "next/router.js";
import { type PageViewsProps, useRouteViews } from "./useRouteViews";

export type { PageViewsProps };

/**
 * Records a page view for each route. Put it once into `_app`, inside `SegmentProvider`.
 *
 * @example
 * <SegmentProvider writeKey="demo-browser-key">
 *   <PageViews />
 *   <Component {...pageProps} />
 * </SegmentProvider>
 */
export function PageViews(props: PageViewsProps): null {
  const { asPath, isReady } = useRouter();
  // Until the router is ready, a route with parameters is not yet the page's address.
  useRouteViews(isReady ? asPath.split("#")[0] : undefined, props);
  return null;
}
