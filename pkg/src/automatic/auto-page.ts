/** Page views of a single-page app: its changes of route, and its coming back from the cache. */
import type { Call } from "../call/call";
import { ROUTE_SETTLES_MS } from "../base/limits";
import type { PageFacts } from "../page/page";
import type { PageLeft } from "./page-left";
import { whenRouteChanges } from "../page/route-changes";

/** The hash of a router that keeps its routes there. */
const ROUTE_IN_HASH = /^#!?\/.*/;

/** The route of an address: path, search, and a hash that is a route. */
function routeOf(href: string): string {
  const { pathname, search, hash } = new URL(href);
  return pathname + search + (ROUTE_IN_HASH.exec(hash)?.[0] ?? "");
}

/**
 * Records a page view for each route that the page comes to after `first`, the page of `load`;
 * its referrer is the route before. A route that is left again at once, as by a redirect, does not count. A
 * page that comes back from the back/forward cache is viewed again, with the referrer it had.
 * `make` makes the call of a page view, or of a `Page Left` with these properties, and `record`
 * records it; `left`, where there is one, measures stays.
 */
export function autoPage(
  make: (stay?: object) => Call,
  record: (call: Call) => unknown,
  first: PageFacts,
  left?: PageLeft,
): void {
  let seen = first;
  let sinceMs: number | undefined;
  let timer: ReturnType<typeof setTimeout>;

  const tellLeft = (stay: object | undefined, nowMs: number) => {
    if (stay) record({ ...make(stay), nowMs, page: seen });
  };
  const view = (nowMs: number, from: string) => {
    const agoMs = Math.max(Date.now() - nowMs, 0);
    tellLeft(left?.end(agoMs), nowMs);
    const call = make();
    const [href, path, search, title, , ...canonical] = call.page;
    seen = [href, path, search, title, from, ...canonical];
    record({ ...call, nowMs, page: seen });
    left?.begin(agoMs);
  };
  const settle = () => {
    clearTimeout(timer);
    const beganMs = sinceMs;
    sinceMs = undefined;
    const [before] = seen;
    if (beganMs === undefined || routeOf(before) === routeOf(location.href)) {
      return;
    }
    view(beganMs, before);
  };
  const changed = () => {
    clearTimeout(timer);
    if (routeOf(seen[0]) === routeOf(location.href)) {
      sinceMs = undefined;
      return;
    }
    // The event has the time of the change; the title often comes after it.
    sinceMs ??= Date.now();
    timer = setTimeout(settle, ROUTE_SETTLES_MS);
  };

  whenRouteChanges(changed);
  // Before the client's own listeners, so that it is sent with the rest.
  for (const type of ["pagehide", "visibilitychange"]) {
    const leave = () => {
      settle();
      // A page that is left is still visible when it is told so.
      if (type === "pagehide" || document.visibilityState === "hidden") {
        tellLeft(left?.hide(), Date.now());
      }
    };
    addEventListener(type, leave, true);
  }
  addEventListener("pageshow", ({ persisted }) => {
    if (persisted) view(Date.now(), seen[4]);
  });
  // The route may have changed since `load`.
  changed();
}
