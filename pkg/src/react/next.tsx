"use client";
/** The entry `waymark/react/next`: page views of Next.js's app router. */
import { usePathname, useSearchParams } from "next/navigation";
import { type ReactElement, Suspense } from "react";
import { type PageViewsProps, useRouteViews } from "./useRouteViews";

export type { PageViewsProps };

function Views(props: PageViewsProps): null {
  const pathname = usePathname();
  const search = useSearchParams()?.toString();
  const route = search ? `${pathname}?${search}` : pathname;
  useRouteViews(route ?? undefined, props);
  return null;
}

/**
 * Records a page view for each route. Put it once into the root layout, inside
 * `SegmentProvider`. Pages can still be rendered statically.
 *
 * @example
 * <SegmentProvider writeKey="demo-browser-key"><PageViews />{children}</SegmentProvider>
 */
export function PageViews(props: PageViewsProps): ReactElement {
  return (
    <Suspense fallback={null}>
      <Views {...props} />
    </Suspense>
  );
}
