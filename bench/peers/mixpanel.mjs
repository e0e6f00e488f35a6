// The smallest loader, without the session recorder.
import mixpanel from "mixpanel-browser/src/loaders/loader-module-core";

/** @param {string} host the collector's `host:port` */
export function start(host) {
  mixpanel.init("bench", {
    api_host: `http://${host}`,
    autocapture: false,
    track_pageview: false,
  });
}

/** @param {string} name @param {object} [properties] */
export function track(name, properties) {
  mixpanel.track(name, properties);
}
