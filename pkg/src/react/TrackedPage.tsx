import type { ReactElement, ReactNode } from "react";
import type { Properties } from "./segment-client";
import { usePageTracking } from "./usePageTracking";

/** Properties of {@link TrackedPage}. */
export interface TrackedPageProps {
  name: string;
  category?: string | undefined;
  properties?: Properties | undefined;
  children?: ReactNode;
}

/** Comes before the page's children, because effects run in the order of the tree. */
function PageView({ name, category, properties }: TrackedPageProps): null {
  usePageTracking(name, properties, { category });
  return null;
}

/**
 * A page that records its view once, before the components inside record anything. If React
 * reuses it for another page, give it a `key`.
 *
 * @example
 * <TrackedPage key={id} name="Product" category="Catalog"><Product id={id} /></TrackedPage>
 */
export function TrackedPage({
  children,
  ...page
}: TrackedPageProps): ReactElement {
  return (
    <>
      <PageView {...page} />
      {children}
    </>
  );
}
