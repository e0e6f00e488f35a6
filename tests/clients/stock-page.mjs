// Runs in Chromium: a stock analytics-next with only its hosts and protocol changed.
import { AnalyticsBrowser } from "@segment/analytics-next";

const asked = new URLSearchParams(location.hash.slice(1));
const host = asked.get("host");
const segment = { apiHost: `${host}/v1`, protocol: "http" };
if (asked.get("strategy") === "batching") {
  segment.deliveryStrategy = {
    strategy: "batching",
    config: { size: 6, timeout: 1000 },
  };
}

window.analytics = AnalyticsBrowser.load(
  { writeKey: "demo-browser-key", cdnURL: `http://${host}` },
  { integrations: { "Segment.io": segment } },
);
