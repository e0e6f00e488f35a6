/** Page views of a single-page app: on changes of route, and on return from the cache. */
import { listen, ofDocument } from "../base/platform";
import type { Call } from "../call/call";
import type { PageFacts } from "../page/page";
import type { PageLeft } from "./page-left";
import { whenRouteChanges } from "../page/route-changes";
import { whenRouteSettles } from "../page/settled-route";

/** The hash of a router that keeps its routes there. */
const ROUTE_IN_HASH = /^#!?\/.*/;

/** A route's identity: path, search, and the hash if the router uses it. */
function routeOf(href: string): string {
  const { pathname, search, hash } = new URL(href);
  return pathname + search + (ROUTE_IN_HASH.exec(hash)?.[0] ?? "");
}

/**
 * Records a page view for each route after `first`, the page of `load`; its referrer is the
 * previous route. A route that is left at once, as by a redirect, does not count. A page that
 * returns from the back/forward cache is viewed again, with the referrer it had. `make` makes the
 * call of a page view, or of a `Page Left` with the given properties; `record` records it; `left`,
 * if given, measures stays.
 */
export function autoPage(
  make: (stay?: object) => Call,
  record: (call: Call) => unknown,
  first: PageFacts,
  left?: PageLeft,
): void {
  let seen = first;
  let sinceMs: number | undefined;
  let endWait = () => {};

  const tellLeft = (stay: object | undefined, nowMs: number) => {
    if (stay) record({ ...make(stay), nowMs, page: seen });
  };
  const view = (nowMs: number, from: string) => {
    const agoMs = Math.max(+new Date() - nowMs, 0);
    tellLeft(left?.end(agoMs), nowMs);
    const call = make();
    const [href, path, search, title, , ...canonical] = call.page;
    seen = [href, path, search, title, from, ...canonical];
    record({ ...call, nowMs, page: seen });
    left?.begin(agoMs);
  };
  const settle = () => {
    endWait();
    const beganMs = sinceMs;
    sinceMs = undefined;
    const [before] = seen;
    if (beganMs === undefined || routeOf(before) === routeOf(location.href)) {
      return;
    }
    view(beganMs, before);
  };
  const changed = () => {
    endWait();
    if (routeOf(seen[0]) === routeOf(location.href)) {
      sinceMs = undefined;
      return;
    }
    // The event has the time of the change; the title often comes after it.
    sinceMs ??= +new Date();
    endWait = whenRouteSettles(settle);
  };

  whenRouteChanges(changed);
  // Runs before the client's own listeners, so that the event is sent with the rest.
  for (const type of ["pagehide", "visibilitychange"] as const) {
    const leave = () => {
      settle();
      // A page is still visible at its `pagehide`.
      if (type === "pagehide" || ofDocument("visibilityState") === "hidden") {
        tellLeft(left?.hide(), +new Date());
      }
    };
    listen(type, leave, true);
  }
  listen("pageshow", ({ persisted }) => {
    if (persisted) view(+new Date(), seen[4]);
  });
  // The route may have changed since `load`.
  changed();
}
