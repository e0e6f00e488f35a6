/** The used part of the Navigation API, which TypeScript does not declare yet. */
interface Navigation {
  addEventListener(type: "currententrychange", listener: () => void): void;
}

/**
 * Calls `changed` when the address may have changed within the same document: through the
 * Navigation API or, if the browser lacks it, by watching the history.
 */
export function whenRouteChanges(changed: () => void): void {
  const { navigation } = globalThis as { navigation?: Navigation };
  if (navigation) {
    navigation.addEventListener("currententrychange", changed);
    return;
  }
  for (const method of ["pushState", "replaceState"] as const) {
    // eslint-disable-next-line @typescript-eslint/unbound-method -- applied to its object below
    const own = history[method];
    history[method] = function (this: History, ...args) {
      own.apply(this, args);
      changed();
    };
  }
  addEventListener("popstate", changed);
  addEventListener("hashchange", changed);
}
