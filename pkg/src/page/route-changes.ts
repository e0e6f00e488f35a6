import { listen } from "../base/platform";

/** The used part of the Navigation API, which TypeScript does not declare yet. */
interface RouteNavigation {
  addEventListener(type: "currententrychange", listener: () => void): void;
}

/** The Navigation API; a page or an element may have taken the name. */
function navigationOfBrowser(): RouteNavigation | undefined {
  try {
    const { navigation } = globalThis as unknown as {
      navigation?: RouteNavigation;
    };
    const kind = Object.prototype.toString.call(navigation);
    return kind === "[object Navigation]" ? navigation : undefined;
  } catch {
    return undefined; // What stands in for it throws when it is read.
  }
}

/**
 * Calls `changed` when the address may have changed within the same document: through the
 * Navigation API or, if the browser lacks it, by watching the history.
 */
export function whenRouteChanges(changed: () => void): void {
  const navigation = navigationOfBrowser();
  if (navigation) {
    navigation.addEventListener("currententrychange", changed);
    return;
  }
  const { history } = globalThis;
  for (const method of ["pushState", "replaceState"] as const) {
    // eslint-disable-next-line @typescript-eslint/unbound-method -- applied to its object below
    const own = history[method];
    history[method] = function (this: History, ...args) {
      own.apply(this, args);
      changed();
    };
  }
  listen("popstate", changed);
  listen("hashchange", changed);
}
