import { tell } from "./tell";
import type { Watched } from "./watched";

/** Milliseconds from the first call to `load`: many times what a page's scripts take to run. */
const LOAD_MAX_MS = 5000;

/** Whether `load` was called, by the client. */
const known = new WeakMap<Watched, boolean>();

/** Warns if a client that has calls to make is not loaded for some seconds. */
export function expectLoad(client: Watched, isLoaded: boolean): void {
  const isNew = !known.has(client);
  if (isNew || isLoaded) known.set(client, isLoaded);
  if (!isNew || isLoaded) return;
  setTimeout(() => {
    if (known.get(client)) return;
    tell(
      `calls wait for load(), which was not called for ${LOAD_MAX_MS / 1000} s: call AnalyticsBrowser.load({ writeKey: "…" }) or initialize() in each page, with consent: "required" if it is to wait for the visitor's choice`,
    );
  }, LOAD_MAX_MS);
}
