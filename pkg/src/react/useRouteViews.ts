import { useEffect, useInsertionEffect, useRef } from "react";
import { redactUrl } from "../page/page";
import { whenRouteSettles } from "../page/settled-route";
import type { Connection } from "./connection";
import type { Properties } from "./segment-client";
import { useConnection } from "./segment-context";

/** Properties of each router's `PageViews`. */
export interface PageViewsProps {
  /** More properties of each page view, or a function that makes them once the route is shown. */
  properties?: Properties | (() => Properties) | undefined;
}

/** A recorded page view. */
interface View {
  connection: Connection;
  route: string;
  href: string;
}

/**
 * Records a page view when `route` is first shown and whenever it changes, with the previous
 * address as its referrer. A route that is left at once (by a redirect) does not count, nor does
 * an effect that React runs twice. Without a route it records none yet.
 */
export function useRouteViews(
  route: string | undefined,
  { properties }: PageViewsProps,
): void {
  const connection = useConnection();
  const last = useRef<View>(undefined);
  const made = useRef(properties);
  useInsertionEffect(() => {
    made.current = properties;
  });

  useEffect(() => {
    const before = last.current;
    const isSame = before?.connection === connection && before.route === route;
    if (route === undefined || isSame) return;
    const timestamp = new Date();
    return whenRouteSettles(() => {
      const { current: given } = made;
      last.current = { connection, route, href: location.href };
      const properties = {
        ...(before && { referrer: redactUrl(before.href) }),
        ...(typeof given === "function" ? given() : given),
      };
      // The event has the time of the change.
      connection.calls.page(undefined, undefined, properties, { timestamp });
    });
  }, [connection, route]);
}
