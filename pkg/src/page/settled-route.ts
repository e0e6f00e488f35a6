import { listen } from "../base/platform";
import { ROUTE_SETTLES_MS } from "../base/limits";

/**
 * Calls `settled` once, when a new route has stood for {@link ROUTE_SETTLES_MS}, as the title often
 * changes after it, or when the page is left before. Returns a function that ends the wait.
 */
export function whenRouteSettles(settled: () => void): () => void {
  const end = () => {
    clearTimeout(timer);
    removeEventListener("pagehide", settle, true);
  };
  const settle = () => {
    end();
    settled();
  };
  const timer = setTimeout(settle, ROUTE_SETTLES_MS);
  // Capturing, to run before the client's own listener: the event is sent with the rest.
  listen("pagehide", settle, true);
  return end;
}
