/** The part of the Navigation API that is used; TypeScript does not know it yet. */
interface Navigation {
  addEventListener(type: "currententrychange", listener: () => void): void;
}

/**
 * Calls `changed` when the page's address may have changed without a new page: by the Navigation
 * API, or where there is none by taking note of what is done to the history.
 */
export function whenRouteChanges(changed: () => void): void {
  const { navigation } = globalThis as { navigation?: Navigation };
  if (navigation) {
    navigation.addEventListener("currententrychange", changed);
    return;
  }
  for (const method of ["pushState", "replaceState"] as const) {
    const own = history[method];
    history[method] = function (this: History, ...args) {
      own.apply(this, args);
      changed();
    };
  }
  addEventListener("popstate", changed);
  addEventListener("hashchange", changed);
}
