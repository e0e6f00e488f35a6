import type { SegmentioSettings } from "../model/delivery";
import type { AnalyticsBrowserSettings, InitOptions } from "../model/load";
import type { CDNSettings } from "../model/source-settings";

/** Names by which a page means the API's address, and `apiHost` where it does not belong. */
const OF_ADDRESS = /^(api(?!key$)|host|url|endpoint)/i;

const isObject = (given: unknown) =>
  given && typeof given === "object" && !Array.isArray(given);

/**
 * What `load` says of Segment. If that is not understood, or the API's address seems to stand under
 * another name, no address is known: events must not go to a host that the page did not mean.
 */
export function segmentOfLoad(
  settings: AnalyticsBrowserSettings,
  options: InitOptions,
): SegmentioSettings {
  const all = options.integrations ?? {};
  const { "Segment.io": given = true } = all;
  const own: SegmentioSettings = typeof given === "boolean" ? {} : given;
  const said: Record<string, unknown> = { ...settings, ...options, ...own };
  const isUnsure =
    !isObject(all) ||
    !isObject(own) ||
    (own.apiHost === undefined &&
      Object.keys(said).some(
        (name) => OF_ADDRESS.test(name) && said[name] !== undefined,
      ));
  return isUnsure ? { apiHost: "" } : own;
}

/** Merges the Segment settings of the source and of `load`; the source's `httpConfig` wins. */
export function mergedSegment(
  cdn: CDNSettings,
  settings: AnalyticsBrowserSettings,
  options: InitOptions,
): SegmentioSettings {
  const ofSource = (cdn.integrations?.["Segment.io"] ??
    {}) as SegmentioSettings;
  const ofLoad = segmentOfLoad(settings, options);
  return {
    ...ofSource,
    ...ofLoad,
    httpConfig: { ...ofLoad.httpConfig, ...ofSource.httpConfig },
  };
}

/** Whether events go to Segment by default; an event's own `integrations` may differ. */
export function sendsToSegment({ integrations }: InitOptions): boolean {
  const segment = integrations?.["Segment.io"];
  return segment !== false && (integrations?.All !== false || !!segment);
}
