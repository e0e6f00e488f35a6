/** Records Core Web Vitals as events; the shop installs the package `web-vitals`. */
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

/** Options of {@link reportVitals}. */
export interface VitalsOptions {
  /** The metrics to report; all five by default. */
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

/** Clients that get reports already: a second call has no effect. */
const told = new WeakSet<object>();

/** Rounds a layout shift score to four digits, and a time to milliseconds. */
function rounded({ name, value }: MetricType): number {
  return name === "CLS"
    ? Math.round(value * 10_000) / 10_000
    : Math.round(value);
}

/**
 * Records an event `Web Vitals` for each metric once its value is known, mostly when the page is
 * hidden or left. A value that grows later is recorded again with the same `metric_id`; a page
 * from the back/forward cache gets new metrics. Metrics belong to the document, not to the route
 * that is shown at the time: `document_path` is the path with which it was loaded.
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
