/** A client that is switched off: loaded in place of the core, without side effects. */
import { Analytics } from "./analytics";
import type { Started } from "./started";
import type { AnalyticsBrowserSettings, InitOptions } from "../model/load";

/** Starts a client that records no events. */
export function startDisabled(
  settings: AnalyticsBrowserSettings,
  options: InitOptions,
): Started {
  const analytics = new Analytics(settings, options);
  return { analytics, begin: () => Promise.resolve() };
}
