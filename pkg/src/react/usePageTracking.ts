import { useEffect, useRef } from "react";
import type { Properties } from "./segment-client";
import { useConnection } from "./segment-context";

/** More about the page of {@link usePageTracking}. */
export interface PageTrackingOptions {
  /** The page's category. */
  category?: string | undefined;
  /**
   * What else makes it another page, where the component stays mounted from one to the next:
   * a product's id, or the path.
   */
  key?: string | number | undefined;
}

/**
 * Records one page view when the component is mounted, and another when the name, category or
 * key changes. Other properties of the same page record nothing, nor do effects that React runs
 * twice. Without a name there is no page yet.
 *
 * @example
 * usePageTracking("Product", { product_id: id }, { category: "Catalog", key: id });
 */
export function usePageTracking(
  pageName: string | undefined,
  properties?: Properties,
  { category, key }: PageTrackingOptions = {},
): void {
  const connection = useConnection();
  const recorded = useRef<unknown[]>([]);
  const shown = useRef(false);

  useEffect(() => {
    const view = [connection, pageName, category, key];
    const isNew = view.some((part, at) => part !== recorded.current[at]);
    if (isNew && pageName !== undefined) {
      recorded.current = view;
      connection.calls.page(category, pageName, properties);
    }
    shown.current = true;
    return () => {
      shown.current = false;
      // StrictMode comes back at once; whoever comes back later sees the page anew.
      queueMicrotask(() => {
        if (!shown.current) recorded.current = [];
      });
    };
  }, [connection, pageName, category, key]);
}
