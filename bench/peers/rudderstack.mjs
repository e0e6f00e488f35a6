// The default entry fetches plugins from RudderStack's hosts; this one contains them.
import { RudderAnalytics } from "@rudderstack/analytics-js/bundled";

let analytics;

/** @param {string} host the collector's `host:port` */
export function start(host) {
  analytics = new RudderAnalytics();
  analytics.load("bench", `http://${host}`, { configUrl: `http://${host}` });
}

/** @param {string} name @param {object} [properties] */
export function track(name, properties) {
  analytics.track(name, properties);
}
