/** Page views of a single-page app: its changes of route, and its coming back from the cache. */
import type { Call } from "./call";
import { ROUTE_SETTLES_MS } from "./limits";
import type { PageFacts } from "./page";
import { whenRouteChanges } from "./route-changes";

/** The hash of a router that keeps its routes there. */
const ROUTE_IN_HASH = /^#!?\/.*/;

/** What makes a route another one: path, search, and a hash that is one. */
function routeOf(href: string): string {
  const { pathname, search, hash } = new URL(href);
  return pathname + search + (ROUTE_IN_HASH.exec(hash)?.[0] ?? "");
}

/**
 * Records a page view for each route that the page comes to after `first`, the page of `load`;
 * its referrer is the route before. What is left again at once, as by a redirect, is none. A
 * page that comes back from the back/forward cache is viewed again, with the referrer it had.
 * `make` makes the call of a page view, and `record` records it.
 */
export function autoPage(
  make: () => Call,
  record: (call: Call) => unknown,
  first: PageFacts,
): void {
  let seen = first;
  let sinceMs: number | undefined;
  let timer: ReturnType<typeof setTimeout>;

  const view = (nowMs: number, from: string) => {
    const call = make();
    const [href, path, search, title, , ...canonical] = call.page;
    seen = [href, path, search, title, from, ...canonical];
    record({ ...call, nowMs, page: seen });
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
  addEventListener("pagehide", settle, true);
  addEventListener("visibilitychange", settle, true);
  addEventListener("pageshow", ({ persisted }) => {
    if (persisted) view(Date.now(), seen[4]);
  });
  // The route may have changed since `load`.
  changed();
}
