"use client";
/** `waymark/react/next-pages`: page views of Next.js's pages router. */
// With its ending: the pages router leaves packages to Node.js, which wants it.
import { useRouter } from "next/router.js";
import { type PageViewsProps, useRouteViews } from "./useRouteViews";

export type { PageViewsProps };

/**
 * Records a page view for each route: stands once in `_app`, inside of `SegmentProvider`.
 *
 * @example
 * <SegmentProvider writeKey="demo-browser-key"><PageViews /><Component {...pageProps} /></SegmentProvider>
 */
export function PageViews(props: PageViewsProps): null {
  const { asPath, isReady } = useRouter();
  // Before it is ready a route with parameters is not the one of the address.
  useRouteViews(isReady ? asPath.split("#")[0] : undefined, props);
  return null;
}
