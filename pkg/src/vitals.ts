/** Core Web Vitals as events, measured by the package `web-vitals`, which the shop installs. */
import {
  type MetricType,
  onCLS,
  onFCP,
  onINP,
  onLCP,
  onTTFB,
} from "web-vitals";
import type { AnalyticsBrowser } from "./front/analytics-browser";

/** The name of a metric. */
export type Vital = "CLS" | "FCP" | "INP" | "LCP" | "TTFB";

/** Which metrics to report. */
export interface VitalsOptions {
  /** All five by default. */
  metrics?: readonly Vital[];
}

const MEASURES: Record<Vital, (report: (metric: MetricType) => void) => void> =
  {
    CLS: onCLS,
    FCP: onFCP,
    INP: onINP,
    LCP: onLCP,
    TTFB: onTTFB,
  };

/** Clients that are told already: another call changes nothing. */
const told = new WeakSet<object>();

/** A layout shift score has four digits, a time is in whole milliseconds. */
function rounded({ name, value }: MetricType): number {
  return name === "CLS"
    ? Math.round(value * 10_000) / 10_000
    : Math.round(value);
}

/**
 * Records `Web Vitals` for each metric when its value is known: most when the page is hidden or
 * left. A value that has grown since is recorded again, with the same `metric_id`; a page from
 * the back/forward cache has metrics of its own. They are those of the document, whatever route
 * is shown by then: `document_path` says which page it was loaded as.
 */
export function reportVitals(
  analytics: Pick<AnalyticsBrowser, "track">,
  { metrics = ["CLS", "FCP", "INP", "LCP", "TTFB"] }: VitalsOptions = {},
): void {
  if (typeof document === "undefined" || told.has(analytics)) return;
  told.add(analytics);
  const { pathname } = location;
  for (const name of metrics) {
    MEASURES[name]((metric) => {
      void analytics.track("Web Vitals", {
        metric: metric.name,
        value: rounded(metric),
        rating: metric.rating,
        metric_id: metric.id,
        navigation_type: metric.navigationType,
        document_path: pathname,
      });
    });
  }
}
