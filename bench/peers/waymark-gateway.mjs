import { AnalyticsBrowser } from "waymark";

let analytics;

/** @param {string} host the collector's `host:port` */
export function start(host) {
  analytics = AnalyticsBrowser.load(
    { writeKey: "demo-browser-key" },
    {
      gateway: true,
      integrations: {
        "Segment.io": { apiHost: `${host}/v1`, protocol: "http" },
      },
    },
  );
}

/** @param {string} name @param {object} [properties] */
export function track(name, properties) {
  void analytics.track(name, properties);
}
