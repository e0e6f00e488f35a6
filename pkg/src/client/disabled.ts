/** A client that is switched off: fetched in place of the core, and touches nothing. */
import { Analytics } from "./analytics";
import type { Started } from "./started";
import type { AnalyticsBrowserSettings, InitOptions } from "../model/load";

/** Starts a client that records nothing. */
export function startDisabled(
  settings: AnalyticsBrowserSettings,
  options: InitOptions,
): Started {
  const analytics = new Analytics(settings, options);
  return { analytics, begin: () => Promise.resolve() };
}
