import { useEffect, useRef } from "react";
import { ROUTE_SETTLES_MS } from "../base/limits";
import { redactUrl } from "../page/page";
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
    // Waits, as the title often changes after the route. The event keeps the time of the change.
    const timer = setTimeout(view, ROUTE_SETTLES_MS);
    // Capturing, to run before the client's own listener: the event is sent with the rest.
    addEventListener("pagehide", view, true);
    return end;
  }, [connection, route]);
}
