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

/** Stands before the page, as effects run in the order of the tree. */
function PageView({ name, category, properties }: TrackedPageProps): null {
  usePageTracking(name, properties, { category });
  return null;
}

/**
 * A page: records its view once, before what the components inside record. Where React keeps
 * it from one page to the next, give it a `key`.
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
