import { LOAD_LATE_MS } from "../base/limits";
import { tell } from "./tell";
import type { Watched } from "./watched";

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
      `calls wait for load(), which was not called for ${LOAD_LATE_MS / 1000} s: call AnalyticsBrowser.load({ writeKey: "…" }) or initialize() in each page, with consent: "required" if it is to wait for the visitor's choice`,
    );
  }, LOAD_LATE_MS);
}
