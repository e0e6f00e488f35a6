import { useEffect, useRef } from "react";
import { ROUTE_SETTLES_MS } from "../base/limits";
import { redactUrl } from "../page/page";
import type { Connection } from "./connection";
import type { Properties } from "./segment-client";
import { useConnection } from "./segment-context";

/** Properties of the `PageViews` of each router. */
export interface PageViewsProps {
  /** More properties of each page view, or what makes them when the route is there. */
  properties?: Properties | (() => Properties) | undefined;
}

/** A page view that was recorded. */
interface View {
  connection: Connection;
  route: string;
  href: string;
}

/**
 * Records a page view when `route` is shown first and whenever it changes, with the route before
 * as its referrer. A route that is left again at once, as by a redirect, is none; nor are
 * effects that React runs twice. Without a route there is no page yet.
 */
export function useRouteViews(
  route: string | undefined,
  { properties }: PageViewsProps,
): void {
  const connection = useConnection();
  const last = useRef<View>(undefined);
  const made = useRef(properties);
  made.current = properties;

  useEffect(() => {
    const before = last.current;
    const isSame = before?.connection === connection && before.route === route;
    if (route === undefined || isSame) return;
    const timestamp = new Date();
    const view = () => {
      end();
      const { current: given } = made;
      last.current = { connection, route, href: location.href };
      const properties = {
        ...(before && { referrer: redactUrl(before.href) }),
        ...(typeof given === "function" ? given() : given),
      };
      connection.calls.page(undefined, undefined, properties, { timestamp });
    };
    const end = () => {
      clearTimeout(timer);
      removeEventListener("pagehide", view, true);
    };
    // The event has the time of the change; the title often comes after it.
    const timer = setTimeout(view, ROUTE_SETTLES_MS);
    // Before the client's own listener, so that it is sent with the rest.
    addEventListener("pagehide", view, true);
    return end;
  }, [connection, route]);
}
