import { useEffect, useRef } from "react";
import type { Properties } from "./segment-client";
import { useConnection } from "./segment-context";

/** Options of {@link usePageTracking}. */
export interface PageTrackingOptions {
  /** The page's category. */
  category?: string | undefined;
  /**
   * Tells pages apart that share a name and a mounted component: a product's id, or the path.
   */
  key?: string | number | undefined;
}

/**
 * Records a page view when the component is mounted, and another when the name, category or key
 * changes. A change of the properties alone records none, nor does an effect that React runs
 * twice. Without a name it records none yet.
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
      // StrictMode mounts again at once; a later mount is a new page view.
      queueMicrotask(() => {
        if (!shown.current) recorded.current = [];
      });
    };
    // eslint-disable-next-line react-hooks/exhaustive-deps -- properties alone make no new view
  }, [connection, pageName, category, key]);
}
