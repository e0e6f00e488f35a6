import { jitsuAnalytics } from "@jitsu/js";

let analytics;

/** @param {string} host the collector's `host:port` */
export function start(host) {
  analytics = jitsuAnalytics({ host: `http://${host}`, writeKey: "bench:key" });
}

/** @param {string} name @param {object} [properties] */
export function track(name, properties) {
  // An event that cannot be sent rejects.
  analytics.track(name, properties).catch(() => {});
}
